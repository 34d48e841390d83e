from urllib.parse import urlencode

from odoo import http
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request

from odoo.addons.auth_oidc.controllers.main import OpenIDLogin

from .. import openid

WEAK = "/web/login/password"


class Login(OpenIDLogin):
    """Log-in and forgotten passwords: strangers learn nothing of who has an account."""

    @http.route()
    def web_login(self, *args, **kw):
        response = super().web_login(*args, **kw)
        if response.is_qweb:
            people = request.env["res.users"]
            response.qcontext["takes_weak"] = people._takes_weak_passwords()
        if kw.get("oauth_error") and response.is_qweb:
            response.qcontext["error"] = request.env._(
                "The log-in by the identity provider failed, or it lets you in no "
                "more. Try again, then ask an administrator."
            )
        return response

    @http.route()
    def web_auth_reset_password(self, *args, **kw):
        values = self.get_auth_signup_qcontext()
        forgot = request.httprequest.method == "POST" and not values.get("token")
        login = values.get("login")
        if not (forgot and login and values["reset_password_enabled"]):
            return super().web_auth_reset_password(*args, **kw)
        request.env["oiconnect.password.request"].sudo()._add(login)
        values["message"] = request.env._(
            "If there is an account of this name, a message with a link is on its way "
            "to its mail address."
        )
        return request.render("auth_signup.reset_password", values)

    def _signup_with_values(self, token, values, do_login):
        """As in Odoo; a password that is refused does not use the link up."""
        with request.env.cr.savepoint():
            return super()._signup_with_values(token, values, do_login)

    def get_auth_signup_qcontext(self):
        values = super().get_auth_signup_qcontext()
        # Odoo would lead to the log-in of who has this mail address.
        values.pop("signup_email", None)
        return values

    def _login_redirect(self, uid, redirect=None):
        url = super()._login_redirect(uid, redirect=redirect)
        user = request.env["res.users"].sudo().browse(uid)
        if request.session.uid and user.has_weak_password:
            return f"{WEAK}?{urlencode({'redirect': url})}"
        return url

    @http.route(WEAK, type="http", auth="user", methods=["GET", "POST"])
    def weak_password(self, redirect=None, **kw):
        """Tell a person that the password is weak, and take another one."""
        error = None
        # Also an address of the page, which whoever sends a link could choose.
        redirect = openid.local_path(redirect) or "/"
        if request.httprequest.method == "POST":
            try:
                self._change_password(**kw)
                return request.redirect(redirect)
            except AccessDenied:
                error = request.env._("The present password is wrong.")
            except UserError as refused:
                error = refused.args[0]
        values = {"error": error, "redirect": redirect}
        return request.render("oiconnect_base.weak_password", values)

    def _change_password(self, old="", new="", again="", **_kw):
        if new != again:
            raise UserError(request.env._("The two new passwords differ."))
        request.env["res.users"].change_password(old, new)
        user = request.env.user
        request.session.session_token = user._compute_session_token(request.session.sid)
