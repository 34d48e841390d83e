from odoo import api, fields, models

MAX_REFERENCES = 5000


class PtoGeneration(models.TransientModel):
    """Make PTOs with new references: those of a building, or a lot for labels."""

    _name = "oiconnect.pto.generation"
    _description = "Generate PTO references"
    _inherit = ["oiconnect.bulk", "oiconnect.network.choice.mixin"]
    _preview_depends = (
        "target",
        "building_id",
        "by_level",
        "count",
        "network_id",
        "name",
    )

    target = fields.Selection(
        [
            ("building", "The sockets of a building"),
            ("lot", "A lot of references, e.g. for labels"),
        ],
        "What for",
        default="building",
        required=True,
    )
    building_id = fields.Many2one("oiconnect.building")
    by_level = fields.Boolean(
        "By level", help="As many as there are dwellings on each level"
    )
    count = fields.Integer(
        "Quantity",
        compute="_compute_count",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    name = fields.Char("Name of the lot", size=80)

    @api.depends("building_id", "by_level", "target")
    def _compute_count(self):
        for wizard in self:
            if wizard.target == "lot":
                wizard.count = wizard.count or 100
            else:
                wizard.count = len(wizard._missing())

    def _missing(self):
        """Return the values of one PTO for each dwelling that has none."""
        building = self.building_id
        if not building:
            return []
        if not self.by_level:
            left = building.dwelling_count - len(building.pto_ids)
            pbos = building.pbo_ids
            return [{"pbo_id": len(pbos) == 1 and pbos.id} for _rank in range(left)]
        return [
            {"level_id": level.id, "pbo_id": level.pbo_id.id}
            for level in building.level_ids
            for _rank in range(level.dwelling_count - len(level.pto_ids))
        ]

    def _summary(self):
        if self.target == "lot":
            return self.env._(
                "References %(prefix)s-XXXX-XXXX kept in lot %(lot)s, given to nobody "
                "else: %(count)s.",
                count=self.count,
                prefix=self.network_id.pto_prefix,
                lot=self.name,
            )
        return self.env._(
            "Sockets to build in building %(building)s, with references "
            "%(prefix)s-XXXX-XXXX: %(count)s.",
            count=self.count,
            building=self.building_id.display_name,
            prefix=self.network_id.pto_prefix,
        )

    def _conflicts(self):
        if self.target == "lot":
            return [self._number_conflict() or self._lot_conflict()]
        return [self._building_conflict() or self._number_conflict()]

    def _number_conflict(self):
        return not 1 <= self.count <= MAX_REFERENCES and self.env._(
            "Generate 1 to %s references.", MAX_REFERENCES
        )

    def _lot_conflict(self):
        return not self.name and self.env._("Give the lot a name.")

    def _building_conflict(self):
        building = self.building_id
        if not building:
            return self.env._("Choose the building.")
        if self.by_level and not building.level_ids:
            return self.env._(
                "Building %s has no levels: add them first, or give a number.",
                building.display_name,
            )
        if not self._missing():
            return self.env._(
                "All dwellings of building %(building)s have a socket: %(names)s.",
                building=building.display_name,
                names=self._named(building.pto_ids.mapped("reference")),
            )
        return self.count > len(self._missing()) and self.env._(
            "Dwellings without a socket in building %(building)s: %(count)s. "
            "Generate no more, or correct its dwellings.",
            building=building.display_name,
            count=len(self._missing()),
        )

    def _contended(self):
        """Return the building: each of its dwellings gets one PTO."""
        return self.building_id if self.target == "building" else super()._contended()

    def _apply(self):
        lots = self.env["oiconnect.pto.lot"]
        references = lots._new_references(self.network_id, self.count)
        if self.target == "lot":
            lot = lots.sudo().create(
                {
                    "name": self.name,
                    "network_id": self.network_id.id,
                    "count": self.count,
                    "references": "\n".join(references),
                }
            )
            # Of a company of the user
            lot.with_env(self.env).check_access("write")
            return self._open(lot)
        return self._open(
            self.env["oiconnect.pto"].create(
                [
                    {
                        "reference": reference,
                        "building_id": self.building_id.id,
                        "network_id": self.network_id.id,
                        **place,
                    }
                    for reference, place in zip(
                        references, self._missing()[: self.count], strict=True
                    )
                ]
            )
        )

    def _open(self, records):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Generated references"),
            "res_model": records._name,
            "domain": [("id", "in", records.ids)],
            "views": [(False, "list"), (False, "form")]
            if records._name == "oiconnect.pto"
            else [(False, "form")],
            "res_id": records.id if len(records) == 1 else False,
        }
