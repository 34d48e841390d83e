from odoo import fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


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
    value = fields.Char()
    code = fields.Char(index=True)
    message = fields.Char()
