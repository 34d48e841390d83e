from odoo import api, fields, models


class Operator(models.Model):
    """The API keys and webhooks of an operator."""

    _inherit = "oiconnect.operator"

    api_key_count = fields.Integer("API keys", compute="_compute_border_counts")
    webhook_count = fields.Integer("Webhooks", compute="_compute_border_counts")

    @api.model
    def _border_counts(self):
        return super()._border_counts() | {
            "api_key_count": "oiconnect.api.key",
            "webhook_count": "oiconnect.webhook",
        }
