from odoo import fields, models

from odoo.addons.oiconnect_base.files import uploaded

from ..models.zones.zone_file import MAX_PROBLEMS


class ZoneImport(models.TransientModel):
    """Take in the zones of a GeoJSON file: all of them, or none."""

    _name = "oiconnect.zone.import"
    _description = "Import of zones"

    network_id = fields.Many2one(
        "oiconnect.network",
        required=True,
        default=lambda self: self.env["oiconnect.network"]._default_network(),
    )
    file = fields.Binary("GeoJSON file", required=True, attachment=False)
    file_name = fields.Char()
    reference_property = fields.Char(
        "Property that names the PM",
        help="Empty: the first of ReferencePM, reference_pm, pm and reference",
    )
    problems = fields.Text(readonly=True)

    def action_import(self):
        """Give PMs the zones of the file; show all that is wrong if anything is."""
        self.ensure_one()
        zones = self.env["oiconnect.zone"]
        zones.check_access("write")
        found, problems = zones._read_file(
            uploaded(self), self.network_id, self.reference_property
        )
        if problems:
            self.problems = self._problems_text(problems)
            return self._reopened()
        zones._put(found, "imported")
        return self._done(len(found))

    def _problems_text(self, problems):
        lines = problems[:MAX_PROBLEMS]
        more = len(problems) - len(lines)
        if more:
            lines.append(self.env._("… other problems: %s.", more))
        return "\n".join(lines)

    def _reopened(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import zones"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _done(self, number):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Zones imported: %s.", number),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class ZoneExport(models.TransientModel):
    """File of zones that its user downloads."""

    _name = "oiconnect.zone.export"
    _description = "Export of zones"

    file = fields.Binary(attachment=False, readonly=True)
