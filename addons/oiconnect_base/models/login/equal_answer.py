import logging
from contextlib import contextmanager

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessDenied, MissingError

_logger = logging.getLogger(__name__)
#: the ways of `_login`: others that Odoo's addons know come second, or not at all
FIRST_FACTORS = ("password", "webauthn", "openid")


class ResUsers(models.Model):
    """Log-in: the same answer and the same work, whether there is an account or not.

    A password takes one slow hash; where Odoo compares none, one is made for nothing.
    """

    _inherit = "res.users"

    def _login(self, credential, user_agent_env):
        if credential["type"] not in FIRST_FACTORS:
            raise AccessDenied
        if credential["type"] != "webauthn":
            return super()._login(credential, user_agent_env)
        try:
            return super()._login(credential, user_agent_env)
        except psycopg2.Error:
            raise
        except Exception:
            # Which keys are known, and what was wrong with one, is disclosed to no one.
            _logger.info("passkey refused", exc_info=True)
            raise AccessDenied from None

    @contextmanager
    def _assert_can_auth(self, user=None):
        with super()._assert_can_auth(user=user):
            try:
                yield
            except AccessDenied:
                if not self._is_account(user):
                    self._hash_for_nothing()
                raise

    def _check_credentials(self, credential, env):
        try:
            info = super()._check_credentials(credential, env)
        except AccessDenied:
            if credential["type"] == "password" and not self._was_compared(
                credential, env
            ):
                self._hash_for_nothing()
            raise
        if info["auth_method"] == "password":
            self._note_strength(credential["password"])
        return info

    @api.model
    def _check_uid_passwd(self, uid, passwd):
        """Check as in Odoo; an unknown number is answered as a wrong password is."""
        try:
            return super()._check_uid_passwd(uid, passwd)
        except MissingError:
            with self._assert_can_auth(user=uid):
                raise AccessDenied from None

    def _is_account(self, user):
        """Tell whether a log-in or a number is that of an active account."""
        by_number = isinstance(user, int)
        domain = [("id", "=", user)] if by_number else self._get_login_domain(user)
        return bool(self.sudo().search_count(domain, limit=1))

    def _was_compared(self, credential, env):
        """Tell whether Odoo compared the password with a slow hash."""
        user = self.env.user
        interactive = (env or {}).get("interactive", True)
        if not credential.get("password"):
            return False
        if not interactive and user._rpc_api_keys_only():
            return False
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
        [stored] = self.env.cr.fetchone()
        return bool(stored)

    @api.model
    def _get_signup_invitation_scope(self):
        """Accounts are made by our people: strangers make none, nor try names by it."""
        return "b2b"

    @api.model
    def _hash_for_nothing(self):
        self._crypt_context().hash("no user")
