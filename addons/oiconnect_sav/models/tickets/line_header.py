from odoo import api, models

from .line import HELD_STATES


class Ticket(models.Model):
    """The header of a ticket: its line, while it is typed already."""

    _inherit = "oiconnect.ticket"

    @api.depends("service_reference", "pto_reference", "order_id", "line_id")
    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    def _compute_line_header(self):
        return super()._compute_line_header()

    def _line_order(self):
        if self._origin:
            return self.order_id
        named = self._named_order()
        return named.sudo(False) if len(named) == 1 else super()._line_order()

    def _line_state(self):
        """A ticket that is not opened yet has no state but that of its line."""
        return super()._line_state() if self._origin or self._line_order() else None

    def _line_address(self):
        return super()._line_address() or self._line_link("pbo_id")

    def _line_next(self):
        """Return the task that is planned; else the visit of the line."""
        if self.planned_date:
            return self._line_date(self.env._("Planned"), self.planned_date)
        return super()._line_next()


class LineMixin(models.AbstractModel):
    """From a line, a ticket is opened; those that are open are shown."""

    _inherit = "oiconnect.line.mixin"

    def _line_tickets(self):
        """Return the open tickets of the line that the user may read."""
        tickets = self.env["oiconnect.ticket"]
        order = self._line_order()
        if not order or not tickets.has_access("read"):
            return tickets
        return tickets.search([("order_id", "=", order.id), ("is_open", "=", True)])

    def _line_related(self):
        kind = self.env._("Ticket")
        return super()._line_related() + [
            self._line_record(ticket) | {"kind": kind}
            for ticket in self._line_tickets()
            if ticket != self._origin
        ]

    def _line_actions(self):
        actions = super()._line_actions()
        if self._may_open_ticket():
            label = self.env._("Open a ticket")
            actions.append(("action_open_ticket", "fa-ticket", label))
        return actions

    def _may_open_ticket(self):
        """Tell whether the line is held, and free of tickets."""
        may_create = self.env["oiconnect.ticket"].has_access("create")
        held = self._line_order().sudo().state in HELD_STATES
        return may_create and held and not self._line_tickets()

    def action_open_ticket(self):
        """Open the form of a new ticket on this line."""
        self.ensure_one()
        self.check_access("read")
        order = self._line_order()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New ticket"),
            "res_model": "oiconnect.ticket",
            "views": [(False, "form")],
            "context": {"default_line_id": order.id},
        }
