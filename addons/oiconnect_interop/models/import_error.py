from odoo import api, fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ..bulk.messages import message_text


class ImportLineError(models.Model):
    """One error or warning of one line of an imported file."""

    _name = "oiconnect.import.error"
    _description = "Error of an imported line"
    _order = "import_id desc, line, id"
    _rec_name = "message"
    _log_access = False
    _event_fields = EVERY_FIELD

    import_id = fields.Many2one(
        "oiconnect.import", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True)
    line = fields.Integer(
        readonly=True, aggregator=None, help="Line of the file; the header is line 1"
    )
    column = fields.Char(readonly=True)
    value = fields.Char(readonly=True)
    code = fields.Char("Rule", readonly=True)
    severity = fields.Selection(
        [("error", "Error"), ("warning", "Warning")],
        required=True,
        default="error",
        readonly=True,
    )
    message_key = fields.Char(required=True, readonly=True)
    params = fields.Json(readonly=True)
    message = fields.Char(compute="_compute_message")

    # Errors of an import, and those of one line: import_id = x [and line = y]
    _import_idx = models.Index("(import_id, line)")

    @api.depends("message_key", "params")
    @api.depends_context("lang")
    def _compute_message(self):
        for error in self:
            error.message = message_text(self.env, error.message_key, error.params)
