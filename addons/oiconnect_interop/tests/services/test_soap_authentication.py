from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests.common import tagged

from odoo.addons.oiconnect_orders.tests.appointment_common import NOW

from ...models.services import soap_authentication
from ...parameters import number
from ...soap.services import sav
from .service_common import PASSWORD, ServiceCase

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
    """Who gets in, what the others hear, and what it costs them."""

    def setUp(self):
        super().setUp()
        users = self.env.registry["res.users"]
        self.counted = CountedContext(self.env["res.users"]._crypt_context())
        self.startPatcher(
            patch.object(users, "_crypt_context", lambda _users: self.counted)
        )
        self.parameters = self.env["ir.config_parameter"].sudo()
        self.parameters.set_param("oiconnect_interop.soap_tries", "3")

    def _try(self, password=PASSWORD, login="ocaa"):
        """Return the code that the caller hears."""
        return self._call(TYPES, {}, login, password).code

    def _work(self, password, login="ocaa"):
        """Return what a call costs: slow hashes, transactions of its own."""
        before, accounts = self.counted.hashes, self.env["oiconnect.soap.account"]
        kept = type(accounts)._own_transaction
        opened = []

        def counted(account):
            opened.append(account)
            return kept(account)

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
        self.assertFalse(self._last_call().request, "nothing of it is kept")

    def test_unknown_wrong_and_locked_do_the_same_work(self):
        self._try("faux")
        works = [self._work("faux"), self._work("faux", "personne")]
        self.parameters.set_param("oiconnect_interop.soap_tries", "1")
        self._try("faux")
        self.assertTrue(self._is_locked())
        works += [self._work("faux"), self._work(PASSWORD)]
        self.rival_account.sudo().password_hash = False
        works.append(self._work("faux", "ocbb"))
        self.assertEqual(works, [(1, 1)] * 5)

    def _is_locked(self):
        self.account.invalidate_recordset()
        return self.account._is_locked()

    def test_a_password_is_hashed_once_for_many_calls(self):
        self.assertEqual(self._work(PASSWORD), (1, 0))
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

    def test_tries_lock_the_account_and_give_a_task(self):
        for _n in range(3):
            self.assertEqual(self._try("faux"), 12)
        self.assertTrue(self._is_locked())
        self.assertEqual(self.account.refused_count, 3)
        self.assertEqual(len(self._tasks()), 1)
        self.assertEqual(self._try(), 12, "the right one is not told from others")

    def test_a_locked_account_counts_no_more_and_opens_by_itself(self):
        for _n in range(6):
            self._try("faux")
        self.account.invalidate_recordset()
        self.assertEqual(self.account.refused_count, 3)
        self.assertEqual(self.account.locked_until, NOW + timedelta(minutes=15))
        self.assertTrue(self.account.is_locked)
        with freeze_time(NOW + timedelta(minutes=16)):
            self.account.invalidate_recordset(["is_locked"])
            self.assertFalse(self.account.is_locked)
            self.assertIsNone(self._try())
        self.account.invalidate_recordset()
        self.assertEqual(self.account.refused_count, 0)
        self.assertFalse(self.account.locked_until)

    def test_a_password_known_to_the_process_does_not_open_a_locked_account(self):
        self._try()
        for _n in range(3):
            self._try("faux")
        self.assertEqual(self._try(), 12)

    def test_a_right_password_ends_the_count(self):
        for _n in range(2):
            self._try("faux")
        self._try()
        self._try("faux")
        self.account.invalidate_recordset()
        self.assertEqual(self.account.refused_count, 1)
        self.assertFalse(self._is_locked())

    def test_a_person_unlocks(self):
        for _n in range(3):
            self._try("faux")
        self.account.invalidate_recordset()
        self.account.action_unlock()
        self.assertIsNone(self._try())

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

    def test_an_account_without_password_opens_to_nobody(self):
        self.account.sudo().password_hash = False
        for password in ("", PASSWORD):
            self.assertEqual(self._try(password), 12)

    def test_a_setting_that_is_no_number_locks_as_if_it_were_not_set(self):
        for text, found in (("7", 7), ("dix", 10), ("nan", 10), ("inf", 10)):
            self.parameters.set_param("oiconnect_interop.soap_tries", text)
            self.assertEqual(number(self.env, "soap_tries", 10), found, text)
        for _n in range(10):
            self.assertEqual(self._try("faux"), 12)
        self.assertTrue(self._is_locked())

    def test_the_lock_ends_after_the_time_that_is_set(self):
        self.parameters.set_param("oiconnect_interop.soap_lock_minutes", "60")
        for _n in range(3):
            self._try("faux")
        self.account.invalidate_recordset()
        until = self.account.locked_until - fields.Datetime.now()
        self.assertEqual(until, timedelta(hours=1))
