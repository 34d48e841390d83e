from odoo import api, fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_orders.personal import CUSTOMER_GROUPS, MASK


class ExchangeError(models.Model):
    """One error of one line of a received file."""

    _name = "oiconnect.exchange.error"
    _description = "Error of a line"
    _order = "exchange_id, line, id"
    _log_access = False
    _event_fields = EVERY_FIELD

    exchange_id = fields.Many2one(
        "oiconnect.exchange", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="exchange_id.company_id", store=True)
    line = fields.Integer(help="Line of the file; the header is line 1")
    column = fields.Char()
    value = fields.Char(groups=CUSTOMER_GROUPS)
    code = fields.Char(index=True)
    message = fields.Char(groups=CUSTOMER_GROUPS)
    # To who may not see customers, their columns tell no value.
    shown_value = fields.Char("Value, as may be read", compute="_compute_shown")
    shown_message = fields.Char("Message, as may be read", compute="_compute_shown")

    @api.depends("value", "message", "column")
    @api.depends_context("uid")
    def _compute_shown(self):
        readable = self.env.user.has_group(CUSTOMER_GROUPS)
        for exchange, errors in self.grouped("exchange_id").items():
            known = () if readable else exchange.sudo()._other_columns()
            for error in errors:
                error._show(hidden=not readable and error.column not in known)

    def _show(self, hidden):
        value, text = self.sudo().value, self.sudo().message
        self.shown_value = MASK if hidden and value else value
        self.shown_message = (
            text.replace(value, MASK) if hidden and value and text else text
        )
