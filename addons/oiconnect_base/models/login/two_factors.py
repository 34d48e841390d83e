from odoo import models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_users import check_identity

#: the second step of who has to set a second factor up
SET_UP = "oiconnect_set_up"


class ResUsers(models.Model):
    """A second factor, where a group of the person requires it.

    Without one the log-in stops at its second step: Odoo then has no session, and no
    page nor call knows the person. A code by mail is no second factor here: whoever
    reads a mailbox can set the password, too.
    """

    _inherit = "res.users"

    def _requires_two_factors(self):
        groups = self.sudo()._two_factor_groups()
        return any(group.requires_two_factors for group in groups)

    def _two_factor_groups(self):
        """Return the groups by which a second factor may be required."""
        return self.all_group_ids

    def _mfa_type(self):
        kind = super()._mfa_type()
        if kind != "totp" and self._requires_two_factors():
            return SET_UP
        return kind

    def _mfa_url(self):
        if self._mfa_type() == SET_UP:
            return "/web/login/two_factors"
        return super()._mfa_url()

    def _rpc_api_keys_only(self):
        return self._requires_two_factors() or super()._rpc_api_keys_only()

    def _session_token_get_values(self):
        """Add what ends the sessions that began before two factors were required."""
        values = super()._session_token_get_values()
        if values and self._requires_two_factors():
            values += (("two_factors", True),)
        return values

    def _set_up_totp(self, secret, code):
        """Take a second factor whose secret was shown; return whether the code fits.

        Devices that needed none since a code by mail need one again.
        """
        is_set = self._totp_try_setting(secret, code)
        if is_set:
            self._revoke_all_devices()
        return is_set

    @check_identity
    def action_totp_disable(self):
        self._check_factor_stays(self.filtered("auth_passkey_key_ids"))
        return super().action_totp_disable()

    def _check_factor_stays(self, others):
        """Check that a user keeps one second factor, if one is required.

        :param others: the users who have another one
        """
        user = self.env.user
        if user in self - others and user._requires_two_factors():
            raise UserError(
                self.env._(
                    "Your rights require a second factor, and this is your last one: "
                    "set another one up first, or ask an administrator."
                )
            )
