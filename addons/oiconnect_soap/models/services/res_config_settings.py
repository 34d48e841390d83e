from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .soap_call import DEFAULT_DAYS
from .soap_works import DEFAULT_QUOTA


class ResConfigSettings(models.TransientModel):
    """Settings of web services: retention of calls, number of works in one answer."""

    _inherit = "res.config.settings"

    oiconnect_soap_call_days = fields.Integer(
        "Calls kept for (days)",
        config_parameter="oiconnect_interop.soap_call_days",
        default=DEFAULT_DAYS,
    )
    oiconnect_works_quota = fields.Integer(
        "Works in one answer",
        config_parameter="oiconnect_interop.works_quota",
        default=DEFAULT_QUOTA,
    )

    @api.model
    def _smallest_settings(self):
        return super()._smallest_settings() | {"oiconnect_soap_call_days": 1}

    @api.constrains("oiconnect_works_quota")
    def _check_oiconnect_works_quota(self):
        for settings in self:
            if settings.oiconnect_works_quota < 1:
                raise ValidationError(
                    self.env._("One answer tells at least one of the works.")
                )
