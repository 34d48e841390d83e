import base64
import os
import re

from odoo import http
from odoo.exceptions import AccessDenied
from odoo.http import request

from odoo.addons.auth_totp.models.totp import TOTP_SECRET_SIZE
from odoo.addons.auth_totp_mail.controllers.home import Home

from ..models.login.two_factors import SET_UP

_SECRET = "oiconnect_new_factor"  # noqa: S105


class TwoFactors(Home):
    """The second step of a log-in, for who has no second factor yet and needs one.

    There is no session before it ends: the password alone has opened nothing.
    """

    @http.route()
    def web_totp(self, redirect=None, **kwargs):
        user = self._person()
        if user and user._mfa_type() == SET_UP:
            return request.redirect_query(user._mfa_url(), {"redirect": redirect or ""})
        return super().web_totp(redirect=redirect, **kwargs)

    @http.route(
        "/web/login/two_factors", type="http", auth="public", methods=["GET", "POST"]
    )
    def set_up(self, redirect=None, **kwargs):
        user = self._person()
        if not user or user._mfa_type() != SET_UP:
            return request.redirect(user._mfa_url() if user else "/web/login")
        error = None
        if request.httprequest.method == "POST" and not user.auth_passkey_key_ids:
            error = self._refusal(user, kwargs.get("totp_token", ""))
            if not error:
                return self._enter(redirect)
        return self._page(user, error, redirect)

    def _person(self):
        """Return who has given the right password, and has no session yet."""
        uid = not request.session.uid and request.session.get("pre_uid")
        users = request.env["res.users"]
        return users.with_user(uid).browse(uid).sudo() if uid else users

    def _refusal(self, user, code):
        """Take the second factor; return why it is not, if it is not."""
        digits = re.sub(r"\s", "", code)
        secret = request.session.get(_SECRET)
        try:
            with user._assert_can_auth(user=user.id):
                is_number = digits.isascii() and digits.isdecimal()
                if not (
                    secret and is_number and user._set_up_totp(secret, int(digits))
                ):
                    raise AccessDenied(
                        request.env._("This code is not the right one: look again.")
                    )
        except AccessDenied as refused:
            return refused.args[0]
        return None

    def _enter(self, redirect):
        session = request.session
        session.pop(_SECRET, None)
        session.finalize(request.env)
        request.update_env(user=session.uid)
        request.update_context(**session.context)
        return request.redirect(self._login_redirect(session.uid, redirect=redirect))

    def _page(self, user, error, redirect):
        secret = request.session.get(_SECRET)
        if not secret:
            secret = base64.b32encode(os.urandom(TOTP_SECRET_SIZE // 8)).decode()
            request.session[_SECRET] = secret
        wizard = user.env["auth_totp.wizard"].sudo()
        shown = wizard.new({"user_id": user.id, "secret": secret})
        values = {
            "error": error,
            "redirect": redirect or "",
            "has_passkey": bool(user.auth_passkey_key_ids),
            "secret": " ".join(re.findall("....", secret)),
            "picture": shown.qrcode,
        }
        response = request.render("oiconnect_base.set_up_two_factors", values)
        response.headers["Cache-Control"] = "no-store"
        return response
