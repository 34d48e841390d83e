from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.oiconnect_base.time_zone import local_today

from .dispute_common import HEAD, DisputeCase

BY_NAME = "Your reference;Month;Product;Amount contested;Reason"


@tagged("post_install", "-at_install")
class TestDisputeImport(DisputeCase):
    """The file of an operator: each line is found, or all its errors are reported."""

    def test_a_line_is_stored_beside_what_was_billed(self):
        dispute = self.contest("31,00", "10")
        first, second = dispute.line_ids
        self.assertEqual((first.line_id, first.move_id), (self.lines[0], self.move))
        self.assertEqual(
            (first.oc_reference, first.days, first.billed_amount, first.amount),
            (self.orders[0].oc_reference, 31, 31.0, 31.0),
        )
        self.assertEqual((second.state, second.reason), ("open", "Résilié"))
        self.assertEqual(
            (dispute.line_count, dispute.open_count, dispute.contested_amount),
            (2, 2, 41.0),
        )
        self.assertEqual(self.move.oiconnect_disputed_count, 2)
        files = self.env["ir.attachment"].search([("res_id", "=", dispute.id)])
        self.assertIn("a.csv", files.mapped("name"))

    def test_what_proves_a_line_is_beside_it(self):
        self.billing.end(self.orders[2], "2025-01-20")
        [line] = self.import_(f"L{self.lines[2].id};1;Clos")[0].line_ids
        self.assertIn("days: 17/31", line.calculation)
        self.assertEqual(line.event_date, date(2025, 1, 15))
        self.assertEqual(line.end_date, date(2025, 1, 20))
        self.assertEqual(line.action_open_record()["res_id"], self.orders[2].id)
        action = line.action_view_billed()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.lines[2])

    def test_a_line_without_number_is_found_by_reference_and_month(self):
        name = self.orders[1].oc_reference
        for head, reference in (
            (BY_NAME, name),
            (BY_NAME.replace("Your", "Service"), "FI-0001"),
        ):
            self.orders[1].sudo().service_reference = "FI-0001"
            dispute, problems = self.import_(
                f"{reference};01/2025;;3;Clos",
                f"{reference};12/2024;;3;Clos",
                head=head,
            )
            self.assertEqual(problems, [(3, "unknown")])
            dispute, problems = self.import_(f"{reference};2025-01;;3;Clos", head=head)
            self.assertEqual(problems, [])
            self.assertEqual(dispute.line_ids.line_id, self.lines[1])
            dispute.line_ids.action_withdraw()

    def test_of_several_lines_of_a_month_the_product_tells(self):
        self.billing.product(name="Option", price=2.0)
        self.billing.compute("2025-01").move_ids.action_post()
        row = f"{self.orders[0].oc_reference};01/2025"
        _none, problems = self.import_(f"{row};;1;Clos", head=BY_NAME)
        self.assertEqual(problems, [(2, "several")])
        dispute, problems = self.import_(f"{row};Option;1;Clos", head=BY_NAME)
        self.assertEqual(problems, [])
        self.assertEqual(dispute.line_ids.product_id.name, "Option")

    def test_a_fee_is_contested_by_its_number(self):
        self.billing.product(name="Forfait", price=50.0, fee_mode="flat")
        run = self.billing.compute("2025-01")
        run.move_ids.action_post()
        fee = run.move_ids.oiconnect_item_ids.filtered(
            lambda item: item.operator_id == self.ocaa and item.kind == "flat"
        )
        dispute, problems = self.import_(f"F{fee.id};20;Trop")
        self.assertEqual(problems, [])
        self.assertEqual(dispute.line_ids.billed_amount, 50.0)
        self.assertFalse(dispute.line_ids.event_date)
        _again, problems = self.import_(f"F{fee.id};10;Trop")
        self.assertEqual(problems, [(2, "contested")])

    def test_all_errors_are_reported_at_once_and_nothing_is_stored(self):
        own = [line.id for line in self.lines]
        rival = self.rivals.oiconnect_item_ids.line_ids.id
        self.contest("1")
        _none, problems = self.import_(
            f"L{own[0]};1;Encore",
            f"L{own[1]};99;Trop",
            f"L{own[1]};1;Double",
            f"L{rival};1;Autre",
            "L999999999999;1;Inconnu",
            f"L{own[2]};-1;",
        )
        self.assertEqual(
            problems,
            [
                (2, "contested"),
                (3, "more"),
                (4, "twice"),
                (5, "unknown"),
                (6, "unknown"),
                (7, "amount"),
                (7, "reason"),
            ],
        )
        self.assertEqual(
            len(self.disputes.search([("operator_id", "=", self.ocaa.id)])), 1
        )

    def test_each_problem_says_what_to_do(self):
        codes = (
            "not_csv quotes too_many nothing column cells number unnamed month amount "
            "reason long unknown several twice contested credit more late same_file"
        ).split()
        texts = {self.disputes._advice(code) for code in codes}
        self.assertEqual(len(texts), len(codes))

    def test_the_same_file_twice_is_reported(self):
        rows = (f"L{self.lines[0].id};1;Clos",)
        first, _problems = self.import_(*rows)
        first.line_ids.action_withdraw()
        self.assertEqual(self.import_(*rows)[1], [(0, "same_file")])
        again, problems = self.import_(f"L{self.lines[0].id};2;Clos")
        self.assertEqual(problems, [], "what was withdrawn can be contested again")
        self.assertEqual(again.line_ids.line_id, self.lines[0])

    def test_an_invoice_is_contested_in_time(self):
        self.company.oiconnect_dispute_days = 30
        row = f"L{self.lines[0].id};1;Clos"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET invoice_date = invoice_date - 31 WHERE id = %s",
            [self.move.id],
        )
        self.move.invalidate_recordset()
        self.assertEqual(self.import_(row)[1], [(2, "late")])
        self.company.oiconnect_dispute_days = 0
        self.company.oiconnect_dispute_answer_days = 5
        dispute, problems = self.import_(row)
        self.assertEqual(problems, [])
        self.assertEqual((dispute.due_date - local_today()).days, 5)
        self.assertFalse(dispute.is_late)
        dispute.due_date -= timedelta(days=6)
        own = [("operator_id", "=", self.ocaa.id), ("is_late", "=", True)]
        self.assertTrue(dispute.is_late)
        self.assertEqual(self.disputes.search(own), dispute)
        dispute.line_ids.action_withdraw()
        self.assertFalse(dispute.is_late)
        self.assertFalse(self.disputes.search(own))

    def test_a_draft_and_another_company_have_no_line_to_contest(self):
        row = f"L{self.lines[0].id};1;Clos"
        other = self.env["res.company"].create({"name": "Ailleurs"})
        _none, problems = self.disputes.sudo()._import_file(
            self.ocaa, other, self.content(row), "a.csv"
        )
        self.assertEqual([one.code for one in problems], ["unknown"])
        self.move.button_draft()
        self.assertEqual(self.import_(row)[1], [(2, "unknown")])

    def test_ten_thousand_lines_cost_no_more_queries_than_few(self):
        def cost(amount, lines):
            rows = [f"L{line.id};{amount};Clos" for line in lines]
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            dispute, problems = self.import_(*rows)
            self.assertEqual(problems, [])
            self.assertEqual(dispute.line_count, len(lines))
            queries = self.env.cr.sql_log_count - before
            dispute.line_ids.action_withdraw()
            return queries

        for _rank in range(200):
            self.billing.access(self.ocaa, "2024-06-10")
        run = self.billing.compute("2025-01")
        run.move_ids.action_post()
        many = run.move_ids.oiconnect_item_ids.line_ids
        cost("3", self.lines)
        few = cost("1", self.lines)
        self.assertEqual(len(many), 200)
        self.assertLessEqual(cost("1", many), few + 3)

    def test_who_imports_sees_the_problems_and_then_the_dispute(self):
        user = self.person("conteste", "oiconnect_base.group_billing_user")
        wizard, action = self.import_as(user, self.content("L1;x;"))
        self.assertEqual(action["res_model"], wizard._name)
        self.assertEqual(wizard.problem_ids.mapped("line"), [2, 2])
        self.assertTrue(all(wizard.problem_ids.mapped("advice")))
        _wizard, action = self.import_as(
            user, self.content(f"L{self.lines[0].id};1;Clos")
        )
        dispute = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(dispute.user_id, user)

    def test_a_reader_imports_nothing_and_other_companies_see_nothing(self):
        content = self.content(f"L{self.lines[0].id};1;Clos")
        reader = self.person("lit_conteste", "oiconnect_base.group_billing_read")
        with self.assertRaises(AccessError):
            self.import_as(reader, content)
        dispute = self.contest("1")
        self.assertTrue(dispute.with_user(reader).read(["name"]))
        for action in ("action_make_refunds", "action_send_answers"):
            with self.assertRaises(AccessError):
                getattr(dispute.with_user(reader), action)()
        for action in ("action_accept", "action_withdraw", "action_reopen"):
            with self.assertRaises(AccessError):
                getattr(dispute.line_ids.with_user(reader), action)()
        other = self.env["res.company"].create({"name": "Ailleurs"})
        stranger = self.person("ailleurs", "oiconnect_base.group_billing_user", other)
        theirs = {"allowed_company_ids": other.ids}
        for record in (dispute, dispute.line_ids):
            unknown = record.with_user(stranger).with_context(**theirs)
            self.assertFalse(unknown.search([]))
            with self.assertRaises(AccessError):
                unknown.read(["id", "display_name"])
        with self.assertRaises(AccessError):
            unknown.action_accept()

    def test_the_header_may_be_in_any_language_of_the_database(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        headers = self.disputes._headers()
        self.assertIn("Line number", headers["line"])
        french = self.disputes.with_context(lang="fr_FR")._headers()
        self.assertEqual(french["contested"][0], "Montant contesté")
        self.assertIn(HEAD.split(";")[1], french["contested"])
