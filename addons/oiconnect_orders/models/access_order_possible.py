from odoo import api, fields, models

from ..states import steps_of

# Steps of the history that a state bar needs
MOST_STEPS = 200


class AccessOrder(models.Model):
    """What a screen asks of the workflow: what can be done now, and the steps.

    Both come from the table of transitions and from the history: no view repeats
    the list of states in which something may be done.
    """

    _inherit = "oiconnect.access.order"

    possible_events = fields.Json(
        "Possible actions", compute="_compute_possible_events", compute_sudo=True
    )
    shown_states = fields.Json(
        "Steps", compute="_compute_shown_states", compute_sudo=True
    )

    @api.depends("state", "connection_type", "existing_socket", "reason_id")
    def _compute_possible_events(self):
        found = {order: [] for order in self}
        for event in sorted(self._workflow.events):
            for order in self._ready_for(event):
                found[order].append(event)
        for order, events in found.items():
            order.possible_events = events

    def _ready_for(self, event):
        """Return the orders for which a line of the table lets ``event`` happen."""
        ready = self.browse()
        for state, orders in self.grouped("state").items():
            for line in self._workflow.lines(event, state):
                ready |= getattr(orders, line.guard)({}) if line.guard else orders
        return ready

    @api.depends("state", "connection_type", "existing_socket", "step_ids")
    def _compute_shown_states(self):
        for order in self:
            passed = order.step_ids[:MOST_STEPS].sorted("id").mapped("target")
            order.shown_states = steps_of(
                order.state, passed, bool(order._needs_no_work({}))
            )
