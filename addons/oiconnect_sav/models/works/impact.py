from odoo import models
from odoo.tools import SQL


class Works(models.Model):
    """Lines that works interrupt: those through the part that they are on."""

    _inherit = "oiconnect.works"
    _place_fields = ("pm_id", "equipment", "technical_pm_ids", "pbo_ids")

    def _impacted_route_ids(self):
        """Return the ids of the routes through the part of the PM.

        Works on the cables of a riser whose PBOs are not known may be on any of the
        PM's.
        """
        self.ensure_one()
        if self.equipment == "technical_pm":
            return self._route_ids_of_technical_pms()
        if self.equipment == "pm" or not self.pbo_ids:
            return self._route_ids_of_pm(self.pm_id)
        return self._route_ids_through([("pbo", id_) for id_ in self.pbo_ids.ids])

    def _route_ids_of_technical_pms(self):
        self.env["oiconnect.route"].flush_model(["module_id"])
        self.env["oiconnect.pm.module"].flush_model(["technical_pm_id"])
        self.env.cr.execute(
            SQL(
                """
                SELECT route.id FROM oiconnect_route route
                JOIN oiconnect_pm_module module ON module.id = route.module_id
                WHERE module.technical_pm_id = ANY(%s)
                """,
                self.technical_pm_ids.ids,
            )
        )
        return [route_id for (route_id,) in self.env.cr.fetchall()]
