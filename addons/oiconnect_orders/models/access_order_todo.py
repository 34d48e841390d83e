from odoo import api, fields, models

from odoo.addons.oiconnect_base.bulk import alike

from ..delays.todos import wanted


class AccessOrder(models.Model):
    """What of an order is for a person to do."""

    _inherit = "oiconnect.access.order"

    _todo_group = "oiconnect_base.group_access_user"

    study_broke = fields.Boolean(
        "Study broke",
        readonly=True,
        copy=False,
        help="The study stopped on an error of ours",
    )

    def write(self, vals):
        result = super().write(vals)
        if "proposed_reason_id" in vals:
            self._sync_todos()
        return result

    def _study_apart(self, origin):
        """An order that its study leaves where it was broke it: it is for a person."""
        result = super()._study_apart(origin)
        if len(self) == 1 and self.state == "ar_ok" and not self.study_broke:
            self.study_broke = not self.proposed_reason_id
            self._sync_todos()
        return result

    def _wanted_todo(self):
        return wanted(self)

    @api.model
    def _todo_causes(self):
        return (
            *super()._todo_causes(),
            "proposed_reason_id",
            "study_broke",
            "discharge_number",
            "connection_type",
            "existing_socket",
        )

    def _todo_groups(self):
        """What is to do of a visit depends on its date: such orders are one by one."""
        visits = self._needs_visit()
        return [*visits, *alike(self - visits, *self._todo_causes())]

    def _todo_limit(self):
        """Return ``(due, warning)``: of a visit of ours, when it takes place."""
        visit = self.connection_type == "oi" and self._visit_date()
        if visit and self.todo_kind in ("plan", "report"):
            return min(visit, self.due_date or visit), self.warning_date or visit
        return super()._todo_limit()

    def _visit_date(self):
        """Return when we go to the customer's: as booked, else as ordered."""
        return self.appointment_id.start or self.install_date

    def _todo_detail(self):
        """Return the reason to look at, or the number that proves a new route."""
        reason = self.proposed_reason_id or self.reason_id
        return self.discharge_number or reason.display_name or False
