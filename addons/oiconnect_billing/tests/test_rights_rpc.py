from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestRightsRpc(BillingCase, HttpCase):
    """What the web client may ask for, by its own path."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing.product()
        cls.billing.access(cls.ocaa, "2024-06-10")
        cls.run_ = cls.billing.compute("2025-01")
        cls.move = cls.run_.move_ids

    def log_in(self, login, groups):
        new_test_user(
            self.env,
            login,
            groups,
            password=login,
            company_id=self.billing.company.id,
            company_ids=[(6, 0, self.billing.company.ids)],
        )
        self.authenticate(login, login)

    def call(self, model, method, *arguments):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": arguments, "kwargs": {}},
        )

    def assertRefused(self, model, method, *arguments):
        with (
            self.subTest(f"{model}.{method}"),
            mute_logger("odoo.http"),
            self.assertRaises(JsonRpcException) as caught,
        ):
            self.call(model, method, *arguments)
        self.assertIn("odoo.exceptions.", str(caught.exception))

    def test_without_the_right_nothing_answers(self):
        self.log_in("sans_facture", "oiconnect_base.group_access_manager")
        for model in (
            "oiconnect.billing.product",
            "oiconnect.billing.run",
            "oiconnect.billing.run.operator",
            "oiconnect.billing.item",
            "oiconnect.billing.line",
            "account.move",
        ):
            self.assertRefused(model, "search_read", [], ["id"])
            self.assertRefused(model, "web_search_read", [], {"id": {}})
        self.assertRefused(self.run_._name, "action_compute", self.run_.ids)

    def test_a_reader_is_answered_and_can_act_on_nothing(self):
        self.log_in("lit_facture", "oiconnect_base.group_billing_read")
        moves = self.call("account.move", "search_read", [], ["ref"])
        self.assertEqual([move["ref"] for move in moves], [self.move.ref])
        for method in ("action_compute", "action_cancel", "unlink"):
            self.assertRefused(self.run_._name, method, self.run_.ids)
        self.assertRefused("oiconnect.billing.run", "create", {"month": "2025-02-01"})
        self.assertRefused("account.move", "action_post", self.move.ids)

    def test_what_the_run_does_by_itself_cannot_be_called(self):
        self.log_in("util_facture", "oiconnect_base.group_billing_user")
        for method in ("_freeze", "_process", "_cron_prepare", "_fire"):
            self.assertRefused(self.run_._name, method, self.run_.ids)
        self.assertRefused(self.run_._name, "write", self.run_.ids, {"state": "draft"})
