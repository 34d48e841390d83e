from odoo import api, fields, models

from .webhook import PRIVATE
from .webhook_delivery import DEFAULT_DAYS
from .webhook_send import DEFAULT_HOURS


class ResConfigSettings(models.TransientModel):
    """Settings of webhooks: duration of tries, retention, allowed receivers."""

    _inherit = "res.config.settings"

    oiconnect_webhook_hours = fields.Integer(
        "Events tried for (hours)",
        config_parameter="oiconnect_interop.webhook_hours",
        default=DEFAULT_HOURS,
    )
    oiconnect_webhook_days = fields.Integer(
        "Events and tries kept for (days)",
        config_parameter="oiconnect_interop.webhook_days",
        default=DEFAULT_DAYS,
    )
    oiconnect_webhook_private = fields.Boolean(
        "Receivers of the internal network", config_parameter=PRIVATE
    )

    @api.model
    def _smallest_settings(self):
        names = ("oiconnect_webhook_hours", "oiconnect_webhook_days")
        return super()._smallest_settings() | dict.fromkeys(names, 1)
