from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .lock_mixin import DEFAULT_LOCK_MINUTES, DEFAULT_TRIES


class ResConfigSettings(models.TransientModel):
    """Wrong passwords and keys: when they lock what they are tried on."""

    _inherit = "res.config.settings"

    oiconnect_lock_tries = fields.Integer(
        "Wrong passwords",
        config_parameter="oiconnect_interop.lock_tries",
        default=DEFAULT_TRIES,
    )
    oiconnect_lock_minutes = fields.Integer(
        "Locked for (minutes)",
        config_parameter="oiconnect_interop.lock_minutes",
        default=DEFAULT_LOCK_MINUTES,
    )

    @api.model
    def _smallest_settings(self):
        """Return ``{setting: the smallest value that makes sense}``."""
        return dict.fromkeys(("oiconnect_lock_tries", "oiconnect_lock_minutes"), 1)

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
