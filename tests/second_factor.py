"""The first log-in of who needs a second factor, as by a browser; then an API key."""

import base64
import hmac
import re
import time

import requests

TIMEOUT = 120


def code_of(secret, now=None):
    """Return the six digits that an authenticator app shows (RFC 6238)."""
    counter = int((time.time() if now is None else now) / 30).to_bytes(8)
    mac = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


class FirstLogIn:
    """`FirstLogIn(url, login, password).api_key()` of who has no second factor yet."""

    def __init__(self, url, login, password):
        self.url, self.password = url, password
        self.session = requests.Session()
        page = self._form("/web/login", "/web/login", login=login, password=password)
        assert page.url.startswith(f"{url}/web/login/two_factors"), page.url
        shown = re.search(r'user-select-all">([A-Z2-7 ]+)<', page.text)[1]
        self.secret = shown.replace(" ", "")
        path = "/web/login/two_factors"
        self._form(path, path, totp_token=code_of(self.secret))

    def _form(self, shown, sent, **fields):
        page = self.session.get(f"{self.url}{shown}", timeout=TIMEOUT).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        fields["csrf_token"] = token
        return self.session.post(f"{self.url}{sent}", data=fields, timeout=TIMEOUT)

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = self.session.post(
            f"{self.url}/web/dataset/call_kw", json={"params": params}, timeout=TIMEOUT
        ).json()
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def api_key(self):
        """Make a key as the page of preferences does, and return it."""
        uid = self.session.post(
            f"{self.url}/web/session/get_session_info", json={}, timeout=TIMEOUT
        ).json()["result"]["uid"]
        check = self.call("res.users", "api_key_wizard", [uid])
        context = {"password": self.password}
        identity = [check["res_id"]]
        self.call("res.users.identitycheck", "run_check", identity, context=context)
        vals = {"name": "tests", "duration": "1"}
        made = self.call("res.users.apikeys.description", "create", [vals])
        shown = self.call("res.users.apikeys.description", "make_key", made)
        return shown["context"]["default_key"]
