from odoo import api, fields, models


class ExchangeSandbox(models.TransientModel):
    """Result of a file in the sandbox."""

    _name = "oiconnect.exchange.sandbox"
    _description = "Replay in the sandbox"

    exchange_id = fields.Many2one(
        "oiconnect.exchange", "File", required=True, readonly=True, ondelete="cascade"
    )
    result = fields.Char(readonly=True)
    message = fields.Char(readonly=True)
    line_count = fields.Integer("Lines", readonly=True)
    done_count = fields.Integer("Lines played", readonly=True)
    refused_count = fields.Integer("Refused lines", readonly=True)
    line_ids = fields.One2many(
        "oiconnect.exchange.sandbox.line", "sandbox_id", "Lines told", readonly=True
    )
    answer_ids = fields.One2many(
        "oiconnect.exchange.sandbox.answer", "sandbox_id", "Answers", readonly=True
    )

    @api.depends("exchange_id")
    def _compute_display_name(self):
        for report in self:
            report.display_name = self.env._("Replay in the sandbox")


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
