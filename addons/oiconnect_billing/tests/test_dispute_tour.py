import json

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser
from odoo.addons.oiconnect_orders.tests.common import make_neighbours

from .common import Billing
from .french_chart import FrenchCompanyCase


@tagged("post_install", "-at_install")
class TestDisputeTour(FrenchCompanyCase, HttpCase):
    """A month from its preview to its posted invoice, then what is contested of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing = Billing(cls.env)
        cls.billing.product()
        cls.operator = cls.billing.operator("OCX1")
        make_neighbours(cls.billing.env, cls.operator, cls.billing.company)
        for _rank in range(2):
            cls.billing.access(cls.operator, "2024-06-10")
        cls.user = new_test_user(
            cls.env,
            "tour_conteste",
            "oiconnect_base.group_billing_user,account.group_account_invoice",
            lang="fr_FR",
            company_id=cls.billing.company.id,
            company_ids=cls.billing.company.ids,
        )

    def _play(self, url, name, text=""):
        self.browser_js(
            url,
            f"window.oiconnectFile = {json.dumps(text)}; odoo.startTour('{name}')",
            ready=f"odoo.isTourReady('{name}')",
            login=self.user.login,
            success_signal="tour succeeded",
        )
        self.env.invalidate_all()

    @needs_browser
    def test_a_month_is_billed_from_its_preview_to_the_posted_invoice(self):
        self.billing.company.oiconnect_billing_preview = True
        run = self.billing.run("2025-01")
        self._play(f"/odoo/oiconnect.billing.run/{run.id}", "oiconnect_billing_month")
        self.assertEqual(run.move_ids.mapped("state"), ["posted"])
        self.assertEqual(run.move_ids.amount_untaxed, 62.0)

    @needs_browser
    def test_a_contested_line_is_answered_to_its_credit_note(self):
        run = self.billing.compute("2025-01")
        run.move_ids.action_post()
        first, second = run.item_ids.line_ids
        rows = (
            "Numéro de ligne;Montant contesté;Motif",
            f"L{first.id};10,00;Clos",
            f"L{second.id};5,00;Doublon",
        )
        self._play(
            "/odoo/action-oiconnect_billing.billing_dispute_action",
            "oiconnect_billing_dispute",
            "\r\n".join(rows),
        )
        dispute = self.env["oiconnect.billing.dispute"].search(
            [("operator_id", "=", self.operator.id)]
        )
        self.assertEqual(dispute.line_ids.mapped("state"), ["accepted", "open"])
        self.assertEqual(dispute.refund_ids.amount_untaxed, 10.0)
