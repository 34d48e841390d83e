from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

CALL_READERS = "oiconnect_base.group_api_read"
# What operators hear of a ticket (Interop'Fibre SAV 3.0 §4), as people call it
FLOW_LABELS = {
    "SAV_SOLVING": _lt("Progress of the ticket"),
    "SAV_SOLVED": _lt("Ticket resolved"),
    "SAV_INFORMATION": _lt("Message to the operator"),
    "SAV_CANCEL_AGREEMENT": _lt("Answer to its cancellation"),
    "SAV_CANCELLATION": _lt("Ticket cancelled"),
}


class Ticket(models.Model):
    """Ticket: its calls by web service, and the messages that were refused."""

    _inherit = "oiconnect.ticket"

    soap_call_count = fields.Integer(
        "Number of calls", compute="_compute_soap_call_count", groups=CALL_READERS
    )
    untold_count = fields.Integer(
        "Messages that the operator does not have", compute="_compute_untold_count"
    )

    def _compute_soap_call_count(self):
        counts = dict(
            self.env["oiconnect.soap.call"]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self._origin.ids)],
                ["res_id"],
                ["__count"],
            )
        )
        for ticket in self:
            ticket.soap_call_count = counts.get(ticket._origin.id, 0)

    @api.depends("event_ids.state")
    def _compute_untold_count(self):
        """Count what the operator refused: a person has to look at it."""
        for ticket in self:
            refused = ticket.event_ids.filtered(lambda event: event.state == "error")
            ticket.untold_count = len(refused)

    def action_view_soap_calls(self):
        """Open the calls about the ticket, both ways."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_soap.soap_call_action"
        )
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return action | {"domain": domain, "context": {}}

    @api.model
    def _flow_label(self, code):
        """Return what the operator hears, in words, for the timeline."""
        label = FLOW_LABELS.get(code)
        return self.env._(label) if label else super()._flow_label(code)
