from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests.common import tagged

from odoo.addons.oiconnect_interop.parameters import number
from odoo.addons.oiconnect_orders.tests.appointment_common import NOW

from ...models.services import soap_authentication
from ...soap.services import sav
from .service_common import CALLER, PASSWORD, RIVAL_PASSWORD, ServiceCase

STRANGER = "198.51.100.7"
TYPES = next(op for op in sav.OPERATIONS if op.name == "getTroubleTicketTypes")


class CountedContext:
    """The context of passwords; it counts the slow hashes."""

    def __init__(self, context):
        self.context = context
        self.hashes = 0

    def verify(self, secret, password_hash):
        self.hashes += 1
        return self.context.verify(secret, password_hash)

    def hash(self, secret):
        return self.context.hash(secret)


@tagged("post_install", "-at_install")
class TestSoapAuthentication(ServiceCase):
    """Authentication of callers: right ones, answers to wrong ones, and their cost."""

    def setUp(self):
        super().setUp()
        users = self.env.registry["res.users"]
        self.counted = CountedContext(self.env["res.users"]._crypt_context())
        self.startPatcher(
            patch.object(users, "_crypt_context", lambda _users: self.counted)
        )
        self.parameters = self.env["ir.config_parameter"].sudo()
        self.parameters.set_param("oiconnect_interop.lock_tries", "3")

    def _try(self, password=PASSWORD, login="ocaa", address=CALLER):
        """Return the code that the caller hears."""
        body = self._body(TYPES, {}, login, password)
        return self._read(*self._post(body, remote_addr=address), TYPES).code

    def _address(self, address=CALLER):
        """Return what is known of an address of the operator's log-in."""
        self.env.invalidate_all()
        return self.account.address_ids.filtered(lambda one: one.address == address)

    def _work(self, password, login="ocaa"):
        """Return what a call costs: slow hashes, transactions of its own."""
        before, accounts = self.counted.hashes, self.env["oiconnect.soap.account"]
        original = type(accounts)._own_transaction
        opened = []

        def counted(account):
            opened.append(account)
            return original(account)

        with patch.object(type(accounts), "_own_transaction", counted):
            self._try(password, login)
        return self.counted.hashes - before, len(opened)

    def _tasks(self):
        return self.account.activity_ids

    def test_the_right_password_gets_in(self):
        self.assertIsNone(self._try())
        self.assertEqual(self._last_call().account_id, self.account)

    def test_a_wrong_password_and_an_unknown_login_hear_the_same(self):
        body = self._body(TYPES, {}, "ocaa", "faux")
        other = self._body(TYPES, {}, "personne", "faux")
        self.assertEqual(self._post(body), self._post(other))
        self.assertEqual(self._try("faux"), 12)
        self.assertEqual(self._try("", login=""), 12)
        self.assertEqual(self._try("x" * 5000), 12)
        self.assertFalse(self._last_call().request, "nothing of it is stored")

    def test_unknown_wrong_and_locked_do_the_same_work(self):
        self._try("faux")
        works = [self._work("faux"), self._work("faux", "personne")]
        self.parameters.set_param("oiconnect_interop.lock_tries", "1")
        self._try("faux")
        self.assertTrue(self._is_locked())
        works += [self._work("faux"), self._work(PASSWORD)]
        self.rival_account.sudo().password_hash = False
        works.append(self._work("faux", "ocbb"))
        self.rival_account.allowed_addresses = "203.0.113.0/24"
        works.append(self._work(RIVAL_PASSWORD, "ocbb"))
        self.assertEqual(works, [(1, 1)] * 6)

    def _is_locked(self, address=CALLER):
        return self._address(address)._is_locked()

    def test_a_password_is_hashed_once_for_many_calls(self):
        # The first of a day notes where the operator is.
        self.assertEqual(self._work(PASSWORD), (1, 1))
        self.assertEqual(self._work(PASSWORD), (0, 0))
        self.assertEqual(self._work("faux"), (1, 1))

    def test_what_is_remembered_is_not_the_password(self):
        self._try()
        self.assertNotIn(PASSWORD, repr(soap_authentication._known))
        self.assertEqual(len(soap_authentication._known), 1)

    def test_a_new_password_ends_the_old_one_at_once(self):
        self._try()
        self.account.password = "neuf"
        self.assertEqual(self._try(), 12)
        self.assertIsNone(self._try("neuf"))

    def test_tries_lock_the_address_and_give_a_task(self):
        for _n in range(3):
            self.assertEqual(self._try("faux"), 12)
        self.assertTrue(self._is_locked())
        self.assertEqual(self._address().refused_count, 3)
        self.assertEqual(len(self._tasks()), 1)
        self.assertIn(CALLER, self._tasks().summary)
        self.assertEqual(self._try(), 12, "the right one is refused like others")

    def test_whoever_knows_a_login_locks_out_himself_alone(self):
        for _n in range(50):
            self._try("faux", address=STRANGER)
        self.assertTrue(self._is_locked(STRANGER))
        self.assertIsNone(self._try())

    def test_a_locked_address_counts_no_more_and_opens_by_itself(self):
        for _n in range(6):
            self._try("faux")
        found = self._address()
        self.assertEqual(found.refused_count, 3)
        self.assertEqual(found.locked_until, NOW + timedelta(minutes=15))
        self.assertTrue(found.is_locked)
        with freeze_time(NOW + timedelta(minutes=16)):
            self.assertFalse(self._address().is_locked)
            self.assertIsNone(self._try())
        self.assertEqual(self._address().refused_count, 0)
        self.assertFalse(self._address().locked_until)

    def test_many_addresses_close_a_login_to_strangers_only(self):
        self._try()
        for number_ in range(1, 31):
            self._try("faux", address=f"203.0.113.{number_}")
        self.account.invalidate_recordset()
        self.assertTrue(self.account.is_locked)
        self.assertEqual(self._try(address="203.0.113.99"), 12)
        self.assertIsNone(self._try(), "the right password came from here before")
        with freeze_time(NOW + timedelta(minutes=16)):
            self.assertIsNone(self._try(address="203.0.113.99"))

    def test_an_address_of_the_operator_is_slowed_down_not_locked(self):
        self._try()
        waits = []
        moment = NOW
        for _n in range(12):
            with freeze_time(moment):
                self._try("faux")
                until = self._address().locked_until
            waits.append((until - moment).total_seconds() if until else 0)
            moment = max(moment, until or moment)
        self.assertEqual(waits[:7], [0, 0, 1, 2, 4, 8, 16])
        self.assertEqual(waits[-2:], [60, 60])
        self.account.invalidate_recordset()
        self.assertFalse(self.account.refused_count, "it is no stranger")
        with freeze_time(moment):
            self.assertIsNone(self._try())

    def test_the_operator_hears_of_wrong_passwords(self):
        values = {"operator_id": self.operator.id, "name": "Dupré", "for_tickets": True}
        self.env["oiconnect.operator.contact"].create(
            values | {"email": "reseau@oct1.invalid"}
        )
        for _n in range(3):
            self._try("faux", address=STRANGER)
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.email_to, "reseau@oct1.invalid")
        self.assertIn(STRANGER, mail.body_html)
        self.assertNotIn("faux", mail.body_html)

    def test_an_address_that_is_not_allowed_hears_as_if_the_password_were_wrong(self):
        self.account.allowed_addresses = "192.0.2.0/24\n2001:db8::/32"
        self.assertEqual(self._try(address=STRANGER), 12)
        self.assertEqual(self._try(address=""), 12)
        self.assertFalse(self._address(STRANGER), "nothing is counted")
        for address in (CALLER, f"::ffff:{CALLER}", "2001:db8::7"):
            self.assertIsNone(self._try(address=address))

    def test_what_is_no_network_is_refused(self):
        with self.assertRaises(ValidationError):
            self.account.allowed_addresses = "192.0.2.0/24\npartout"

    def test_a_network_of_ipv6_is_one_caller(self):
        for host in range(3):
            self._try("faux", address=f"2001:db8:1:2::{host}")
        self.assertTrue(self._is_locked("2001:db8:1:2::/64"))

    def test_a_password_known_to_the_process_waits_as_well(self):
        self._try()
        for _n in range(3):
            self._try("faux")
        self.assertEqual(self._try(), 12)
        with freeze_time(NOW + timedelta(seconds=2)):
            self.assertIsNone(self._try())

    def test_a_right_password_ends_the_count(self):
        for _n in range(2):
            self._try("faux")
        self._try()
        self._try("faux")
        self.assertEqual(self._address().refused_count, 1)
        self.assertFalse(self._is_locked())

    def test_a_person_unlocks(self):
        for _n in range(3):
            self._try("faux")
        self._address().action_unlock()
        self.assertIsNone(self._try())

    def test_old_addresses_are_forgotten(self):
        self._try("faux", address=STRANGER)
        self._try()
        with freeze_time(NOW + timedelta(days=91)):
            self.env["oiconnect.soap.address"]._forget_old()
        self.assertFalse(self.account.address_ids)

    def test_an_account_that_is_not_served_hears_so_with_its_password_only(self):
        self.account.is_served = False
        self.assertEqual(self._try(), 16)
        self.assertEqual(self._try(), 16, "known to the process or not")
        self.assertEqual(self._try("faux"), 12)

    def test_who_is_no_partner_any_more_is_disabled(self):
        for partner in (self.operator, self.network):
            with self.subTest(partner._name):
                partner.active = False
                self.assertEqual(self._try(), 16)
                self.assertEqual(self._try("faux"), 12)
                partner.active = True
                self.assertIsNone(self._try())

    def test_an_archived_account_is_unknown(self):
        self._try()
        self.account.active = False
        self.assertEqual(self._try(), 12)

    def test_an_account_without_password_refuses_every_caller(self):
        self.account.sudo().password_hash = False
        for password in ("", PASSWORD):
            self.assertEqual(self._try(password), 12)

    def test_a_setting_that_is_no_number_locks_as_if_it_were_not_set(self):
        for text, found in (("7", 7), ("dix", 10), ("nan", 10), ("inf", 10)):
            self.parameters.set_param("oiconnect_interop.lock_tries", text)
            self.assertEqual(number(self.env, "lock_tries", 10), found, text)
        for _n in range(10):
            self.assertEqual(self._try("faux"), 12)
        self.assertTrue(self._is_locked())

    def test_the_lock_ends_after_the_time_that_is_set(self):
        self.parameters.set_param("oiconnect_interop.lock_minutes", "60")
        for _n in range(3):
            self._try("faux")
        until = self._address().locked_until - fields.Datetime.now()
        self.assertEqual(until, timedelta(hours=1))
