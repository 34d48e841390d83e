from odoo import models


class Incident(models.Model):
    """Lines that an incident interrupts: those through its point."""

    _name = "oiconnect.incident"
    _inherit = ["oiconnect.incident", "oiconnect.impact.mixin"]
    _place_fields = ("point", "pm_id", "module_id", "cable_id", "tube", "pbo_id")

    def _impacted_route_ids(self):
        """Return the ids of the routes through the point of the incident.

        A PM is the column of its routes; other points are followed by the trace.
        """
        self.ensure_one()
        if self.point == "pm":
            return self._route_ids_of_pm(self.pm_id)
        return self._route_ids_through(self._points())

    def _points(self):
        """Return what the trace starts from: ``[(kind, id)]``."""
        named = {
            "pbo": [("pbo", self.pbo_id.id)],
            "tube": [("tube", (self.cable_id.id, self.tube))],
            "cable": [("cable", self.cable_id.id)],
            "module": [("module", self.module_id.id)],
        }[self.point]
        has_point = self.pbo_id or self.cable_id or self.module_id
        return named if has_point else []
