from odoo import api, fields, models

from ..appointment_states import OPEN_STATES


class Appointment(models.Model):
    """A request for a visit waits for our answer: it is in the work list."""

    _inherit = "oiconnect.appointment"

    @api.model_create_multi
    def create(self, vals_list):
        appointments = super().create(vals_list)
        appointments._sync_todos()
        return appointments

    def write(self, vals):
        result = super().write(vals)
        if "awaits" in vals:
            self._sync_todos()
        # The expiry is written last of all that a new slot changes.
        if vals.keys() & {"expiry_date", "order_id"}:
            # The report of a visit is due when the visit takes place.
            self.order_id.sudo()._sync_todos()
        return result

    def _sync_todos(self):
        """Open and close what is to do of these appointments, as they are."""
        waiting = self.filtered(
            lambda one: one.awaits == "us" and one.state in OPEN_STATES
        )
        todos = self.env["oiconnect.todo"].sudo()
        answered = (self - waiting)._open_todos()
        answered._count_answers()
        todos._close(self._name, answered.mapped("res_id"))
        todos._open(self._name, "appointment", [one._todo_row() for one in waiting])

    def _open_todos(self):
        return (
            self.env["oiconnect.todo"]
            .sudo()
            .search(
                [
                    ("state", "=", "open"),
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                ]
            )
        )

    def _todo_row(self):
        due, warning = self._answer_limit()
        return {
            "res_id": self.id,
            "name": self.reference,
            "detail": self.team_id.name,
            "network_id": self.network_id.id,
            "company_id": self.company_id.id,
            "operator_id": self.operator_id.id,
            "due_date": due,
            "warning_date": warning,
        }

    def _answer_limit(self):
        """Return ``(due, warning)``: the visit itself waits for no answer."""
        delays = self.env["oiconnect.delay"]
        rule = delays._rules(self.network_id.id, self.operator_id.id).get("appointment")
        if not rule:
            return self.start, self.start
        due, warning = delays._limit(rule, fields.Datetime.now())
        return min(due, self.start), min(warning, self.start)

    @api.model
    def _sync_all_todos(self):
        """Look at all that waits or is said to wait: the nightly check."""
        waiting = self.search([("awaits", "=", "us"), ("state", "in", OPEN_STATES)])
        known = self.env["oiconnect.todo"].sudo()
        known = known.search([("state", "=", "open"), ("res_model", "=", self._name)])
        (waiting | self.browse(known.mapped("res_id")).exists())._sync_todos()
