from odoo import api, fields, models

from ..codes.wire_state import VERSIONS


class Operator(models.Model):
    _inherit = "oiconnect.operator"

    ticket_version = fields.Selection(
        VERSIONS,
        "Version of tickets",
        default="3.0",
        required=True,
        tracking=True,
        help="Version of the protocol in which tickets are told to the operator",
    )
    validates_resolutions = fields.Boolean(
        default=True,
        tracking=True,
        help="The operator accepts or rejects a resolution; without it, a resolution "
        "closes the ticket",
    )
    mails_tickets = fields.Boolean(
        "E-mails of tickets",
        tracking=True,
        help="The contacts marked for tickets are written to when a ticket of the "
        "operator is taken in charge, resolved or cancelled, and at each message; "
        "nothing of the end customer is in these e-mails",
    )
    ticket_count = fields.Integer("Tickets", compute="_compute_ticket_count")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_ticket_count(self):
        """Count the tickets; nothing of what the user may not read."""
        tickets, counts = self.env["oiconnect.ticket"], {}
        if tickets.has_access("read"):
            domain = [("operator_id", "in", self._origin.ids)]
            counts = dict(tickets._read_group(domain, ["operator_id"], ["__count"]))
        for operator in self:
            operator.ticket_count = counts.get(operator._origin, 0)

    @api.model
    @api.private
    def _of_siren(self, siren):
        """Return the operator with this SIREN, empty when none or several have it."""
        found = self.sudo().search([("siren", "=", siren)], limit=2) if siren else self
        return found if len(found) == 1 else self.browse()

    def action_view_tickets(self):
        """Open all tickets of the operator, finished ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_sav.ticket_action"
        )
        return action | {"domain": [("operator_id", "=", self.id)], "context": {}}
