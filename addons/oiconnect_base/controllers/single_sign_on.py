import logging
from urllib.parse import urlencode

from odoo import SUPERUSER_ID, http
from odoo.exceptions import AccessDenied, UserError, ValidationError
from odoo.http import request

from odoo.addons.auth_oauth.controllers.main import OAuthController
from odoo.addons.web.controllers.utils import _get_login_redirect_url, ensure_db

from .. import openid
from ..models.login.auth_oauth_provider import CODE_FLOW
from .login import Login

_logger = logging.getLogger(__name__)
BEGIN = "/web/login/openid"


def redirect_uri():
    """Return where providers send people back to: what is registered with them."""
    return f"{request.httprequest.url_root}auth_oauth/signin"


def providers():
    found = request.env["auth.oauth.provider"].sudo()
    return found.search([("enabled", "=", True), ("flow", "=", CODE_FLOW)])


class SingleSignOn(Login):
    """Log-in by an identity provider: from the button to the provider."""

    def list_providers(self):
        """Return the buttons of the log-in page: each leads to `begin`."""
        redirect = openid.local_path(request.params.get("redirect")) or ""
        query = urlencode({"redirect": redirect})
        return [
            {
                "id": provider.id,
                "name": provider.name,
                "body": provider.body,
                "css_class": provider.css_class,
                "auth_link": f"{BEGIN}/{provider.id}?{query}",
            }
            for provider in providers()
        ]

    @http.route(f"{BEGIN}/<int:provider_id>", type="http", auth="public")
    def begin(self, provider_id, redirect=None, **_kw):
        provider = providers().filtered(lambda known: known.id == provider_id)
        if not provider:
            return request.redirect("/web/login")
        wanted = openid.local_path(redirect)
        state, begun = openid.begin(request.session, provider.id, wanted)
        address = provider._log_in_address(state, begun, redirect_uri())
        return request.redirect(address, local=False)


class SingleSignOnEnd(OAuthController):
    """Log-in by an identity provider: from the provider to the session."""

    @http.route()
    def signin(self, **answer):
        """Log in whom the provider has sent back. Odoo's own way is never taken."""
        ensure_db()
        try:
            begun = openid.take(request.session, answer.get("state"))
            uid = self._log_in(answer, begun)
        except (openid.Refused, AccessDenied) as refused:
            _logger.warning("single sign-on: refused: %s", refused)
            return request.redirect("/web/login?oauth_error=2")
        return request.redirect(_get_login_redirect_url(uid, begun["redirect"]))

    def _log_in(self, answer, begun):
        provider = providers().filtered(lambda known: known.id == begun["provider"])
        if not provider:
            raise openid.Refused("this provider is not allowed any more")
        claims = provider._claims(answer, begun, redirect_uri())
        user = self._account(provider, claims)
        proof = openid.Proof(user.id, provider._had_two_factors(claims))
        credential = {"type": "openid", "login": user.login, "proof": proof}
        uid = request.session.authenticate(request.env, credential)["uid"]
        # What Odoo computes last would be written by no user: this address has none.
        user.env.flush_all()
        return uid

    def _account(self, provider, claims):
        """Return the account; what its claims have taken away is so even if refused."""
        users = request.env["res.users"].with_user(SUPERUSER_ID)
        try:
            user = users._openid_user(provider, claims)
            user.flush_recordset()
        except (UserError, ValidationError) as error:
            raise openid.Refused(str(error)) from None
        return user
