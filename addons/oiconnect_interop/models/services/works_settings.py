from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .soap_works import DEFAULT_QUOTA


class ResConfigSettings(models.TransientModel):
    """Web service of works: how many one answer tells."""

    _inherit = "res.config.settings"

    oiconnect_works_quota = fields.Integer(
        "Works in one answer",
        config_parameter="oiconnect_interop.works_quota",
        default=DEFAULT_QUOTA,
    )

    @api.constrains("oiconnect_works_quota")
    def _check_oiconnect_works_quota(self):
        for settings in self:
            if settings.oiconnect_works_quota < 1:
                raise ValidationError(
                    self.env._("One answer tells at least one of the works.")
                )
