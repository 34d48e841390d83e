from contextlib import contextmanager
from unittest.mock import patch

from passlib.handlers import pbkdf2

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .login_common import STRONG, LoginCase, production, words

LOG = "odoo.addons.base.models.res_users"
#: rounds of API keys: a fast hash, which is made where their first part is known
FAST = 6_000


@contextmanager
def slow_hashes():
    """Count the hashes of passwords, each a quarter of a second on a server.

    Tests have fewer rounds: it is the number that is compared, not the time.
    """
    made = []

    def hash_it(digest, secret, salt, rounds, *more, **options):
        if rounds != FAST:
            made.append(rounds)
        return genuine(digest, secret, salt, rounds, *more, **options)

    genuine = pbkdf2.pbkdf2_hmac
    with patch.object(pbkdf2, "pbkdf2_hmac", hash_it):
        yield made


@tagged("post_install", "-at_install")
class TestEqualAnswer(LoginCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env["res.groups"].create(
            {"name": "Sensitive", "requires_two_factors": True}
        )
        cls.logins = ["josette", "unknown-login", "gone", "empty", "careful"]
        gone = new_test_user(cls.env, "gone", password=STRONG)
        gone.active = False
        empty = new_test_user(cls.env, "empty", password=STRONG)
        careful = new_test_user(cls.env, "careful", password=STRONG)
        careful.group_ids += group
        cls.env.cr.execute(
            "UPDATE res_users SET password = NULL WHERE id = %s", [empty.id]
        )
        cls.ids = [cls.person.id, 99_999_999, gone.id, empty.id, careful.id]

    def setUp(self):
        super().setUp()
        self.startPatcher(production())

    def _compare(self, ask, subjects):
        """Check that all have the same answer, by one slow hash each."""
        found = {}
        for subject in subjects:
            with slow_hashes() as made, mute_logger(LOG, "odoo.http"):
                answer = ask(subject)
            found[subject] = (answer, len(made))
        first = found[subjects[0]]
        self.assertEqual(first[1], 1)
        for subject in subjects[1:]:
            self.assertEqual(found[subject], first, subject)

    def test_the_log_in_page(self):
        self._compare(
            lambda login: words(self.log_in(login, "not the right one")), self.logins
        )

    def test_the_log_in_page_without_password(self):
        self._compare(lambda login: words(self.log_in(login, "")), self.logins)

    def test_the_log_in_of_the_web_client(self):
        def ask(login):
            self.authenticate(None, None)
            answer = self.call(
                "/web/session/authenticate",
                db=self.env.cr.dbname,
                login=login,
                password="not the right one",
            )
            return str(answer)

        self._compare(ask, self.logins)

    def test_calls_by_json_and_xml(self):
        name = self.env.cr.dbname
        self._compare(
            lambda login: self.rpc("common", "authenticate", name, login, "x", {}),
            self.logins,
        )
        self._compare(
            lambda login: self.xmlrpc_common.authenticate(name, login, "x", {}),
            self.logins,
        )

    def test_calls_by_the_number_of_an_account(self):
        name = self.env.cr.dbname
        self._compare(
            lambda uid: str(
                self.rpc("object", "execute", name, uid, "x", "res.users", "read", [1])
            ),
            self.ids,
        )

    def test_other_first_steps_than_the_pages_have_are_refused_alike(self):
        for kind in ("totp", "totp_mail", "oauth_token", "openid", "apikey"):
            found = {
                words(self.log_in(login, STRONG, type=kind)) for login in self.logins
            }
            self.assertEqual(len(found), 1, kind)
            self.assertEqual(found.pop()[0], 200)

    def test_passkeys_unknown_or_wrong(self):
        self.env.cr.execute(
            "INSERT INTO auth_passkey_key (name, credential_identifier, create_uid)"
            " VALUES ('k', 'known', %s)",
            [self.person.id],
        )
        answers = set()
        for text in ('{"id": "known"}', '{"id": "other"}', "{}", "[]", "no json"):
            response = self.log_in("", "", type="webauthn", webauthn_response=text)
            answers.add(words(response))
        self.assertEqual(len(answers), 1)
        self.assertEqual(answers.pop()[0], 200)

    def test_a_locked_address_learns_nothing_either(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("base.login_cooldown_after", 1)
        # A slow machine must not outlast the lock, nor failures of other tests lock.
        parameters.set_param("base.login_cooldown_duration", 86_400)
        vars(self.env.registry).pop("_login_failures", None)
        self.addCleanup(vars(self.env.registry).pop, "_login_failures", None)
        with mute_logger(LOG):
            with slow_hashes() as made:
                page = self.log_in("unknown-login", "x")
            self.assertEqual((len(made), page.status_code), (1, 200), page.text)
            for login in self.logins:
                with slow_hashes() as made:
                    page = self.log_in(login, "x")
                self.assertEqual((made, page.status_code), ([], 200), login)


@tagged("post_install", "-at_install")
class TestPasswordRequest(LoginCase):
    def setUp(self):
        super().setUp()
        cron = self.env.registry["ir.cron"]
        self.startPatcher(patch.object(cron, "_commit_progress", return_value=60))
        self.requests = self.env["oiconnect.password.request"]
        self.requests.search([]).unlink()

    def _forget(self, login):
        return words(self.post("/web/reset_password", login=login))

    def _mails(self):
        domain = [("email_to", "ilike", "josette@example.com")]
        return self.env["mail.mail"].search_count(domain)

    def test_known_and_unknown_are_answered_alike_before_anything_is_looked_up(self):
        before = self._mails()
        known, unknown = self._forget("josette"), self._forget("unknown-login")
        self.assertEqual(known, unknown)
        self.assertIn("Si un compte porte ce nom", known[1])
        self.assertEqual(self._mails(), before)
        waiting = self.requests.search([]).mapped("login")
        self.assertEqual(sorted(waiting), ["josette", "unknown-login"])

    def test_the_link_leaves_later_to_who_has_an_account(self):
        for login in ("josette", "josette@example.com", "unknown-login"):
            sent = self._sent(login)
            self.assertEqual(sent, ["josette"] * (login != "unknown-login"), login)
        self.assertFalse(self.requests.search([]))

    def _sent(self, login):
        self._forget(login)
        people = self.env.registry["res.users"]
        with patch.object(people, "action_reset_password", autospec=True) as send:
            self.requests._cron_send()
        return [user.login for call in send.call_args_list for user in call.args[0]]

    def test_a_hundred_requests_send_one_message(self):
        for _rank in range(3):
            self._forget(" josette ")
        self.assertEqual(self.requests.search_count([]), 1)

    def test_who_logs_in_by_a_provider_gets_no_link(self):
        provider = self.env["auth.oauth.provider"].create(
            {"name": "P", "body": "P", "enabled": False}
        )
        self.person.oauth_provider_id = provider
        self.assertEqual(self._sent("josette"), ["josette"])
        self.env.cr.execute("UPDATE auth_oauth_provider SET enabled = TRUE")
        provider.invalidate_recordset()
        self.assertEqual(self._sent("josette"), [])

    def test_an_error_stops_no_other_request(self):
        self.person.email = False
        self.requests._add("josette")
        self.requests._add("admin")
        self.requests._cron_send()
        self.assertFalse(self.requests.search([]))

    def test_a_mail_address_leads_to_no_log_in_name(self):
        for path in ("/web/reset_password", "/web/signup"):
            page = self.url_open(
                f"{path}?signup_email=josette@example.com", allow_redirects=False
            )
            self.assertNotEqual(page.status_code, 303, path)

    def test_no_account_is_made_without_an_invitation(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("auth_signup.invitation_scope", "b2c")
        self.authenticate(None, None)
        self.assertNotIn("/web/signup", self.url_open("/web/login").text)
        self.assertEqual(self.url_open("/web/signup").status_code, 404)
        fields = {"login": "x", "name": "X", "password": STRONG}
        fields["confirm_password"] = STRONG
        self.assertEqual(self.post("/web/signup", **fields).status_code, 404)
