from odoo import models

from odoo.addons.oiconnect_orders.models.access import workflow


class AccessOrder(models.Model):
    """A line that ends has no fault any more: its tickets end with it (ERR08)."""

    _name = "oiconnect.access.order"
    _inherit = ["oiconnect.access.order", "oiconnect.ticketed.place"]
    _ticket_field = "order_id"
    # The work list of the order stays last.
    _transition_effects = (
        "_end_tickets",
        *workflow.AccessOrder._transition_effects,
    )

    def _end_tickets(self, transition, values, origin):
        if transition.target in ("terminated", "overwritten"):
            tickets = self.env["oiconnect.ticket"].sudo()
            domain = [("order_id", "in", self.ids), ("is_open", "=", True)]
            tickets.search(domain)._fire("end_line", origin)
