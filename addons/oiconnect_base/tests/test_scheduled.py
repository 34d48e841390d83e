from odoo.tests import TransactionCase, tagged

from ..scheduled import wake


@tagged("post_install", "-at_install")
class TestScheduled(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls.env.ref("base.autovacuum_job")

    def _woken(self):
        woken = [("cron_id", "=", self.action.id)]
        return self.env["ir.cron.trigger"].search_count(woken)

    def test_an_action_is_woken(self):
        before = self._woken()
        wake(self.env, "base.autovacuum_job")
        self.assertEqual(self._woken(), before + 1)

    def test_an_action_that_was_deleted_is_no_error(self):
        self.action.unlink()
        wake(self.env, "base.autovacuum_job")
        wake(self.env, "base.no_such_action")
