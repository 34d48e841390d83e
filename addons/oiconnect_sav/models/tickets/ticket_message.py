from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.workflow import SCREEN

from ...message_types import MESSAGE_SIZE, MESSAGE_TYPES, OUR_MESSAGE_TYPES


class TicketMessage(models.Model):
    """One message of the dialogue with the operator; it is never changed.

    The protocol has one message per call (``messageType``, ``messageContent``): the
    history is stored here (Interop'Fibre SAV 3.0 §6).
    """

    _name = "oiconnect.ticket.message"
    _description = "Message of a ticket"
    _inherit = ["oiconnect.each.ticket"]
    _order = "id desc"
    _rec_name = "message_type"
    _creation_fields = (
        "ticket_id",
        "message_type",
        "content",
        "suggestion1",
        "suggestion2",
        "suggestion3",
    )
    _event_fields = EVERY_FIELD

    ticket_id = fields.Many2one(
        "oiconnect.ticket", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    direction = fields.Selection(
        [("in", "From the operator"), ("out", "To the operator")],
        required=True,
        readonly=True,
        default="out",
    )
    message_type = fields.Selection(
        MESSAGE_TYPES, "Type", required=True, default="info"
    )
    content = fields.Text("Text")
    answer_id = fields.Many2one("oiconnect.ticket.answer", "Canned answer", store=False)
    suggestion1 = fields.Datetime("First date offered")
    suggestion2 = fields.Datetime("Second date offered")
    suggestion3 = fields.Datetime("Third date offered")
    date = fields.Datetime(default=fields.Datetime.now, required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "By", default=lambda self: self.env.user, readonly=True
    )

    _content_short = models.Constraint(
        f"CHECK (char_length(content) <= {MESSAGE_SIZE})",
        "A message has 1,024 characters at most: send the rest in another one.",
    )

    @api.onchange("answer_id")
    def _onchange_answer_id(self):
        """Begin with the canned answer; what is typed already stays below it."""
        if self.answer_id:
            self.message_type = self.answer_id.message_type
            texts = (self.answer_id.content, self.content)
            self.content = "\n".join(filter(None, texts))

    @api.model_create_multi
    def create(self, vals_list):
        vals_list, firsts = self._for_each_ticket(vals_list)
        messages = super().create(
            [{k: v for k, v in vals.items() if k != "answer_id"} for vals in vals_list]
        )
        messages.filtered(lambda one: one.direction == "out")._send()
        return self.browse([messages[first].id for first in firsts])

    # pylint: disable-next=method-required-super
    def write(self, vals):
        raise UserError(self.env._("A message that was sent is not changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("The dialogue of a ticket is kept for ever."))

    # ------------------------------------------------------------------
    # Sent and received
    # ------------------------------------------------------------------

    def _send(self, origin=SCREEN):
        """Tell the operators; a message starts a ticket that has not begun."""
        ours = dict(OUR_MESSAGE_TYPES)
        if any(message.message_type not in ours for message in self):
            raise UserError(
                self.env._("This type of message is for operators to send.")
            )
        if not all((message.content or "").strip() for message in self):
            raise UserError(self.env._("Write the message first: it is empty."))
        self.ticket_id.check_access("write")
        for messages in self.sudo()._one_per_ticket():
            tickets = messages.ticket_id
            tickets._can_fire("start")._fire("start", origin)
            tickets._fire("inform", origin, message=messages)

    def _one_per_ticket(self):
        """Yield the messages by sets that have one of each ticket, oldest first."""
        left = self
        while left:
            first = {message.ticket_id: message.id for message in reversed(left)}
            messages = self.browse(sorted(first.values()))
            yield messages
            left -= messages

    @api.model
    @api.private
    def _receive(self, ticket, origin, values):
        """Keep a message of the operator and let it act on ``ticket``.

        :param values: ``message_type``, ``content`` and ``suggestion1`` to 3
        :return: the message
        """
        message = self.sudo().create(
            {**values, "ticket_id": ticket.id, "direction": "in", "user_id": False}
        )
        ticket.sudo()._fire("hear", origin, message=message)
        ticket.sudo()._thaw_if_answered(message, origin)
        return message
