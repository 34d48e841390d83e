from psycopg2 import OperationalError

from odoo.tests.common import TransactionCase, tagged

from ..isolated_savepoint import isolated_savepoint


@tagged("post_install", "-at_install")
class TestApart(TransactionCase):
    """One thing of many that breaks keeps no other waiting."""

    def _name(self):
        self.env.invalidate_all()
        return self.env.company.name

    def test_what_goes_well_stays(self):
        with isolated_savepoint(self.env.cr) as attempt:
            self.env.company.name = "Saved"
        self.assertIsNone(attempt.error)
        self.assertEqual(self._name(), "Saved")

    def test_a_failure_is_rolled_back_and_reported(self):
        before = self._name()
        with isolated_savepoint(self.env.cr) as attempt:
            self.env.company.name = "Undone"
            raise ZeroDivisionError("boom")
        self.assertIsInstance(attempt.error, ZeroDivisionError)
        self.assertEqual(self._name(), before)

    def test_a_transaction_to_try_again_is_not_swallowed(self):
        with self.assertRaises(OperationalError), isolated_savepoint(self.env.cr):
            raise OperationalError("serialization failure")

    def test_what_the_caller_lets_through_is_raised_and_undone(self):
        before = self._name()
        with self.assertRaises(KeyError), isolated_savepoint(self.env.cr, (KeyError,)):
            self.env.company.name = "Undone"
            raise KeyError("busy")
        self.assertEqual(self._name(), before)
