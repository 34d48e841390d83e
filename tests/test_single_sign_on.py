"""Single sign-on against a real provider of OpenID Connect: oidc-provider, on Node.js.

A browser goes from our button to the provider and back; tokens are right, or wrong in
one thing at a time.
"""

import json
import shutil
import subprocess
import time
import urllib.request

import conftest
import pytest
import requests
from oictools import settings
from oictools.services import free_port
from waiting import wait_until

pytestmark = pytest.mark.slow
SECRET = "a secret that both have"  # noqa: S105
MODULES = settings.HOME / "node" / "node_modules"
READER, BILLER = "oiconnect_base.group_access_read", "oiconnect_base.group_billing_read"
LOU = {"email": "lou@example.com", "name": "Lou Lecture"}


class IdentityProvider:
    """The provider's process, and the file by which a test says who comes."""

    def __init__(self, folder, redirect_uri):
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.state = folder / "state.json"
        self.log = folder / "provider.log"
        script = settings.ROOT / "tests" / "identity_provider.mjs"
        # The node of a wheel is a script that starts it: stopped, it would leave it.
        node = subprocess.check_output(
            ["node", "--print", "process.execPath"], text=True, timeout=60
        )
        self.command = [node.strip(), script, MODULES, str(self.port), self.state]
        self.command.append(redirect_uri)
        self.say("lou", groups=[])

    def say(self, sub, spoil=None, amr=None, **claims):
        said = {"sub": sub, "claims": LOU | claims, "spoil": spoil, "amr": amr}
        self.state.write_text(json.dumps(said))

    def start(self):
        """Start it; each time it has another key."""
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                self.command, stdout=output, stderr=subprocess.STDOUT
            )
        wait_until(self._answers)

    def _answers(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            url = f"{self.issuer}/.well-known/openid-configuration"
            with urllib.request.urlopen(url, timeout=5):
                return True
        except OSError:
            return False

    def stop(self):
        self.process.kill()
        self.process.wait(10)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if not shutil.which("node") or not (MODULES / "oidc-provider").is_dir():
        pytest.skip("no Node.js, or not its packages: run scripts/setup.sh --dev")
    with conftest.demo_server("sso", tmp_path_factory.mktemp("sso")) as found:
        yield found


@pytest.fixture(scope="module")
def identity(server, tmp_path_factory):
    back = f"http://127.0.0.1:{server.port}/auth_oauth/signin"
    found = IdentityProvider(tmp_path_factory.mktemp("provider"), back)
    found.start()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def provider(server, identity):
    """The provider as an administrator sets it up: its settings are read from it."""
    admin = server.client()
    [made] = admin.call(
        "auth.oauth.provider",
        "create",
        [
            {
                "name": "Annuaire",
                "body": "Se connecter par l'annuaire",
                "issuer": identity.issuer,
                "client_id": "oiconnect",
                "client_secret": SECRET,
                "scope": "openid email profile",
            }
        ],
    )
    admin.call("auth.oauth.provider", "action_read_settings", [made])
    admin.call("auth.oauth.provider", "write", [made], {"enabled": True})
    for value, group in (("readers", READER), ("billers", BILLER)):
        line = {"provider_id": made, "value": value, "group_id": ref(server, group)}
        admin.call("oiconnect.claim.group", "create", [line])
    return made


def ref(server, name):
    module, name = name.split(".")
    query = "SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s"
    return server.rows(query, module, name)[0][0]


class Browser:
    def __init__(self, server, provider):
        self.server, self.provider = server, provider
        self.root = f"http://127.0.0.1:{server.port}"
        self.session = requests.Session()

    def log_in(self, redirect="/odoo"):
        """Press the button and follow all redirections; return the last address."""
        url = f"{self.root}/web/login/openid/{self.provider}"
        answer = self.session.get(url, params={"redirect": redirect}, timeout=60)
        assert answer.status_code == 200, answer.text[:2000]
        return answer.url.removeprefix(self.root)

    def uid(self):
        url = f"{self.root}/web/session/get_session_info"
        found = self.session.post(url, json={"params": {}}, timeout=60).json()
        return found.get("result", {}).get("uid")


@pytest.fixture
def browser(server, provider):
    return Browser(server, provider)


def groups_of(server, sub):
    query = """
        SELECT d.module || '.' || d.name FROM res_groups_users_rel r
          JOIN res_users u ON u.id = r.uid AND u.oauth_uid = %s
          JOIN ir_model_data d ON d.model = 'res.groups' AND d.res_id = r.gid
    """
    return {name for (name,) in server.rows(query, sub)}


def accounts(server, sub):
    return server.rows("SELECT id FROM res_users WHERE oauth_uid = %s", sub)


def is_refused(browser):
    return browser.log_in().startswith("/web/login?oauth_error=2") and not browser.uid()


# -- who comes in ----------------------------------------------------------------------


def test_a_person_comes_in_where_she_wanted_with_the_groups_of_her_claims(
    server, identity, browser
):
    identity.say("anna", groups=["readers", "unknown"], email="anna@example.com")
    assert browser.log_in("/odoo/users") == "/odoo/users"
    [(uid,)] = accounts(server, "anna")
    assert browser.uid() == uid
    assert groups_of(server, "anna") == {READER}


def test_a_claim_that_is_gone_takes_its_group_away(server, identity, provider):
    identity.say("berthe", groups=["readers", "billers"], email="berthe@example.com")
    assert Browser(server, provider).log_in() == "/odoo"
    assert groups_of(server, "berthe") == {READER, BILLER}
    identity.say("berthe", groups=["readers"], email="berthe@example.com")
    assert Browser(server, provider).log_in() == "/odoo"
    assert groups_of(server, "berthe") == {READER}
    identity.say("berthe", groups=[], email="berthe@example.com")
    assert is_refused(Browser(server, provider))
    assert groups_of(server, "berthe") == set()


def test_whom_no_claim_lets_in_has_no_account(server, identity, browser):
    identity.say("carla", groups=["others"])
    assert is_refused(browser)
    assert accounts(server, "carla") == []


def test_an_archived_person_stays_out(server, identity, provider):
    identity.say("dora", groups=["readers"], email="dora@example.com")
    assert Browser(server, provider).log_in() == "/odoo"
    [(uid,)] = accounts(server, "dora")
    server.client().call("res.users", "write", [uid], {"active": False})
    assert is_refused(Browser(server, provider))


def test_no_other_site_is_gone_to(server, identity, provider):
    identity.say("emma", groups=["readers"], email="emma@example.com")
    for redirect in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        assert Browser(server, provider).log_in(redirect) == "/odoo"


def test_the_secret_of_the_provider_is_stored_encrypted_and_never_read_back(
    server, provider
):
    fields = ["client_secret"]
    [read] = server.client().call("auth.oauth.provider", "read", [provider], fields)
    assert not read["client_secret"]
    query = "SELECT p::text FROM auth_oauth_provider p WHERE id = %s"
    assert SECRET not in server.rows(query, provider)[0][0]


# -- tokens that are wrong -------------------------------------------------------------

HOUR = 3600
WRONG = {
    "another nonce": {"claims": {"nonce": "of another log-in"}},
    "no nonce": {"claims": {"nonce": None}},
    "another audience": {"claims": {"aud": "another"}},
    "two audiences, no party": {"claims": {"aud": ["oiconnect", "another"]}},
    "another party": {"claims": {"azp": "another"}},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "expired": {"claims": {"exp": int(time.time()) - HOUR}},
    "no expiry": {"claims": {"exp": None}},
    "no subject": {"claims": {"sub": None}},
    "of another access token": {"claims": {"at_hash": "x"}},
    "another key": {"key": "foreign"},
    "no signature": {"alg": "none"},
    "a signature by the public key": {"alg": "HS256"},
}


@pytest.mark.parametrize("spoil", WRONG.values(), ids=WRONG)
def test_a_wrong_token_is_refused(server, identity, browser, spoil):
    identity.say("fanny", groups=["readers"], email="fanny@example.com", spoil=spoil)
    assert is_refused(browser)
    assert accounts(server, "fanny") == []


def test_the_same_token_with_nothing_wrong_is_taken(server, identity, browser):
    """The same token, unchanged, is accepted: refusals above have the stated reason."""
    identity.say("gaby", groups=["readers"], email="gaby@example.com", spoil={})
    assert browser.log_in() == "/odoo"


# -- the way between -------------------------------------------------------------------


def stopped_before_the_end(browser):
    """Go as far as the address that leads back to us; return it, not yet requested."""
    url = f"{browser.root}/web/login/openid/{browser.provider}"
    while True:
        answer = browser.session.get(url, allow_redirects=False, timeout=60)
        url = requests.compat.urljoin(url, answer.headers["Location"])
        if "/auth_oauth/signin" in url:
            return url


def test_an_answer_is_accepted_once_from_the_requesting_browser(
    server, identity, provider
):
    """An answer opened in another person's browser logs no one in."""
    identity.say("hilda", groups=["readers"], email="hilda@example.com")
    attacker, victim = Browser(server, provider), Browser(server, provider)
    url = stopped_before_the_end(attacker)
    victim.session.get(url, timeout=60)
    assert not victim.uid()
    attacker.session.get(url, timeout=60)
    assert attacker.uid()
    again = Browser(server, provider)
    again.session.cookies.update(attacker.session.cookies)
    assert "oauth_error" in again.session.get(url, timeout=60).url


def test_a_stolen_code_is_of_no_use_in_another_log_in(server, identity, provider):
    """The verifier of PKCE is of one log-in: the provider refuses the other."""
    identity.say("ines", groups=["readers"], email="ines@example.com")
    code = stopped_before_the_end(Browser(server, provider)).split("code=")[1]
    code = code.split("&")[0]
    thief = Browser(server, provider)
    url = stopped_before_the_end(thief)
    own = url.split("code=")[1].split("&")[0]
    thief.session.get(url.replace(own, code), timeout=60)
    assert not thief.uid()


def test_an_answer_of_another_provider_is_refused(server, identity, provider):
    identity.say("jana", groups=["readers"], email="jana@example.com")
    browser = Browser(server, provider)
    url = stopped_before_the_end(browser)
    assert "iss=" in url
    other = requests.compat.quote(identity.issuer, safe="")
    browser.session.get(url.replace(other, "https%3A%2F%2Fevil"), timeout=60)
    assert not browser.uid()


def test_two_factors_are_those_of_the_provider_where_it_is_said(
    server, identity, provider
):
    admin = server.client()
    strict = {"name": "Strict", "requires_two_factors": True}
    strict["implied_ids"] = [[4, ref(server, READER)]]
    [group] = admin.call("res.groups", "create", [strict])
    line = {"provider_id": provider, "value": "strict", "group_id": group}
    admin.call("oiconnect.claim.group", "create", [line])
    claims = {"groups": ["strict"], "email": "kim@example.com"}
    for kind, amr, end in (
        ("ours", ["mfa"], "/web/login/two_factors"),
        ("amr", ["pwd"], "/web/login/two_factors"),
        ("amr", ["pwd", "otp"], "/odoo"),
        ("provider", ["pwd"], "/odoo"),
    ):
        vals = {"second_factor": kind}
        admin.call("auth.oauth.provider", "write", [provider], vals)
        identity.say("kim", amr=amr, **claims)
        browser = Browser(server, provider)
        assert browser.log_in().split("?")[0] == end, (kind, amr)
        assert bool(browser.uid()) == (end == "/odoo")


# -- last: they stop the provider ------------------------------------------------------


def test_a_new_key_of_the_provider_is_taken_the_old_one_no_more(
    server, identity, provider
):
    identity.say("lea", groups=["readers"], email="lea@example.com")
    assert Browser(server, provider).log_in() == "/odoo"
    identity.stop()
    identity.start()
    assert Browser(server, provider).log_in() == "/odoo"


def test_a_provider_that_does_not_answer_lets_no_user_in(server, identity, provider):
    identity.say("mia", groups=["readers"], email="mia@example.com")
    browser = Browser(server, provider)
    url = stopped_before_the_end(browser)
    identity.stop()
    assert "oauth_error=2" in browser.session.get(url, timeout=60).url
    assert not browser.uid()
    identity.start()


def test_calls_of_the_provider_leave_by_the_one_way_out(server, identity):
    text = server.log.read_text()
    assert f"way out: single sign-on: 127.0.0.1:{identity.port}" in text
    assert f"way out: refused: 127.0.0.1:{identity.port}" not in text
