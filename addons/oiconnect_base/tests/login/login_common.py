import re
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, new_test_user

from ... import passwords

STRONG = "cheval-agrafe-lucarne-81"


def production():
    """As on a server of production: passwords are what the rules say."""
    return patch.object(passwords, "may_be_weak", return_value=False)


class LoginCase(HttpCase):
    """Log-ins by the pages and calls of a real server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("base.login_cooldown_after", 0)
        parameters.set_param("auth_signup.reset_password", "True")
        cls.person = new_test_user(
            cls.env,
            "josette",
            "base.group_user",
            password=STRONG,
            email="josette@example.com",
            lang="fr_FR",
        )

    def post(self, path, **fields):
        """Send a form as a browser does."""
        if "session_id" not in self.opener.cookies:
            self.authenticate(None, None)
        # A log-in gives the session another number.
        number = self.opener.cookies["session_id"]
        self.session = http.root.session_store.get(number)
        fields["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(path, data=fields, allow_redirects=False)

    def log_in(self, login="josette", password=STRONG, **fields):
        self.authenticate(None, None)
        return self.post("/web/login", login=login, password=password, **fields)

    def uid(self):
        """Return who the session is of, as the web client asks it."""
        answer = self.call("/web/session/get_session_info")
        return answer.get("result", {}).get("uid")

    def call(self, path, **params):
        return self.url_open(path, json={"params": params}).json()

    def rpc(self, service, method, *arguments):
        return self.url_open(
            "/jsonrpc",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "params": {"service": service, "method": method, "args": arguments},
            },
        ).json()


def words(response):
    """Return what a page says, without what differs at each answer."""
    text = re.sub(r'csrf_token[^>]*|value="[^"]*"', "", response.text)
    return response.status_code, re.sub(r"[0-9a-f]{7,}", "", text)
