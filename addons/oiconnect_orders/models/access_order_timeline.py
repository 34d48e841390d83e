from odoo import api, models
from odoo.tools import format_datetime

from odoo.addons.oiconnect_base.models.timeline_mixin import (
    BAD,
    ENDED,
    GOOD,
    NEUTRAL,
)

VISIT_STYLES = {
    "done": GOOD,
    "customer_absent": BAD,
    "cancelled": ENDED,
    "expired": ENDED,
}


class AccessOrder(models.Model):
    """Visits are part of the story of an order."""

    _inherit = "oiconnect.access.order"

    _timeline_styles = {
        "delivered": GOOD,
        "in_service": GOOD,
        "ar_ko": BAD,
        "cr_ko": BAD,
        "connect_ko": BAD,
        "mad_ko": BAD,
        "cancelled": ENDED,
        "overwritten": ENDED,
        "terminated": ENDED,
    }

    @api.model
    def _timeline_kinds(self):
        visit = ("fa-calendar", self.env._("Appointment"))
        return {"visit": visit} | super()._timeline_kinds()

    def _timeline_entries(self):
        return [*super()._timeline_entries(), *self._visit_entries()]

    @api.model
    def _reason_label(self, code):
        return code and (self.env["oiconnect.reason"]._of(code).display_name or code)

    # ------------------------------------------------------------------
    # Appointments
    # ------------------------------------------------------------------

    def _visit_entries(self):
        for visit in self.appointment_ids:
            last = visit.step_ids.sorted("id")[-1:]
            for step in visit.step_ids:
                yield self._visit_entry(visit, step, step == last)

    def _visit_entry(self, visit, step, is_last):
        """The slot is told where it is the one that was agreed on: at the end."""
        slot = is_last and format_datetime(self.env, visit.start, dt_format="short")
        return self._entry(
            "visit",
            step,
            step.date,
            self.env._("Appointment: %s", visit._event_label(step.event)),
            slot,
            self._may_tell(step, "note"),
            style=VISIT_STYLES.get(step.target, NEUTRAL),
            who=self._entry_author(step),
            links=[self._entry_link(visit, visit.reference)],
        )
