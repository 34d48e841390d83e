from odoo import fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ...message_types import MESSAGE_SIZE, OUR_MESSAGE_TYPES


class TicketAnswer(models.Model):
    """Canned answer: a text with which a message to an operator begins."""

    _name = "oiconnect.ticket.answer"
    _description = "Canned answer"
    _inherit = "oiconnect.small.table.mixin"
    _order = "sequence, name, id"
    _free_fields = EVERY_FIELD

    name = fields.Char("Title", required=True, translate=True)
    sequence = fields.Integer(default=10)
    message_type = fields.Selection(OUR_MESSAGE_TYPES, required=True, default="answer")
    content = fields.Text("Text", required=True)
    active = fields.Boolean(default=True)

    _content_short = models.Constraint(
        f"CHECK (char_length(content) <= {MESSAGE_SIZE})",
        "A message has 1,024 characters at most.",
    )
