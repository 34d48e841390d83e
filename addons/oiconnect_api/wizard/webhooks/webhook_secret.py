from odoo import fields, models


class WebhookSecretShown(models.TransientModel):
    """Dialog that shows a secret, which it never stores."""

    _name = "oiconnect.webhook.secret"
    _description = "Secret of a webhook"

    key_name = fields.Char("Id of the secret", store=False, readonly=True)
    secret = fields.Char("The secret", store=False, readonly=True)
