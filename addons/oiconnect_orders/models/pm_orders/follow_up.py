from odoo import models

from odoo.addons.oiconnect_base.delays.clock import Delays

from ...pm_order_states import SETTLED


class PmOrder(models.Model):
    """Follow-up of a PM order: delays, work list and timeline."""

    _inherit = "oiconnect.pm.order"

    _delays = Delays(
        running={
            "ar_ok": "pm_report",
            "delivered": "pm_report_receipt",
            "mad_ko": "pm_report",
            "announced": "pm_manager",
        },
        columns=("kind", "purpose", "pm_id", "service_id"),
        starts={"pm_report": "receipt_date", "pm_report_receipt": "delivered_date"},
        answers={"acknowledge": "receipt", "refuse_receipt": "receipt"},
        dropped_in=("cancelled", "terminated", "withdrawn"),
    )
    _todo_group = "oiconnect_base.group_pm_order_user"
    _free_text_groups = "oiconnect_base.group_pm_order_read"

    def _running_kind(self):
        """Only who works inside a building has a manager to inform."""
        kind = super()._running_kind()
        outdoors = self.pm_id.location_type != "indoor"
        if kind == "pm_manager" and outdoors:
            return False
        # A PM that is not there yet cannot be late for one operator.
        if self.state == "ar_ok" and not self._ready_for("deliver"):
            return False
        return kind

    def _required_todo_kind(self):
        # Where a PM will never be, its operator is to hear that.
        gone = self.pm_id.state == "abandoned"
        if self.state == "ar_ok" and (gone or self._ready_for("deliver")):
            return "pm_report"
        # The report that came when all else was done is refused as the first one is.
        refused_later = self.reason_id and self.state in SETTLED[1:]
        if self.state == "mad_ko" or refused_later:
            return "pm_correct"
        if self.state == "announced" and self.pm_id.location_type == "indoor":
            return "pm_manager"
        return super()._required_todo_kind()

    def _todo_detail(self):
        return self.pm_id.reference or False

    def _todo_groups(self):
        """Return each order alone: what is to do depends on the PM too."""
        return list(self)
