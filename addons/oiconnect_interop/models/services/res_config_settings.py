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

    @api.model
    def _smallest_settings(self):
        """Return ``{setting: the smallest value that makes sense}``."""
        return dict.fromkeys(
            (
                "oiconnect_soap_tries",
                "oiconnect_soap_lock_minutes",
                "oiconnect_soap_call_days",
            ),
            1,
        )

    @api.constrains(lambda self: tuple(self._smallest_settings()))
    def _check_smallest_settings(self):
        for settings in self:
            for name, least in self._smallest_settings().items():
                if settings[name] < least:
                    label = settings._fields[name]._description_string(self.env)
                    raise ValidationError(
                        self.env._(
                            "“%(setting)s”: at least %(least)s.",
                            setting=label,
                            least=least,
                        )
                    )
