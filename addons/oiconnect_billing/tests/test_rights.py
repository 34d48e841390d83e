from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import BillingCase

MODELS = ("product", "run", "run.operator", "item", "line", "dispute", "dispute.line")
MENUS = (
    "menu_invoice",
    "menu_billing_run",
    "menu_billing_dispute",
    "menu_billing_item",
    "menu_billing_product",
)
FREE = {"name": "Essai", "price": 1.0}


@tagged("post_install", "-at_install")
class TestRights(BillingCase):
    """Who sees invoices, who makes them, who sets prices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing.product()
        cls.billing.access(cls.ocaa, "2024-06-10")
        cls.run_ = cls.billing.compute("2025-01")
        cls.move = cls.run_.move_ids
        cls.dispute = cls.make_dispute()
        cls.foreign = cls.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": cls.env["res.partner"].create({"name": "Bailleur"}).id,
                "invoice_line_ids": [(0, 0, {"name": "Loyer", "price_unit": 10.0})],
            }
        )

    @classmethod
    def make_dispute(cls):
        dispute = (
            cls.env["oiconnect.billing.dispute"]
            .sudo()
            .create(
                {
                    "name": "CT/1",
                    "operator_id": cls.ocaa.id,
                    "company_id": cls.billing.company.id,
                    "received_date": "2025-02-01",
                    "checksum": "1",
                }
            )
        )
        item = cls.move.oiconnect_item_ids
        cls.env["oiconnect.billing.dispute.line"].sudo().create(
            {
                "dispute_id": dispute.id,
                "operator_id": cls.ocaa.id,
                "company_id": cls.billing.company.id,
                "amount": 1.0,
                "reason": "Clos",
                **item._disputed_vals(item.line_ids),
            }
        )
        return dispute

    def user(self, groups):
        user = new_test_user(
            self.env,
            f"facture_{groups.rpartition('.')[2]}",
            groups,
            company_id=self.billing.company.id,
            company_ids=[(6, 0, self.billing.company.ids)],
        )
        return user.with_context(allowed_company_ids=self.billing.company.ids)

    def as_user(self, level, record):
        return record.with_user(self.user(f"oiconnect_base.group_billing_{level}"))

    def menus(self, user):
        visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        return {
            name
            for name in MENUS
            if self.env.ref(f"oiconnect_billing.{name}").id in visible
        }

    def test_without_the_right_neither_menu_nor_data(self):
        user = self.user("oiconnect_base.group_access_manager,base.group_allow_export")
        self.assertFalse(self.menus(user))
        models = [f"oiconnect.billing.{name}" for name in MODELS]
        for model in (*models, "account.move", "account.move.line"):
            records = self.env[model].search([], limit=1).with_user(user)
            self.assertTrue(records)
            for method, arguments in (
                ("search_read", ([], ["id"])),
                ("search_count", ([],)),
                ("read", (["display_name"],)),
                ("export_data", (["display_name"],)),
                ("formatted_read_group", ([], [], ["__count"])),
            ):
                with self.subTest(f"{model} {method}"), self.assertRaises(AccessError):
                    getattr(records, method)(*arguments)
        with self.assertRaises(AccessError):
            self.run_.with_user(user).action_compute()

    def test_without_the_right_the_operator_and_the_order_keep_quiet(self):
        user = self.user("oiconnect_base.group_access_manager")
        order = self.run_.item_ids.line_ids.order_id
        for record, field in (
            (order, "billing_line_count"),
            (self.ocaa, "oiconnect_invoice_count"),
        ):
            arch = record.with_user(user).get_views([(False, "form")])["views"]["form"]
            self.assertNotIn(field, arch["arch"])
            with self.assertRaises(AccessError):
                record.with_user(user).read([field])

    def test_a_reader_sees_the_invoices_of_operators_and_no_other(self):
        reader = self.user("oiconnect_base.group_billing_read")
        self.assertEqual(self.menus(reader), set(MENUS))
        moves = self.env["account.move"].with_user(reader)
        self.assertEqual(
            moves.search([("company_id", "=", self.billing.company.id)]), self.move
        )
        with self.assertRaises(AccessError):
            self.foreign.with_user(reader).read(["name"])
        with self.assertRaises(AccessError):
            self.foreign.line_ids.with_user(reader).read(["name"])
        self.assertEqual(
            self.move.invoice_line_ids.with_user(reader).mapped("price_subtotal"),
            [31.0],
        )

    def test_a_reader_opens_every_screen(self):
        reader = self.user("oiconnect_base.group_billing_read")
        lines = self.run_.item_ids.line_ids
        actions = (
            *("account_move", "billing_run", "billing_item", "billing_product"),
            *("billing_dispute", "billing_dispute_line"),
        )
        for name in actions:
            action = (
                self.env["ir.actions.act_window"]
                .with_user(reader)
                ._for_xml_id(f"oiconnect_billing.{name}_action")
            )
            views = [view for view in action["views"] if view[1] in ("list", "form")]
            self.assertOpens(self.env[action["res_model"]].with_user(reader), views)
        lines = self.env["oiconnect.billing.line"].with_user(reader)
        self.assertOpens(lines, [(False, "list")])

    def assertOpens(self, model, views):
        """Read what each view shows, as the web client does."""
        record = model.search([("company_id", "=", self.billing.company.id)], limit=1)
        for kind, view in model.get_views(views)["views"].items():
            names = {
                node.get("name")
                for node in etree.fromstring(view["arch"]).iter("field")
                if not any(parent.tag == "field" for parent in node.iterancestors())
            }
            with self.subTest(f"{model._name} {kind}"):
                specification = {
                    name: {"fields": {"display_name": {}}}
                    if model._fields[name].relational
                    else {}
                    for name in names
                }
                self.assertTrue(record.web_read(specification))

    def test_a_reader_changes_nothing(self):
        for record in (
            self.run_,
            self.move,
            self.run_.item_ids,
            self.run_.item_ids.line_ids,
            self.env["oiconnect.billing.product"].search([]),
        ):
            record = self.as_user_once(record)
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.write({record._rec_name or "id": "x"})
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.unlink()
        for action in ("action_compute", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(self.as_user_once(self.run_), action)()

    def as_user_once(self, record):
        self.reader = getattr(self, "reader", None) or self.user(
            "oiconnect_base.group_billing_read"
        )
        return record.with_user(self.reader)

    def test_a_user_prepares_and_cancels_invoices_without_any_accounting_right(self):
        user = self.user("oiconnect_base.group_billing_user")
        self.assertFalse(user.has_group("account.group_account_invoice"))
        self.billing.access(self.ocbb, "2024-06-10")
        run = (
            self.env["oiconnect.billing.run"]
            .with_user(user)
            .create({"month": "2025-02-01", "network_id": self.billing.network.id})
        )
        run.action_compute()
        self.assertEqual((run.state, run.invoice_count), ("done", 2))
        self.assertEqual(run.step_ids[-1].user_id, user)
        run.action_cancel()
        self.assertEqual(run.invoice_count, 0)
        with self.assertRaises(AccessError):
            self.move.with_user(user).action_post()
        self.assertIn("nobody yet", self.move.with_user(user).oiconnect_posters)
        poster = self.user("account.group_account_invoice")
        self.move.invalidate_recordset()
        self.assertEqual(self.move.with_user(user).oiconnect_posters, poster.name)
        with self.assertRaises(AccessError):
            self.env["oiconnect.billing.product"].with_user(user).create(
                {**FREE, "product_id": self.billing.service.id}
            )

    def test_an_administrator_sets_prices_and_posts(self):
        manager = self.user("oiconnect_base.group_billing_manager")
        product = (
            self.env["oiconnect.billing.product"]
            .with_user(manager)
            .create({**FREE, "product_id": self.billing.service.id})
        )
        product.price = 2.0
        product.unlink()
        self.move.with_user(manager).action_post()
        self.assertEqual(self.move.state, "posted")
        with self.assertRaises(UserError):
            self.run_.with_user(manager).unlink()

    def test_who_has_a_right_of_accounting_keeps_what_it_shows(self):
        user = self.user(
            "account.group_account_invoice,oiconnect_base.group_billing_read"
        )
        self.assertTrue(self.foreign.with_user(user).read(["name"]))

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Ailleurs"})
        user = new_test_user(
            self.env,
            "facture_ailleurs",
            "oiconnect_base.group_billing_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for name in MODELS:
            records = self.env[f"oiconnect.billing.{name}"]
            records = records.with_user(user).with_context(
                allowed_company_ids=other.ids
            )
            self.assertFalse(records.search([]), name)
