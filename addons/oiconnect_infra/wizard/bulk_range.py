from odoo import api, fields, models

from odoo.addons.oiconnect_base.plural import plural


class BulkRange(models.TransientModel):
    """Change or delete fibres of a cable, or positions of a module, by ranks."""

    _name = "oiconnect.bulk.range"
    _description = "Change a range"
    _inherit = "oiconnect.bulk"
    _preview_depends = ("cable_id", "module_id", "operation", "first", "last", "pbo_id")

    cable_id = fields.Many2one("oiconnect.pbo.cable")
    module_id = fields.Many2one("oiconnect.pm.module")
    pm_id = fields.Many2one("oiconnect.pm", compute="_compute_pm_id")
    operation = fields.Selection(
        [("assign", "Give them to a PBO"), ("delete", "Delete them")],
        default="assign",
        required=True,
    )
    first = fields.Integer("From number", default=1, required=True)
    last = fields.Integer("To number", required=True)
    pbo_id = fields.Many2one(
        "oiconnect.pbo",
        "PBO",
        domain="[('pm_id', '=', pm_id)]",
        help="Empty: they end at no PBO",
    )

    @api.depends("cable_id", "module_id")
    def _compute_pm_id(self):
        for wizard in self:
            wizard.pm_id = wizard.cable_id.pm_id or wizard.module_id.pm_id

    def _records(self):
        """Return the fibres or positions of the range, in the order of the list."""
        model, parent = (
            ("oiconnect.pbo.fibre", "cable_id")
            if self.cable_id
            else ("oiconnect.pm.position", "module_id")
        )
        return self.env[model].search(
            [(parent, "=", self[parent].id)],
            offset=max(self.first, 1) - 1,
            limit=max(self.last - self.first + 1, 0) or None,
        )

    def _summary(self):
        records = self._records()
        names = self._named(records.mapped("display_name"))
        if self.operation == "delete":
            return self.env._(
                "%(count)s will be deleted for good: %(names)s.",
                count=len(records),
                names=names,
            )
        pbo = self.pbo_id.reference or self.env._("no PBO")
        values = {"count": len(records), "pbo": pbo, "names": names}
        return plural(
            self.env,
            len(records),
            self.env._("One fibre will end at %(pbo)s: %(names)s.", **values),
            self.env._("%(count)s fibres will end at %(pbo)s: %(names)s.", **values),
        )

    def _conflicts(self):
        if not 1 <= self.first <= self.last:
            return [self.env._("Give the first and the last number, from 1 on.")]
        records = self._records()
        if len(records) < self.last - self.first + 1:
            return [
                self.env._(
                    "There are only %(count)s from number %(first)s on: end the range "
                    "earlier.",
                    count=len(records),
                    first=self.first,
                )
            ]
        if self.operation == "delete":
            return [self._delete_conflict(records)]
        return [self._pbo_conflict(), self._held_conflict(records)]

    def _delete_conflict(self, records):
        if not records.has_access("unlink"):
            return self.env._("Only a manager of the infrastructure deletes: ask one.")
        used = self._on_positions(records) | records.browse(
            {
                record.id
                for relation in records._used_by_fields
                for record in records.sudo()._count_neighbours(relation)
            }
        )
        return bool(used) and self.env._(
            "These are in use: %s. Free them first, or choose another range.",
            self._named(used.sorted().mapped("display_name")),
        )

    def _on_positions(self, records):
        """Return the fibres that a position of a module is on."""
        if not self.cable_id:
            return records.browse()
        places = {
            (position.tube, position.fibre) for position in self.cable_id.position_ids
        }
        return records.filtered(lambda fibre: (fibre.tube, fibre.fibre) in places)

    def _pbo_conflict(self):
        if not self.cable_id:
            return self.env._("Only fibres of a cable end at a PBO.")
        return bool(self.pbo_id.pm_id - self.pm_id) and self.env._(
            "PBO %(pbo)s is not at PM %(pm)s of the cable: choose another.",
            pbo=self.pbo_id.reference,
            pm=self.pm_id.reference,
        )

    def _held_conflict(self, records):
        """Return the conflict with routes of customers that would change their PBO."""
        if not self.cable_id:
            return False
        held = self.env["oiconnect.route"].search(
            [
                ("fibre_id", "in", records.ids),
                ("state", "in", ("reserved", "used")),
                ("pbo_id", "!=", self.pbo_id.id),
            ]
        )
        return bool(held) and self.env._(
            "Operators hold the routes of these fibres: %s. Choose another range.",
            self._named(held.fibre_id.sorted().mapped("display_name")),
        )

    def _apply(self):
        records = self._records()
        if self.operation == "delete":
            records.unlink()
        else:
            records.write({"pbo_id": self.pbo_id.id})
