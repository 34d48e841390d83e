from odoo import api, fields, models

from odoo.addons.oiconnect_interop.models.health.health import PARAMETER

from .health import LIMITS


class ResConfigSettings(models.TransientModel):
    """Limits of the alerts about web services."""

    _inherit = "res.config.settings"

    oiconnect_health_notifications_minutes = fields.Integer(
        "Notifications (minutes)",
        config_parameter=PARAMETER.format("notifications_minutes"),
        default=LIMITS["notifications_minutes"],
    )
    oiconnect_health_stopped_services = fields.Integer(
        "Operators that refuse us",
        config_parameter=PARAMETER.format("stopped_services"),
        default=LIMITS["stopped_services"],
    )

    @api.model
    def _smallest_settings(self):
        return super()._smallest_settings() | {
            "oiconnect_health_notifications_minutes": 1,
            "oiconnect_health_stopped_services": 0,
        }
