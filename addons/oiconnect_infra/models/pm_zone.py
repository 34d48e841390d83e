from odoo import fields, models


class Pm(models.Model):
    """Rear zone of a PM."""

    _inherit = "oiconnect.pm"

    # One at most
    zone_ids = fields.One2many("oiconnect.zone", "pm_id", "Rear zone", copy=False)

    def action_view_zone(self):
        """Open the zone of the PM; make it around its buildings if there is none."""
        self.ensure_one()
        zones = self.env["oiconnect.zone"]
        if not self.zone_ids and zones.has_access("create"):
            zones.sudo()._follow_buildings(self.ids)
            self.invalidate_recordset(["zone_ids"])
        return self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_infra.zone_action"
        ) | {
            "domain": [("pm_id", "=", self.id)],
            "context": {"default_pm_id": self.id},
        }
