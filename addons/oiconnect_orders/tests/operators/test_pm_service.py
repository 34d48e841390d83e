from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests.common import new_test_user, tagged
from odoo.tools import mute_logger

from ...protocol_time import local_now
from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestPmService(OrderCase):
    """Service of an operator at a PM: accesses are ordered on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = local_now().date()

    def _user(self, group):
        return new_test_user(self.env, f"svc_{group}", f"oiconnect_base.group_{group}")

    def test_orders_rest_on_a_service_from_its_first_to_its_last_day(self):
        yesterday, tomorrow = (self.today + timedelta(days=n) for n in (-1, 1))
        for start, end, code in (
            (tomorrow, None, "FIMP09"),
            (yesterday, yesterday, "FIMP09"),
            (self.today, self.today, None),
            (yesterday, tomorrow, None),
        ):
            with self.subTest(start=start, end=end):
                self.service.write({"start_date": start, "end_date": end})
                order = self._order()
                self.assertEqual(order.reason_id.code or None, code)
                named = self._order(pm_service_reference=self.service.reference)
                self.assertEqual(named.state == "cr_ko", bool(code))
                self.assertEqual(named.reason_id.code or None, code and "FIMP04")
                (order | named).filtered(lambda o: o.state == "connecting")._fire(
                    "cancel"
                )

    def test_an_order_keeps_the_service_it_rests_on(self):
        order = self._order(requested_type="LOCA")
        self.assertEqual(
            (order.pm_service_id, order.retained_type), (self.service, "loca")
        )
        rejected = self._order(requested_type="COFI")
        self.assertEqual(rejected.pm_service_id, self.service, "stored for readers")
        self.assertEqual(rejected.retained_type, "na")

    def test_the_service_named_alone_leads_to_its_pm(self):
        order = self._order(
            pm_reference=None, pm_service_reference=self.service.reference
        )
        self.assertEqual((order.state, order.pm_id), ("connecting", self.pm))

    def test_an_archived_service_leaves_its_place_to_a_new_one(self):
        values = {"reference": "XPM-NEW", "kind": "cofi"}
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.service.copy(values)
        self.service.active = False
        self.service.flush_recordset()
        new = self.service.copy(values | {"active": True})
        order = self._order()
        self.assertEqual((order.pm_service_id, order.retained_type), (new, "cofi"))

    @mute_logger("odoo.sql_db")
    def test_dates_and_references_are_checked(self):
        before = self.service.start_date - timedelta(days=1)
        other = {"pm_id": self.other_pm.id}
        for values, error in (
            ({"end_date": before, "reference": "X"}, CheckViolation),
            ({"reference": self.service.reference}, UniqueViolation),
        ):
            with self.subTest(values), self.assertRaises(error):
                with self.env.cr.savepoint():
                    self.service.copy(other | values)
        same_day = self.service.start_date
        self.service.copy(other | {"reference": "X", "end_date": same_day})
        elsewhere = self.network.copy({"oi_code": "OITE", "code": "OITE"})
        pm = self.pm.copy({"reference": "OITE-PM", "network_id": elsewhere.id})
        self.service.copy(
            {"pm_id": pm.id, "network_id": elsewhere.id, "reference": "X"}
        )

    def test_who_orders_accesses_reads_services_and_changes_none(self):
        for group in ("access_manager", "pm_order_read"):
            with self.subTest(group):
                service = self.service.with_user(self._user(group))
                self.assertEqual(service.display_name, "XPM-OCT1 (OCT1)")
                with self.assertRaises(AccessError):
                    service.write({"kind": "cofi"})

    def test_no_user_edits_services_but_an_administrator_deletes(self):
        """They follow from PM orders; by hand there is a dialog, with a reason."""
        user, manager = self._user("pm_order_user"), self._user("pm_order_manager")
        for person in (user, manager):
            with self.assertRaises(AccessError):
                self.service.with_user(person).write({"end_date": self.today})
        with self.assertRaises(AccessError):
            self.service.with_user(user).copy({"pm_id": self.other_pm.id})
        with self.assertRaises(AccessError):
            self.service.with_user(user).unlink()
        self.service.with_user(manager).unlink()
        self.assertFalse(self.service.exists())

    def test_services_of_another_company_are_not_seen(self):
        user = self._user("pm_order_read")
        services = self.env["oiconnect.pm.service"].with_user(user)
        self.assertIn(self.service.id, services.search([]).ids)
        self.network.company_id = self.env["res.company"].create({"name": "Autre OI"})
        self.env.flush_all()
        self.assertNotIn(self.service.id, services.search([]).ids)

    def test_without_a_right_on_orders_services_are_closed(self):
        user = self._user("infra_manager")
        with self.assertRaises(AccessError):
            self.env["oiconnect.pm.service"].with_user(user).search_read([], ["id"])
        menu = self.env.ref("oiconnect_orders.menu_pm_service").id
        visible = self.env["ir.ui.menu"]
        self.assertNotIn(menu, visible.with_user(user)._visible_menu_ids())
        reader = self._user("pm_order_read")
        self.assertIn(menu, visible.with_user(reader)._visible_menu_ids())
