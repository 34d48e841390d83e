from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import formatLang

from ..models import home as home_module
from .dispute_common import DisputeCase


@tagged("post_install", "-at_install")
class TestHome(DisputeCase):
    """The accountant's home, in February, once January is billed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls.person("accountant", "oiconnect_base.group_billing_user")

    def _numbers(self, today, companies=None):
        """Return the numbers of her page by their keys."""
        companies = companies or self.company
        home = self.env["oiconnect.home"].with_user(self.accountant)
        with patch.object(home_module, "local_today", return_value=today):
            page = home.with_context(allowed_company_ids=companies.ids).page()
        return {
            number["key"]: number
            for block in page["blocks"]
            for number in block["numbers"]
        }

    def _euros(self, amount):
        return formatLang(self.env, amount, currency_obj=self.company.currency_id)

    def assertShown(self, number, count, amount):
        self.assertEqual(
            (number["count"], number["amount"]), (count, self._euros(amount))
        )

    def test_what_was_billed_is_shown_beside_the_month_before(self):
        amount = self.run_.amount
        self.assertGreater(amount, 0)
        shown = self._numbers(date(2025, 2, 10))
        self.assertShown(shown["billed"], 2, amount)
        self.assertShown(shown["billed_before"], 0, 0)
        shown = self._numbers(date(2025, 3, 10))
        self.assertShown(shown["billed"], 0, 0)
        self.assertShown(shown["billed_before"], 2, amount)

    def test_an_invoice_goes_from_draft_to_paid(self):
        february = self.billing.compute("2025-02")
        shown = self._numbers(date(2025, 3, 1))
        self.assertShown(shown["drafts"], 2, february.amount)
        posted = self.run_.move_ids
        self.assertShown(shown["unpaid"], 2, sum(posted.mapped("amount_total")))
        february.move_ids.action_post()
        due = max((posted | february.move_ids).mapped("invoice_date_due"))
        everything = sum((posted | february.move_ids).mapped("amount_total"))
        self.assertShown(self._numbers(due)["unpaid"], 4, everything)
        late = self._numbers(due + timedelta(days=1))
        self.assertShown(late["overdue"], 4, everything)
        self.assertEqual(late["overdue"]["tone"], "warning")

    def test_what_operators_contest_is_summed_until_it_is_answered(self):
        dispute = self.contest("10,00", "5,50")
        shown = self._numbers(dispute.due_date)
        self.assertShown(shown["contested"], 2, 15.5)
        self.assertShown(shown["contested_late"], 0, 0)
        dispute.line_ids[0].with_user(self.accountant).action_accept()
        shown = self._numbers(dispute.due_date + timedelta(days=1))
        self.assertShown(shown["contested_late"], 1, 5.5)

    def test_amounts_of_several_currencies_are_no_sum(self):
        abroad = self.env["res.company"].create(
            {"name": "Ailleurs", "currency_id": self.env.ref("base.USD").id}
        )
        self.accountant.sudo().company_ids += abroad
        shown = self._numbers(date(2025, 2, 10), self.company | abroad)
        self.assertEqual((shown["billed"]["count"], shown["billed"]["amount"]), (2, ""))
