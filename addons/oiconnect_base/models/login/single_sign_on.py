import logging

from odoo import api, models
from odoo.exceptions import AccessDenied

from ... import openid

_logger = logging.getLogger(__name__)


class ResUsers(models.Model):
    """People whom an identity provider knows: their account, and its groups."""

    _inherit = "res.users"

    @api.model
    def _openid_user(self, provider, claims):
        """Return the account of the person, with the groups that the claims give.

        Groups that some claim could give are taken away where none does; others stay.

        :raises openid.Refused: no claim lets the person in
        """
        known = self.with_context(active_test=False).search(
            [("oauth_provider_id", "=", provider.id), ("oauth_uid", "=", claims["sub"])]
        )
        groups = provider._groups_of(claims)
        if known:
            known._set_claimed_groups(provider, groups)
        if not groups:
            raise openid.Refused("no claim of this person gives a group")
        if known and not known.active:
            raise openid.Refused(f"the account {known.id} is archived")
        return known or self._create_openid_user(provider, claims, groups)

    def _set_claimed_groups(self, provider, groups):
        taken = provider.claim_group_ids.group_id & self.group_ids - groups
        added = groups - self.group_ids
        if taken or added:
            with self.env.cr.savepoint():
                self.group_ids = self.group_ids - taken | added
            _logger.info(
                "single sign-on: user %s: groups %s added, %s taken away",
                self.id,
                added.ids,
                taken.ids,
            )

    @api.model
    def _create_openid_user(self, provider, claims, groups):
        """Create an account of staff; portals are opened by people only."""
        if self.env.ref("base.group_user") not in groups.all_implied_ids:
            raise openid.Refused("the groups of this person are not those of staff")
        login = claims.get("email") or claims.get("preferred_username")
        if not isinstance(login, str) or not login:
            raise openid.Refused("the token has neither email nor preferred_username")
        others = self.with_context(active_test=False)
        if others.search_count(self._get_login_domain(login), limit=1):
            raise openid.Refused(
                f"the log-in {login} has an account: an administrator enters "
                f"{claims['sub']} there as OAuth User ID"
            )
        return self.with_context(no_reset_password=True).create(
            {
                "name": str(claims.get("name") or login),
                "login": login,
                "email": claims.get("email"),
                "lang": "fr_FR",
                "tz": "Europe/Paris",
                "oauth_provider_id": provider.id,
                "oauth_uid": claims["sub"],
                "group_ids": groups.ids,
            }
        )

    def _check_credentials(self, credential, env):
        if credential["type"] != "openid":
            return super()._check_credentials(credential, env)
        proof = credential.get("proof")
        if not isinstance(proof, openid.Proof) or proof.user_id != self.env.uid:
            raise AccessDenied
        return {
            "uid": proof.user_id,
            "auth_method": "openid",
            "mfa": "skip" if proof.has_two_factors else "default",
        }

    @api.private
    @api.model
    def auth_oauth(self, provider, params):
        """Refuse what anybody could call by RPC with any token: see the controller."""
        raise AccessDenied
