from odoo import api, fields, models

from odoo.addons.oiconnect_interop.models.health.health import PARAMETER

from .health import LIMITS


def limit(name, string):
    return fields.Integer(
        string, config_parameter=PARAMETER.format(name), default=LIMITS[name]
    )


class ResConfigSettings(models.TransientModel):
    """Limits of the alerts on webhooks and API keys."""

    _inherit = "res.config.settings"

    oiconnect_health_webhooks_minutes = limit("webhooks_minutes", "Webhooks (minutes)")
    oiconnect_health_stopped_webhooks = limit("stopped_webhooks", "Stopped webhooks")
    oiconnect_health_unreadable_keys = limit("unreadable_keys", "Unreadable API keys")

    @api.model
    def _smallest_settings(self):
        return super()._smallest_settings() | {
            "oiconnect_health_webhooks_minutes": 1,
            "oiconnect_health_stopped_webhooks": 0,
            "oiconnect_health_unreadable_keys": 0,
        }
