from odoo import fields, models


class ExchangeSandboxAnswer(models.TransientModel):
    _name = "oiconnect.exchange.sandbox.answer"
    _description = "File that the sandbox would send"
    _order = "id"

    sandbox_id = fields.Many2one(
        "oiconnect.exchange.sandbox", required=True, ondelete="cascade", index=True
    )
    operator_id = fields.Many2one("oiconnect.operator")
    flow = fields.Char()
    line_count = fields.Integer("Lines")
    content = fields.Text()
