import re

from lxml import etree

from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import BillingCase

# Screen: the filters of the user guide, by field
GUIDE = {
    "account_move": {
        "invoice_date",
        "oiconnect_operator_id",
        "oiconnect_line_count",
        "state",
        "payment_state",
        "oiconnect_posted_on",
    },
    "billing_product": {
        "name",
        "retained_type",
        "connection_type",
        "order_state",
        "billing_type",
        "billing_mode",
        "fee_mode",
        "prorata",
        "active",
        "write_date",
    },
    "billing_run": {"name", "month", "network_id", "state"},
    "billing_item": {"operator_id", "product_id", "network_id", "period", "kind"},
}


@tagged("post_install", "-at_install")
class TestScreens(BillingCase):
    """Each screen opens, and each of its filters finds what it should."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rental = cls.billing.product(name="Location", retained_type="loca")
        cls.option = cls.billing.product(
            name="Option", price=2.0, fee_mode="flat", connection_type="oi"
        )
        cls.billing.access(cls.ocaa, "2024-06-10")
        cls.billing.access(cls.ocaa, "2025-01-15", connection_type="oi")
        cls.billing.access(cls.ocbb, "2025-01-15")
        cls.run_ = cls.billing.compute("2025-01")
        cls.move_a, cls.move_b = (
            cls.run_.move_ids.filtered(lambda m, o=o: m.oiconnect_operator_id == o)
            for o in (cls.ocaa, cls.ocbb)
        )
        cls.move_b.invoice_date = "2025-02-10"
        cls.move_b.action_post()

    def action(self, screen):
        return self.env.ref(f"oiconnect_billing.{screen}_action")

    def search_view(self, screen):
        action = self.action(screen)
        model = self.env[action.res_model]
        views = model.get_views([(action.search_view_id.id, "search")])
        return model, etree.fromstring(views["views"]["search"]["arch"])

    def filters(self, view):
        return {
            node.get("name"): safe_eval(node.get("domain"))
            for node in view.iter("filter")
            if node.get("domain")
        }

    def typed(self, screen, field, text):
        """Return what typing ``text`` in the filter of ``field`` finds."""
        model, view = self.search_view(screen)
        [node] = [node for node in view.iter("field") if node.get("name") == field]
        if node.get("filter_domain"):
            domain = safe_eval(node.get("filter_domain"), {"self": text})
        else:
            domain = [(field, node.get("operator", "ilike"), text)]
        own = Domain("company_id", "=", self.billing.company.id)
        return model.search(Domain(domain) & own)

    def test_every_filter_of_the_guide_is_there(self):
        for screen, expected in GUIDE.items():
            _model, view = self.search_view(screen)
            found = {node.get("name") for node in view.iter("field")}
            found |= {node.get("date") for node in view.iter("filter")}
            found |= {
                leaf[0] for domain in self.filters(view).values() for leaf in domain
            }
            self.assertLessEqual(expected, found, screen)

    def test_typed_filters_find(self):
        for screen, field, text, expected in (
            ("account_move", "oiconnect_operator_id", "OCX1", self.move_a),
            ("account_move", "oiconnect_line_count", 2, self.move_a),
            ("account_move", "oiconnect_line_count", 1, self.run_.move_ids),
            ("account_move", "name", "T95-202501-OCX2", self.move_b),
            ("account_move", "state", "posted", self.move_b),
            ("account_move", "oiconnect_run_id", "2025-01", self.run_.move_ids),
            ("billing_product", "name", "loca", self.rental),
            ("billing_product", "fee_mode", "flat", self.option),
            ("billing_product", "connection_type", "oi", self.option),
            ("billing_run", "name", "2025-01", self.run_),
        ):
            with self.subTest(f"{screen}: {field} {text}"):
                found = self.typed(screen, field, text)
                self.assertEqual(found.sorted("id"), expected.sorted("id"))

    def test_ready_filters_find(self):
        _model, view = self.search_view("account_move")
        domains = self.filters(view)
        own = [("company_id", "=", self.billing.company.id)]
        for name, expected in (
            ("draft", self.move_a),
            ("posted", self.move_b),
            ("unpaid", self.move_b),
            ("paid", self.env["account.move"]),
        ):
            with self.subTest(name):
                found = self.env["account.move"].search(
                    domains[name] + own + [("oiconnect_run_id", "=", self.run_.id)]
                )
                self.assertEqual(found, expected)

    def test_every_filter_and_group_works_alone_and_with_all_others(self):
        for screen in GUIDE:
            model, view = self.search_view(screen)
            domains = [Domain(domain) for domain in self.filters(view).values()]
            for domain in [*domains, Domain.AND(domains)]:
                model.search(domain, limit=1)
            self.assertGroups(model, view)

    def test_billed_accesses_are_filtered_and_grouped(self):
        model = self.env["oiconnect.billing.line"]
        view = etree.fromstring(
            model.get_views([(False, "search")])["views"]["search"]["arch"]
        )
        self.assertGroups(model, view)
        prorata = model.search(
            self.filters(view)["prorata"] + [("run_id", "=", self.run_.id)]
        )
        self.assertEqual(prorata.mapped("days"), [17, 17])
        [total] = model.formatted_read_group(
            [("run_id", "=", self.run_.id)], [], ["amount:sum", "days:sum"]
        )
        self.assertEqual((total["amount:sum"], total["days:sum"]), (65.0, 65))

    def assertGroups(self, model, view):
        for context in re.findall(
            r"'group_by': *'([^']+)'", etree.tostring(view, encoding="unicode")
        ):
            with self.subTest(f"{model._name} by {context}"):
                self.assertTrue(model.formatted_read_group([], [context], ["__count"]))

    def test_every_enumerated_field_of_the_guide_can_be_grouped(self):
        for screen, names in GUIDE.items():
            model, view = self.search_view(screen)
            text = etree.tostring(view, encoding="unicode")
            for name in names:
                if model._fields[name].type == "selection":
                    self.assertIn(f"'group_by': '{name}'", text, screen)

    def test_empty_lists_say_what_to_do(self):
        for screen in GUIDE:
            self.assertIn("o_view_nocontent_smiling_face", self.action(screen).help)

    def test_a_run_is_made_and_computed_on_its_form(self):
        form = Form(self.env["oiconnect.billing.run"])
        form.month = "2024-12-15"
        form.network_id = self.billing.network
        run = form.save()
        run.action_compute()
        self.assertEqual(run.name, "2024-12 Réseau T95")
        self.assertEqual(run.line_count, 1)

    def test_the_invoice_opens_in_odoos_own_form(self):
        action = self.move_a.action_oiconnect_open_accounting()
        [(view_id, kind)] = action["views"]
        self.assertEqual(kind, "form")
        self.assertEqual(self.env["ir.ui.view"].browse(view_id).model, "account.move")
        Form(self.move_a, view=view_id)
