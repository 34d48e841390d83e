from odoo import models

from odoo.addons.base.models.res_users import check_identity


class AuthPasskeyKey(models.Model):
    """The last second factor of who needs one stays."""

    _inherit = "auth.passkey.key"

    @check_identity
    def action_delete_passkey(self):
        user = self.env.user
        has_other = user.totp_enabled or user.auth_passkey_key_ids - self
        user._check_factor_stays(user if has_other else user.browse())
        return super().action_delete_passkey()
