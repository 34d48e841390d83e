from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ...hooks import raise_password_length
from .login_common import STRONG, LoginCase, production

WEAK = "motdepasse12"
SHORT = "kX9#vQ2!mZ"
OTHER = "pupitre nuage canal 406"


@tagged("post_install", "-at_install")
class TestPasswordPolicy(LoginCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(production())

    def _roads(self):
        """Yield ``(name, function that sets a password)``: all that Odoo has."""
        users = self.env["res.users"].with_context(no_reset_password=True)
        own = users.with_user(self.person)
        yield "write", lambda text: self.person.write({"password": text})
        yield "sudo", lambda text: self.person.sudo().write({"password": text})
        yield "change", lambda text: own.change_password(STRONG, text)
        yield "wizard", self._change_by_wizard
        yield (
            "create",
            lambda text: users.create(
                {"name": "N", "login": f"n{text}", "password": text}
            ),
        )
        yield "signup", self._sign_up

    def _change_by_wizard(self, text):
        line = {"user_id": self.person.id, "new_passwd": text}
        wizard = self.env["change.password.wizard"].create({"user_ids": [(0, 0, line)]})
        wizard.change_password_button()

    def _sign_up(self, text):
        partner = self.person.partner_id
        partner.signup_prepare(signup_type="reset")
        token = partner._generate_signup_token()
        self.env["res.users"].signup({"password": text}, token)

    def test_no_road_takes_a_weak_password(self):
        for name, take in self._roads():
            for text in (SHORT, WEAK, "josette-josette"):
                with (
                    self.subTest(name, text=text),
                    self.assertRaisesRegex(UserError, "^Choose"),
                ):
                    take(text)
            take(OTHER)
            self.person.password = STRONG

    def test_the_words_say_what_to_do_in_french(self):
        person = self.person.with_context(lang="fr_FR")
        with self.assertRaisesRegex(UserError, "12 caractères .*: celui-ci en a 10"):
            person.password = SHORT
        with self.assertRaisesRegex(UserError, "quatre mots sans lien"):
            person.password = WEAK

    def test_a_lower_parameter_changes_nothing_a_higher_one_counts(self):
        parameters = self.env["ir.config_parameter"]
        for value, wanted in (("4", 12), ("0", 12), ("-3", 12), ("16", 16)):
            parameters.set_param("auth_password_policy.minlength", value)
            found = self.env["res.users"].get_password_policy()["minlength"]
            self.assertEqual(found, wanted)
        with self.assertRaises(UserError):
            self.person.password = "kX9#vQ2!mZ7pRt4"
        raise_password_length(self.env)
        length = parameters.get_param("auth_password_policy.minlength")
        self.assertEqual(length, "16")

    def test_the_settings_show_no_lower_length(self):
        settings = Form(self.env["res.config.settings"])
        settings.minlength = 6
        self.assertEqual(settings.minlength, 12)

    def test_a_form_of_the_portal_of_invitations_refuses(self):
        self.person.partner_id.signup_prepare(signup_type="reset")
        token = self.person.partner_id._generate_signup_token()
        fields = {"token": token, "confirm_password": WEAK, "password": WEAK}
        page = self.post("/web/reset_password", **fields)
        self.assertIn("quatre mots", page.text)
        fields |= {"confirm_password": OTHER, "password": OTHER}
        self.post("/web/reset_password", **fields)
        self.assertEqual(self.log_in(password=OTHER).status_code, 303)

    def test_a_user_with_a_weak_password_logs_in_and_must_change_it(self):
        self._set_past(self.person, WEAK)
        response = self.log_in(password=WEAK)
        self.assertIn("/web/login/password?redirect=", response.headers["Location"])
        self.assertEqual(self.uid(), self.person.id)
        self.assertTrue(self.person.has_weak_password)
        page = self.url_open(response.headers["Location"])
        self.assertIn("trop faible", page.text)
        path = "/web/login/password"
        for link in ("javascript:alert(1)", "https://evil.fr", "//evil.fr"):
            self.assertNotIn(link, self.url_open(f"{path}?redirect={link}").text)
        for old, new, again in (("x", OTHER, OTHER), (WEAK, OTHER, "x"), (WEAK,) * 3):
            page = self.post(path, old=old, new=new, again=again)
            self.assertIn("alert-danger", page.text)
        page = self.post(path, old=WEAK, new=OTHER, again=OTHER, redirect="//evil.fr")
        self.assertFalse(page.headers["Location"].startswith("//"))
        self.assertFalse(self.person.has_weak_password)
        self.assertEqual(self.uid(), self.person.id)
        response = self.log_in(password=OTHER)
        self.assertNotIn("password", response.headers["Location"])

    def _set_past(self, user, password):
        """Set what was taken once."""
        hashed = user._crypt_context().hash(password)
        user._set_encrypted_password(user.id, hashed)
        self.env.registry.clear_cache()

    def test_what_sql_wrote_in_clear_stops_no_upgrade(self):
        self.env.cr.execute(
            "UPDATE res_users SET password = 'ab' WHERE id = %s", [self.person.id]
        )
        self.env["res.users"].init()
        self.env.cr.execute(
            "SELECT password FROM res_users WHERE id = %s", [self.person.id]
        )
        self.assertTrue(self.env.cr.fetchone()[0].startswith("$pbkdf2"))

    def test_the_log_in_page_of_production_says_nothing_of_a_demo(self):
        self.assertNotIn("mot de passe est accepté", self.url_open("/web/login").text)


@tagged("post_install", "-at_install")
class TestDemoSwitch(LoginCase):
    def test_the_log_in_page_tells_that_any_password_is_taken(self):
        new_test_user(self.env, "bref", password="bref")
        page = self.url_open("/web/login").text
        self.assertIn("mot de passe est accepté", page)
