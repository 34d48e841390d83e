import base64
import re
import time
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.auth_totp.models.totp import hotp

from ...hooks import TWO_FACTORS
from .login_common import STRONG, LoginCase, production

PATH = "/web/login/two_factors"


def code_of(secret):
    return hotp(base64.b32decode(secret), int(time.time() / 30))


@tagged("post_install", "-at_install")
class TestTwoFactors(LoginCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env["res.groups"].create({"name": "Sensitive"})
        cls.outer = cls.env["res.groups"].create(
            {"name": "Outer", "implied_ids": cls.group.ids}
        )
        cls.person.group_ids += cls.outer

    def _secret(self, page):
        found = re.search(r'user-select-all">([A-Z2-7 ]+)<', page.text)
        return found[1].replace(" ", "")

    def _set_up(self):
        page = self.url_open(PATH)
        code = code_of(self._secret(page))
        return self.post(PATH, totp_token=f"{code:06d}")

    def test_without_the_requirement_the_password_is_enough(self):
        self.log_in()
        self.assertEqual(self.uid(), self.person.id)

    def test_nothing_is_reached_before_a_second_factor_is_set_up(self):
        self.group.requires_two_factors = True
        response = self.log_in(redirect="/odoo/users")
        self.assertTrue(response.headers["Location"].startswith(PATH))
        self.assertFalse(self.uid())
        for path in ("/odoo", "/web", "/my", "/web/content/1", "/web/become"):
            page = self.url_open(path, allow_redirects=False)
            self.assertIn(page.status_code, (303, 404), path)
        answer = self.call(
            "/web/dataset/call_kw",
            model="res.users",
            method="read",
            args=[[1]],
            kwargs={},
        )
        self.assertIn("SessionExpired", answer["error"]["data"]["name"])
        response = self._set_up()
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.uid(), self.person.id)
        self.assertTrue(self.person.totp_enabled)

    def test_once_it_is_set_up_each_log_in_asks_for_it(self):
        self.group.requires_two_factors = True
        self.log_in()
        self._set_up()
        response = self.log_in()
        self.assertTrue(response.headers["Location"].startswith("/web/login/totp"))
        self.assertFalse(self.uid())
        self.assertIn("/web/login/totp", self.url_open(PATH).url)

    def test_wrong_codes_and_other_addresses_lead_nowhere(self):
        self.group.requires_two_factors = True
        self.log_in()
        self.url_open(PATH)
        with mute_logger("odoo.addons.auth_totp.models.res_users"):
            for code in ("000000", "", "abc", "٣٤٥٦٧٨", "-1", "9" * 4000):
                page = self.post(PATH, totp_token=code)
                self.assertEqual(page.status_code, 200, code)
                self.assertIn("alert-danger", page.text)
        self.assertFalse(self.uid())
        for fields in ({}, {"totp_token": "123456"}):
            page = self.post("/web/login/totp", **fields)
            self.assertIn(PATH, page.headers["Location"])
        self.authenticate(None, None)
        for page in (self.url_open(PATH), self.post(PATH, totp_token="1")):
            self.assertNotIn("totp_token", page.text)

    def test_a_trusted_device_from_before_is_no_second_factor(self):
        device = self.env["auth_totp.device"].with_user(self.person).sudo()
        limit = self.env.cr.now().replace(year=2040)
        key = device._generate("browser", "b", limit)
        self.group.requires_two_factors = True
        self.log_in()
        self.opener.cookies["td_id"] = key
        self.url_open("/web/login/totp")
        self.assertFalse(self.uid())

    def test_a_code_by_mail_is_not_enough(self):
        self.env["ir.config_parameter"].set_param("auth_totp.policy", "all_required")
        self.assertEqual(self.person._mfa_type(), "totp_mail")
        self.group.requires_two_factors = True
        self.assertEqual(self.person._mfa_url(), PATH)

    def test_a_password_opens_no_call_an_api_key_does(self):
        name = self.env.cr.dbname
        ask = ("common", "authenticate", name, "josette")
        self.assertEqual(self.rpc(*ask, STRONG, {})["result"], self.person.id)
        self.group.requires_two_factors = True
        keys = self.env["res.users.apikeys"].with_user(self.person)
        limit = self.env.cr.now().replace(year=2040)
        key = keys.sudo()._generate("rpc", "script", limit)
        self.env.flush_all()
        with mute_logger("odoo.addons.base.models.res_users", "odoo.http"):
            self.assertFalse(self.rpc(*ask, STRONG, {})["result"])
            call = ("object", "execute", name, self.person.id)
            read = ("res.users", "read", [self.person.id], ["name"])
            self.assertIn("error", self.rpc(*call, STRONG, *read))
        self.assertEqual(self.rpc(*ask, key, {})["result"], self.person.id)
        self.assertIn("result", self.rpc(*call, key, *read))
        answer = self.call(
            "/web/session/authenticate", db=name, login="josette", password=STRONG
        )
        self.assertFalse(answer["result"]["uid"])

    def test_sessions_that_began_before_end(self):
        for change in (
            lambda: self.group.write({"requires_two_factors": True}),
            lambda: self.person.write({"group_ids": [(4, self.outer.id)]}),
        ):
            self.log_in()
            self.assertEqual(self.uid(), self.person.id)
            change()
            self.env.flush_all()
            self.assertFalse(self.uid())
            self.person.group_ids -= self.outer

    def test_who_has_a_passkey_does_not_come_in_by_the_password(self):
        self.group.requires_two_factors = True
        self.env.cr.execute(
            "INSERT INTO auth_passkey_key (name, credential_identifier, create_uid)"
            " VALUES ('k', 'known', %s)",
            [self.person.id],
        )
        self.log_in()
        page = self.url_open(PATH)
        self.assertNotIn("totp_token", page.text)
        self.assertIn("clé d’", page.text)
        self.post(PATH, totp_token="123456")
        self.assertFalse(self.uid())
        self.assertFalse(self.person.totp_enabled)

    def test_a_user_cannot_remove_the_own_last_factor(self):
        self.group.requires_two_factors = True
        self.log_in()
        self._set_up()
        wizard = self._ask("res.users", "action_totp_disable", [self.person.id])
        keep = {"context": {"password": STRONG}}
        with mute_logger("odoo.http"):
            answer = self._ask(
                "res.users.identitycheck",
                "run_check",
                [wizard["result"]["res_id"]],
                **keep,
            )
        self.assertIn("second factor", answer["error"]["data"]["message"])
        self.assertTrue(self.person.totp_enabled)

    def _ask(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.call("/web/dataset/call_kw", **params)

    def test_the_last_passkey_stays_too(self):
        self.group.requires_two_factors = True
        own = self.person.with_user(self.person)
        with self.assertRaises(UserError):
            own._check_factor_stays(own.browse())
        own._check_factor_stays(own)
        # An administrator helps who has lost the telephone.
        self.person._check_factor_stays(own.browse())

    def test_it_is_on_from_the_start_but_for_demo_and_tests(self):
        groups = self.env["res.groups"].browse(
            self.env.ref(name).id for name in TWO_FACTORS
        )
        self.assertFalse(any(groups.mapped("requires_two_factors")))
        groups._require_two_factors()
        self.assertFalse(any(groups.mapped("requires_two_factors")))
        with production():
            groups._require_two_factors()
        self.assertTrue(all(groups.mapped("requires_two_factors")))
        admin = self.env.ref("base.user_admin")
        self.assertTrue(admin._requires_two_factors())
        reader = new_test_user(self.env, "lecteur", "oiconnect_base.group_billing_read")
        self.assertFalse(reader._requires_two_factors())

    def test_the_secret_stays_the_same_until_it_is_taken(self):
        self.group.requires_two_factors = True
        self.log_in()
        first, second = (self._secret(self.url_open(PATH)) for _rank in range(2))
        self.assertEqual(first, second)
        self._set_up()
        with patch.object(type(self.env["res.users"]), "_mfa_type", lambda _s: None):
            self.log_in()
        self.assertFalse(self.session.get("oiconnect_new_factor"))
