from odoo import fields, models


class ExchangeSandboxLine(models.TransientModel):
    _name = "oiconnect.exchange.sandbox.line"
    _description = "Line played in the sandbox"
    _order = "line, id"

    sandbox_id = fields.Many2one(
        "oiconnect.exchange.sandbox", required=True, ondelete="cascade", index=True
    )
    line = fields.Integer()
    reference = fields.Char()
    state = fields.Char("State of the order")
    code = fields.Char("Refused")
    errors = fields.Text("Why")
    answers = fields.Char("What the operator would read")
