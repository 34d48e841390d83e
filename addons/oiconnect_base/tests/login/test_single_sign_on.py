from contextlib import suppress

from odoo.exceptions import AccessDenied, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ... import openid
from ...models.login.auth_oauth_provider import CODE_FLOW
from .login_common import LoginCase

LOG = "odoo.addons.oiconnect_base.controllers.single_sign_on"


@tagged("post_install", "-at_install")
class TestSingleSignOn(LoginCase):
    """Accounts and groups from claims, and what the settings refuse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["auth.oauth.provider"].create(
            {
                "name": "Annuaire",
                "body": "Annuaire",
                "client_id": "oiconnect",
                "issuer": "https://sso.example.com",
                "auth_endpoint": "https://sso.example.com/auth?tenant=1",
                "token_endpoint": "https://sso.example.com/token",
                "jwks_uri": "https://sso.example.com/keys",
                "enabled": True,
            }
        )
        cls.reader = cls.env.ref("oiconnect_base.group_access_read")
        cls.biller = cls.env.ref("oiconnect_base.group_billing_read")
        cls._map("readers", cls.reader)
        cls._map("billers", cls.biller)
        cls.users = cls.env["res.users"]

    @classmethod
    def _map(cls, value, group, claim="groups"):
        return cls.env["oiconnect.claim.group"].create(
            {
                "provider_id": cls.provider.id,
                "claim": claim,
                "value": value,
                "group_id": group.id,
            }
        )

    def _enter(self, groups, sub="1", **claims):
        claims = {"sub": sub, "email": "lou@example.com", "groups": groups} | claims
        return self.users._openid_user(self.provider, claims)

    def test_an_account_is_made_only_for_users_whom_a_claim_lets_in(self):
        for groups in ([], ["others"], None, "reader", [["readers"]], {"readers": 1}):
            with self.subTest(groups), self.assertRaises(openid.Refused):
                self._enter(groups)
        self.assertFalse(self.users.search([("oauth_uid", "=", "1")]))
        user = self._enter(["readers"], name="Lou Lecture")
        self.assertEqual((user.name, user.login), ("Lou Lecture", "lou@example.com"))
        self.assertEqual(user.group_ids, self.reader)
        self.assertEqual(self._enter("readers"), user)
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
        self.assertFalse(self.env.cr.fetchone()[0])

    def test_groups_follow_the_claims_both_ways_and_others_stay(self):
        user = self._enter(["readers", "billers"])
        by_hand = self.env.ref("oiconnect_base.group_ticket_read")
        user.group_ids += by_hand
        self._enter(["readers"])
        self.assertEqual(user.group_ids, self.reader + by_hand)
        # assertRaises would undo what is done before the refusal.
        with suppress(openid.Refused):
            self._enter([])
        self.assertEqual(user.group_ids, by_hand)

    def test_an_archived_account_stays_out(self):
        user = self._enter(["readers"])
        user.active = False
        with self.assertRaises(openid.Refused):
            self._enter(["readers"])
        self.assertFalse(user.active)

    def test_an_account_of_the_same_log_in_is_not_taken_over(self):
        mine = new_test_user(self.env, "lou@example.com")
        for email in ("lou@example.com", None, 5, ""):
            with self.assertRaises(openid.Refused):
                self._enter(["readers"], email=email)
        mine.write({"oauth_provider_id": self.provider.id, "oauth_uid": "1"})
        self.assertEqual(self._enter(["readers"]), mine)

    def test_the_settings_rights_come_by_their_own_name_only(self):
        system = self.env.ref("base.group_system")
        hidden = self.env["res.groups"].create(
            {"name": "Hidden", "implied_ids": system.ids}
        )
        with self.assertRaises(ValidationError):
            self._map("chiefs", hidden)
        self.assertFalse(self._enter(["readers"]).has_group("base.group_system"))
        self._map("chiefs", system)
        self.assertTrue(self._enter(["readers", "chiefs"])._is_system())

    def test_a_group_that_comes_to_imply_them_later_gives_nothing(self):
        self.reader.implied_ids += self.env.ref("base.group_system")
        with self.assertRaises(openid.Refused):
            self._enter(["readers"])
        self.assertFalse(self.users.search([("oauth_uid", "=", "1")]))

    def test_no_portal_is_opened_by_a_claim(self):
        self._map("guests", self.env.ref("base.group_portal"))
        with self.assertRaises(openid.Refused):
            self._enter(["guests"])

    def test_a_dot_leads_into_a_claim_unless_the_claim_has_it_in_its_name(self):
        line = self._map("staff", self.biller, claim="realm_access.roles")
        self.assertTrue(line._is_in({"realm_access": {"roles": ["staff"]}}))
        self.assertTrue(line._is_in({"realm_access.roles": ["staff"]}))
        for claims in ({}, {"realm_access": ["staff"]}, {"realm_access": {"roles": 1}}):
            self.assertFalse(line._is_in(claims))

    def test_whose_second_factor_counts(self):
        for kind, methods, wanted in (
            ("ours", ["mfa"], False),
            ("provider", None, True),
            ("amr", ["pwd", "otp"], True),
            ("amr", ["pwd"], False),
            ("amr", None, False),
            ("amr", {"mfa": 1}, False),
        ):
            self.provider.second_factor = kind
            found = self.provider._had_two_factors({"amr": methods})
            self.assertEqual(found, wanted, (kind, methods))

    def test_no_other_flow_and_no_clear_address_is_allowed(self):
        for vals in (
            *({"flow": "access_token"}, {"flow": "id_token"}, {"issuer": False}),
            *({"token_endpoint": "http://sso.example.com/t"}, {"jwks_uri": "ftp://x"}),
            {"client_id": False},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.provider.write(vals)
        self.assertEqual(self.provider.flow, CODE_FLOW)
        others = self.env["auth.oauth.provider"].search([("flow", "!=", CODE_FLOW)])
        self.assertTrue(others)
        self.assertFalse(any(others.mapped("enabled")))

    def test_no_user_logs_in_by_what_a_client_can_send(self):
        user = self._enter(["readers"])
        own = user.with_user(user)
        for proof in (
            *(None, [user.id, True], {"user_id": user.id}),
            openid.Proof(self.env.ref("base.user_admin").id, True),
        ):
            credential = {"type": "openid", "login": user.login, "proof": proof}
            with self.assertRaises(AccessDenied):
                own._check_credentials(credential, {"interactive": True})
        with self.assertRaises(AccessDenied):
            self.users.auth_oauth(self.provider.id, {"access_token": "x"})
        self.assertTrue(self.users.auth_oauth._api_private)

    def test_the_button_leads_to_the_provider_and_remembers_why(self):
        page = self.url_open("/web/login?redirect=/odoo/users")
        link = f"/web/login/openid/{self.provider.id}?redirect=%2Fodoo%2Fusers"
        self.assertIn(link, page.text)
        self.assertNotIn("Odoo.com", page.text)
        sent = self.url_open(link, allow_redirects=False).headers["Location"]
        self.assertTrue(sent.startswith("https://sso.example.com/auth?tenant=1&"))
        for part in (
            "response_type=code",
            "state=",
            "nonce=",
            "S256",
            "code_challenge=",
        ):
            self.assertIn(part, sent)
        self.provider.enabled = False
        closed = self.url_open(link, allow_redirects=False).headers["Location"]
        self.assertTrue(closed.endswith("/web/login"))

    def test_an_answer_to_nothing_that_was_begun_leads_to_the_log_in(self):
        with mute_logger(LOG):
            for query in ("", "?state=x&code=y", "?access_token=x&state=%7B%7D"):
                page = self.url_open(f"/auth_oauth/signin{query}")
                self.assertIn("/web/login?oauth_error=2", page.url)
                self.assertIn("fournisseur d’", page.text)
        self.assertEqual(self.url_open("/auth_oauth/oea").status_code, 404)
