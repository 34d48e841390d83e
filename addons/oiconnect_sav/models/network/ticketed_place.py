from odoo import api, fields, models
from odoo.exceptions import UserError


class TicketedPlace(models.AbstractModel):
    """Object that tickets are about, with a smart button to them."""

    _name = "oiconnect.ticketed.place"
    _description = "Named by tickets"

    # Field of the ticket that names this record
    _ticket_field = None

    ticket_count = fields.Integer("Tickets", compute="_compute_ticket_count")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ticketed(self):
        """Tickets keep what they are about: refuse, and tell which."""
        tickets, field = self.env["oiconnect.ticket"].sudo(), self._ticket_field
        first = tickets.search([(field, "in", self.ids)], limit=1)
        if first:
            raise UserError(
                self.env._(
                    "%(record)s cannot be deleted: ticket %(ticket)s is about it, and "
                    "it is kept as long as its tickets are.",
                    record=first[field].display_name,
                    ticket=first.display_name,
                )
            )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_ticket_count(self):
        """Count the tickets; nothing of what the user may not read."""
        tickets, field = self.env["oiconnect.ticket"], self._ticket_field
        counts = {}
        if tickets.has_access("read"):
            domain = [(field, "in", self._origin.ids)]
            counts = dict(tickets._read_group(domain, [field], ["__count"]))
        for record in self:
            record.ticket_count = counts.get(record._origin, 0)

    def action_view_tickets(self):
        """Open all tickets of this record, finished ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_sav.ticket_action"
        )
        domain = [(self._ticket_field, "=", self.id)]
        return action | {"domain": domain, "context": {}}
