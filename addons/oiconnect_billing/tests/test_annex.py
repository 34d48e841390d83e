import csv
import io
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser
from odoo.addons.oiconnect_orders.tests.common import make_neighbours

from .. import annex
from ..models import account_move_annex
from .common import Billing, BillingCase
from .french_chart import FrenchCompanyCase


def cells_of(content):
    """Return the rows of each sheet of a workbook."""
    book = load_workbook(io.BytesIO(content), read_only=True)
    return [[list(row) for row in sheet.values] for sheet in book.worksheets]


@tagged("post_install", "-at_install")
class TestAnnex(BillingCase):
    """The annex of an invoice: each access that it bills, whatever their number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing.product(name="Location", retained_type="loca")
        cls.billing.product(name="Cofinancement", price=5.0, retained_type="cofi")
        for _rank in range(3):
            cls.billing.access(cls.ocaa, "2024-06-10")
        cls.billing.access(cls.ocaa, "2025-01-15", retained_type="cofi")
        cls.billing.access(cls.ocbb, "2024-06-10")
        cls.run_ = cls.billing.compute("2025-01")
        cls.move = cls.run_.move_ids.filtered(
            lambda move: move.oiconnect_operator_id == cls.ocaa
        )

    def _annex(self, form="xlsx"):
        target = io.BytesIO()
        self.move._oiconnect_write_annex(target, form)
        return target.getvalue()

    def _csv(self):
        """Return the rows of the csv as ``{header: cell}``."""
        text = self._annex("csv").decode("utf-8-sig")
        self.assertTrue(text.endswith("\r\n"))
        return list(csv.DictReader(text.splitlines(), delimiter=";"))

    def test_it_lists_the_accesses_of_this_invoice_and_their_total(self):
        [[header, *rows, total]] = cells_of(self._annex())
        lines = self.move.oiconnect_item_ids.line_ids
        self.assertEqual(len(rows), self.move.oiconnect_line_count)
        self.assertEqual({row[1] for row in rows}, set(lines.mapped("oc_reference")))
        self.assertEqual({row[0] for row in rows}, {f"L{line.id}" for line in lines})
        self.assertEqual(header[:2], ["Line number", "Your reference"])
        self.assertEqual([row[4] for row in rows], ["Cofinancement"] + ["Location"] * 3)
        self.assertEqual([row[9] for row in rows], [17, 31, 31, 31])
        self.assertEqual(rows[0][6].day, 15)
        self.assertEqual(
            [str(row[8].date()) for row in rows], ["2025-01-15"] + ["2024-06-10"] * 3
        )
        self.assertEqual([row[11] for row in rows], [5.0, 31.0, 31.0, 31.0])
        self.assertAlmostEqual(total[12], self.move.amount_untaxed)

    def test_the_csv_has_the_same_columns_and_rows(self):
        [[header, *rows, _total]] = cells_of(self._annex())
        read = self._csv()
        self.assertEqual(list(read[0]), header)
        self.assertEqual([row["Line number"] for row in read], [r[0] for r in rows])
        self.assertEqual(read[0]["From"], "15/01/2025")
        self.assertEqual(
            [row["Amount excl. tax"] for row in read], ["2,74"] + ["31,00"] * 3
        )

    def test_a_fee_that_names_no_record_is_a_row_too(self):
        self.billing.product(name="Forfait", price=12.5, fee_mode="flat")
        self.run_.action_cancel()
        run = self.billing.compute("2025-01")
        self.move = run.move_ids.filtered(
            lambda move: move.oiconnect_operator_id == self.ocaa
        )
        [[_header, *rows, total]] = cells_of(self._annex())
        item = self.move.oiconnect_item_ids.filtered(lambda one: one.kind == "flat")
        [fee] = [row for row in rows if row[0] == f"F{item.id}"]
        self.assertEqual((fee[4], fee[12]), ("Forfait", 12.5))
        self.assertAlmostEqual(total[12], self.move.amount_untaxed)

    def test_what_an_operator_typed_is_no_formula(self):
        order = self.move.oiconnect_item_ids.line_ids[0].order_id
        order.sudo().oc_reference = '=HYPERLINK("x";"y")'
        self.assertIn("'=HYPERLINK", {r["Your reference"][:11] for r in self._csv()})

    def test_columns_are_as_wide_as_their_headings_in_french_too(self):
        move = self.move.with_context(lang="fr_FR")
        target = io.BytesIO()
        move._oiconnect_write_annex(target)
        [sheet] = load_workbook(target).worksheets
        headings = [cell.value for cell in sheet[1]]
        self.assertIn("Date de l'événement", headings)
        widths = [0] * len(headings)
        for column in sheet.column_dimensions.values():
            for rank in range(column.min, column.max + 1):
                widths[rank - 1] = column.width
        for heading, width in zip(headings, widths, strict=True):
            self.assertGreater(width, len(heading), heading)

    def test_it_is_read_by_pages_and_goes_on_in_another_sheet(self):
        whole = cells_of(self._annex())
        with (
            patch.object(account_move_annex, "PAGE", 2),
            patch.object(annex, "SHEET_ROWS", 3),
        ):
            first, second = cells_of(self._annex())
        self.assertEqual(first[0], second[0], "each sheet has its header")
        self.assertEqual(first + second[1:], whole[0])

    def test_a_longer_invoice_costs_no_more_queries(self):
        def cost():
            self.env.invalidate_all()
            self._annex()
            before = self.env.cr.sql_log_count
            self._annex()
            return self.env.cr.sql_log_count - before

        few = cost()
        for _rank in range(40):
            self.billing.access(self.ocaa, "2024-06-10")
        self.run_.action_cancel()
        run = self.billing.compute("2025-01")
        self.move = run.move_ids.filtered(
            lambda move: move.oiconnect_operator_id == self.ocaa
        )
        self.assertEqual(self.move.oiconnect_line_count, 44)
        self.assertEqual(cost(), few)

    def test_it_leaves_with_the_invoice_in_the_customers_language(self):
        send = self.env["account.move.send"]
        self.assertFalse(send._get_invoice_extra_attachments(self.move))
        self.move.action_post()
        for _again in range(2):
            send._hook_invoice_document_after_pdf_report_render(self.move, {})
        made = send._get_invoice_extra_attachments(self.move).sorted("name")
        self.assertEqual(len(made), 2, "made once")
        self.assertRegex(made[0].name, r"^annexe-.+\.csv$")
        self.assertRegex(made[1].name, r"^annexe-.+\.xlsx$")
        [[header, *_rows]] = cells_of(made[1].raw)
        self.assertEqual(header[1], "Votre référence")

    def test_an_invoice_that_may_change_again_has_none(self):
        self.move.action_post()
        self.move._oiconnect_keep_annex()
        self.move.button_draft()
        self.assertFalse(self.move._oiconnect_annexes())

    def test_an_invoice_of_anything_else_has_none(self):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.ocaa.partner_id.id,
                "invoice_line_ids": [(0, 0, {"name": "Divers", "price_unit": 10.0})],
            }
        )
        move._oiconnect_keep_annex()
        self.assertFalse(move._oiconnect_annexes())

    def test_who_may_not_read_the_billing_gets_none(self):
        user = new_test_user(
            self.env, "annexe_sans", "oiconnect_base.group_access_manager"
        )
        with self.assertRaises(AccessError):
            self.move.with_user(user)._oiconnect_write_annex(io.BytesIO())

    def test_a_line_of_the_campaign_opens_its_invoice(self):
        row = self.run_.row_ids.filtered(lambda row: row.operator_id == self.ocaa)
        action = row.action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("account.move", self.move.id)
        )
        form = self.env.ref("oiconnect_billing.account_move_view_form_read")
        self.assertEqual(action["views"], [(form.id, "form")])

    def test_a_line_in_error_opens_the_operator_that_lacks_something(self):
        self.ocbb.street = False
        self.run_.action_cancel()
        run = self.billing.compute("2025-01")
        row = run.row_ids.filtered(lambda row: row.state == "error")
        action = row.action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("oiconnect.operator", self.ocbb.id),
        )


@tagged("post_install", "-at_install")
class TestTourBilling(FrenchCompanyCase, HttpCase):
    """From a campaign to the paper, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing = Billing(cls.env)
        cls.billing.product()
        operator = cls.billing.operator("OCX1")
        make_neighbours(cls.billing.env, operator, cls.billing.company)
        cls.billing.access(operator, "2024-06-10")
        cls.run_ = cls.billing.compute("2025-01")
        cls.user = new_test_user(
            cls.env,
            "tour_facture",
            "oiconnect_base.group_billing_user",
            lang="fr_FR",
            company_id=cls.billing.company.id,
            company_ids=[(6, 0, cls.billing.company.ids)],
        )

    @needs_browser
    def test_the_line_of_an_operator_opens_its_invoice_ready_to_print(self):
        self.start_tour(
            f"/odoo/oiconnect.billing.run/{self.run_.id}",
            "oiconnect_billing_invoice",
            login=self.user.login,
        )

    @needs_browser
    def test_a_month_is_billed_to_the_paper_in_six_clicks(self):
        self.user.group_ids += self.env.ref("account.group_account_invoice")
        self.start_tour(
            "/odoo/action-oiconnect_billing.billing_run_action",
            "oiconnect_clicks_billing",
            login=self.user.login,
        )
        run = self.env["oiconnect.billing.run"].search(
            [("create_uid", "=", self.user.id)]
        )
        self.assertEqual(run.move_ids.mapped("state"), ["posted"])

    def _reader(self, groups):
        user = new_test_user(
            self.env,
            f"papier_{groups.rpartition('.')[2]}",
            groups,
            company_id=self.billing.company.id,
            company_ids=[(6, 0, self.billing.company.ids)],
            lang="fr_FR",
        )
        self.authenticate(user.login, user.login)
        return user

    def test_a_reader_of_the_billing_prints_invoices_of_operators_only(self):
        self._reader("oiconnect_base.group_billing_read")
        move = self.run_.move_ids
        answer = self.url_open(move.action_oiconnect_print()["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Location", answer.text)
        other = move.copy({"oiconnect_operator_id": False})
        self.assertNotEqual(
            self.url_open(other.action_oiconnect_print()["url"]).status_code, 200
        )

    def test_who_may_not_read_the_billing_prints_nothing(self):
        self._reader("oiconnect_base.group_access_manager")
        move = self.run_.move_ids
        for action in (move.action_oiconnect_print(), move.action_oiconnect_annex()):
            self.assertEqual(self.url_open(action["url"]).status_code, 404)

    def test_the_annex_is_downloaded(self):
        self._reader("oiconnect_base.group_billing_read")
        move = self.run_.move_ids
        answer = self.url_open(move.action_oiconnect_annex()["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertIn("annexe-", answer.headers["Content-Disposition"])
        self.assertEqual(len(cells_of(answer.content)[0]), 3)
        answer = self.url_open(move.action_oiconnect_annex_csv()["url"])
        self.assertEqual(len(answer.content.decode("utf-8-sig").splitlines()), 2)
