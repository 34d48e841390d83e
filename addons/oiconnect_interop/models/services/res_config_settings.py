from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..accounts.lock_mixin import DEFAULT_LOCK_MINUTES, DEFAULT_TRIES
from .soap_call import DEFAULT_DAYS


class ResConfigSettings(models.TransientModel):
    """Web services: when a log-in is locked, how long calls are kept."""

    _inherit = "res.config.settings"

    oiconnect_soap_tries = fields.Integer(
        "Wrong passwords",
        config_parameter="oiconnect_interop.soap_tries",
        default=DEFAULT_TRIES,
    )
    oiconnect_soap_lock_minutes = fields.Integer(
        "Locked for (minutes)",
        config_parameter="oiconnect_interop.soap_lock_minutes",
        default=DEFAULT_LOCK_MINUTES,
    )
    oiconnect_soap_call_days = fields.Integer(
        "Calls kept for (days)",
        config_parameter="oiconnect_interop.soap_call_days",
        default=DEFAULT_DAYS,
    )

    @api.constrains(
        "oiconnect_soap_tries",
        "oiconnect_soap_lock_minutes",
        "oiconnect_soap_call_days",
    )
    def _check_oiconnect_soap(self):
        for settings in self:
            values = (
                settings.oiconnect_soap_tries,
                settings.oiconnect_soap_lock_minutes,
                settings.oiconnect_soap_call_days,
            )
            if min(values) < 1:
                raise ValidationError(
                    self.env._("The settings of web services are at least 1.")
                )
