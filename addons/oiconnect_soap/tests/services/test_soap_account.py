from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests.common import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .service_common import PASSWORD, ServiceCase

URL = "https://sav.ocaa.invalid/ws"


@tagged("post_install", "-at_install")
class TestSoapAccount(ServiceCase):
    """The connection of an operator: its secrets, who reads it, what is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "api_admin", "oiconnect_base.group_api_manager"
        )
        cls.reader = new_test_user(
            cls.env, "api_lecteur", "oiconnect_base.group_api_read"
        )

    def setUp(self):
        super().setUp()
        self.mine = self.account.with_user(self.manager)

    def test_no_password_is_read_again(self):
        self.mine.write({"url": URL, "remote_login": "oi", "remote_password": "secret"})
        self.env.flush_all()
        for account in (self.mine, self.account):
            account.invalidate_recordset()
            self.assertFalse(account.password)
            self.assertFalse(account.remote_password)
        for name in ("password_hash", "remote_password_token"):
            with self.assertRaises(AccessError):
                self.mine.read([name])
        self.assertTrue(self.mine.has_password)
        self.assertTrue(self.mine.has_secret)

    def test_only_a_hash_of_the_operators_password_is_stored(self):
        stored = self.account.sudo().password_hash
        self.assertTrue(stored.startswith("$pbkdf2-sha512$"))
        self.assertNotIn(PASSWORD, stored)

    def test_our_password_goes_to_the_address_it_was_typed_for(self):
        self.mine.write({"url": URL, "remote_login": "oi", "remote_password": "secret"})
        self.assertEqual(self.account._secret("remote_password"), "secret")
        self.mine.write({"url": "https://ailleurs.invalid/"})
        self.assertIsNone(self.account._secret("remote_password"))
        self.assertTrue(self.account.sudo().password_hash, "theirs is another matter")

    def test_the_form_says_what_is_lost_until_it_is_typed_again(self):
        self.mine.write({"url": URL, "remote_login": "oi", "remote_password": "secret"})
        with Form(self.mine) as form:
            self.assertFalse(form.loses_secret)
            form.url = "https://ailleurs.invalid/"
            self.assertTrue(form.loses_secret)
            form.remote_password = "neuf"
            self.assertFalse(form.loses_secret)

    def test_a_person_who_acts_lets_calls_go_on(self):
        self.account.sudo().write(
            {
                "stopped_code": "12",
                "failure_count": 3,
                "next_try_date": fields.Datetime.now() + timedelta(hours=1),
            }
        )
        self.mine.write({"timeout_seconds": 30})
        self.assertEqual(self.account.stopped_code, "12")
        self.mine.write({"remote_password": "neuf"})
        self.assertFalse(self.account.stopped_code)
        self.assertFalse(self.account.next_try_date)
        self.assertEqual(self.account.failure_count, 0)

    def test_readers_change_nothing_and_no_user_the_state(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.reader).write({"is_served": False})
        for values in (
            {"password_hash": "x"},
            {"refused_count": 0},
            {"locked_until": False},
            {"stopped_code": False},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                self.mine.write(values)
        self.assertEqual(self.account._undeclared_fields(), [])
        self.assertEqual(self.env["oiconnect.soap.call"]._undeclared_fields(), [])

    def test_others_do_not_see_connections(self):
        stranger = new_test_user(
            self.env, "sans_api", "oiconnect_base.group_ticket_manager"
        )
        with self.assertRaises(AccessError):
            self.account.with_user(stranger).read(["login"])
        with self.assertRaises(AccessError):
            self.env["oiconnect.soap.call"].with_user(stranger).search([])

    def test_the_creator_of_a_connection_is_notified_unless_another_is_named(self):
        self.account.active = False
        self.env.flush_all()
        keys = {"network_id": self.network.id, "operator_id": self.operator.id}
        accounts = self.env["oiconnect.soap.account"].with_user(self.manager)
        self.assertEqual(accounts.create(keys).responsible_id, self.manager)

    def test_a_login_and_an_operator_of_a_network_are_there_once(self):
        self.env.flush_all()
        for values in (
            {"login": "ocaa"},
            {"network_id": self.network.id, "operator_id": self.operator.id},
        ):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(UniqueViolation),
                self.env.cr.savepoint(),
            ):
                self.rival_account.write(values)
        self.rival_account.active = False
        self.rival_account.login = "ocaa"
        self.env.flush_all()

    def test_an_address_is_one(self):
        for url in ("ocaa.invalid", "ftp://ocaa.invalid", "https://oi:x@ocaa.invalid/"):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.mine.write({"url": url})
        with self.assertRaises(ValidationError):
            self.mine.write({"is_notified": True})
        self.mine.write({"url": URL, "is_notified": True})

    def test_a_password_has_a_length(self):
        with self.assertRaises(ValidationError):
            self.mine.write({"password": "x" * 257})

    def test_the_chatter_tells_of_a_new_password_and_not_which(self):
        before = self.account.message_ids
        self.mine.write({"password": "tres-secret"})
        notes = " ".join(str(n.body) for n in self.account.message_ids - before)
        self.assertIn("password", notes)
        self.assertNotIn("tres-secret", notes)

    def test_the_button_of_an_operator_opens_what_it_counts(self):
        action = self.env.ref("oiconnect_soap.soap_account_action_operator")
        self.assertEqual(action.domain, '[("operator_id", "=", active_id)]')
        domain = [("operator_id", "=", self.operator.id)]
        found = self.env[action.res_model].search_count(domain)
        self.assertEqual((found, self.operator.soap_account_count), (1, 1))

    def test_a_copied_database_serves_and_calls_no_operator(self):
        self.mine.write({"url": URL, "remote_login": "oi", "remote_password": "secret"})
        self.env.flush_all()
        for query in get_neutralization_queries(["oiconnect_soap"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(self.account.active)
        self.assertFalse(self.account.sudo().password_hash)
        self.assertIsNone(self.account._secret("remote_password"))
        self.assertIn("neutralized.invalid", self.account.url)
