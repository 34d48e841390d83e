from odoo.exceptions import AccessError, ValidationError
from odoo.tests.common import new_test_user, tagged
from odoo.tools import mute_logger

from ...delays.kinds import AWAITED, KINDS
from ..clock_common import MONDAY, ClockCase


@tagged("post_install", "-at_install")
class TestDelay(ClockCase):
    """Delays are data: the protocol proposes, each contract decides."""

    def _set(self, kind="connection", value=10, unit="days", **values):
        return self.delays.create({"kind": kind, "value": value, "unit": unit} | values)

    def _value(self, network=None, operator=None, kind="connection"):
        rules = self.delays._rules(
            (network or self.network).id, (operator or self.operator).id
        )
        return rules[kind].value if kind in rules else None

    def test_every_kind_is_proposed_and_says_who_is_awaited(self):
        proposed = self.delays.search(
            [("network_id", "=", False), ("operator_id", "=", False)]
        )
        kinds = self.delays._fields["kind"]._description_selection(self.env)
        self.assertEqual(set(proposed.mapped("kind")), {kind for kind, _label in kinds})
        own = [kind for kind, _label in KINDS]
        proposed = proposed.filtered(lambda delay: delay.kind in own)
        self.assertEqual(proposed.mapped("kind"), own)
        for delay in proposed:
            self.assertEqual(delay.awaited, AWAITED.get(delay.kind, "us"))
            self.assertEqual(delay.calendar_id.tz, "Europe/Paris")
        self.assertEqual(self._value(), 60)

    def test_the_most_precise_delay_applies(self):
        other = self.env["oiconnect.network"].create(
            {"name": "Autre", "oi_code": "OITX", "code": "OITX", "pto_prefix": "ZX"}
        )
        self._set(value=45, network_id=self.network.id)
        self.assertEqual(self._value(), 45)
        self.assertEqual(self._value(other), 60)
        self._set(value=30, operator_id=self.operator.id)
        self.assertEqual((self._value(), self._value(other)), (30, 30))
        self.assertEqual(self._value(operator=self.rival), 45)
        both = self._set(
            value=20, network_id=self.network.id, operator_id=self.operator.id
        )
        self.assertEqual((self._value(), self._value(other)), (20, 30))
        both.value = 21
        self.assertEqual(self._value(), 21, "the cache follows")
        both.unlink()
        self.assertEqual(self._value(), 30)

    def test_a_delay_is_set_once_for_the_same_network_and_operator(self):
        self._set(network_id=self.network.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self._set(network_id=self.network.id)
            self.env.flush_all()
        self.assertIn("whom_uniq", str(caught.exception))

    def test_days_are_whole_and_french_says_so(self):
        french = self.delays.with_context(lang="fr_FR")
        for unit in ("days", "work_days"):
            with self.subTest(unit), self.assertRaises(ValidationError) as caught:
                french.create(
                    {
                        "kind": "repair",
                        "value": 1.5,
                        "unit": unit,
                        "network_id": self.network.id,
                    }
                )
            self.assertIn("1.5", str(caught.exception))
        self._set("repair", 1.5, "work_hours", network_id=self.network.id)

    def test_holidays_count_from_the_moment_they_are_set(self):
        order = self._at(MONDAY, self._receive, self._line())
        self.assertDue(order, "report_build", "2026-06-10 08:00:00")
        calendar = self.delays.search([("kind", "=", "report_build")]).calendar_id
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Fermeture",
                "calendar_id": calendar.id,
                "date_from": "2026-06-08 22:00:00",
                "date_to": "2026-06-09 22:00:00",
            }
        )
        order = self._at(MONDAY, self._receive, self._line())
        self.assertDue(order, "report_build", "2026-06-11 08:00:00")
        calendar.attendance_ids.filtered(lambda a: a.dayofweek == "3").unlink()
        order = self._at(MONDAY, self._receive, self._line())
        self.assertDue(order, "report_build", "2026-06-12 08:00:00")

    def test_a_holiday_of_one_person_or_another_company_stops_nothing(self):
        company = self.env["res.company"].create({"name": "Autre OI"})
        resource = self.env["resource.resource"].create({"name": "Technicienne"})
        period = {"date_from": "2026-06-08 22:00:00", "date_to": "2026-06-09 22:00:00"}
        leaves = self.env["resource.calendar.leaves"]
        leaves.create(period | {"resource_id": resource.id})
        other = leaves.with_company(company).create(period)
        other.env.flush_all()
        self.assertEqual(other.company_id, company)
        order = self._at(MONDAY, self._receive, self._line())
        self.assertDue(order, "report_build", "2026-06-10 08:00:00")

    def test_the_sub_contractor_is_sent_its_deadline(self):
        self._set(value=7, operator_id=self.operator.id)
        # Late in the evening in Paris is the day before in UTC no more
        order = self._at("2026-06-08 22:30:00", self._order)
        self.assertEqual(self._payload(order, "CMD_STOC")["deadline"], "2026-06-16")
        self.assertDue(order, "connection", "2026-06-15 22:30:00", "operator")

    def test_administrators_change_delays_readers_read_them(self):
        groups = "oiconnect_base.group_access_"
        manager = new_test_user(self.env, "delais_adm", f"{groups}manager")
        user = new_test_user(self.env, "delais_util", f"{groups}user")
        delay = self._set(network_id=self.network.id)
        delay.with_user(manager).value = 12
        self.assertEqual(delay.with_user(user).value, 12)
        for act in (
            lambda: delay.with_user(user).write({"value": 13}),
            delay.with_user(user).unlink,
        ):
            with self.assertRaises(AccessError):
                act()
        menus = self.env["ir.ui.menu"]
        menu = self.env.ref("oiconnect_orders.menu_delay").id
        self.assertIn(menu, menus.with_user(manager)._visible_menu_ids())
        self.assertNotIn(menu, menus.with_user(user)._visible_menu_ids())

    def test_delays_of_another_company_are_not_seen(self):
        delay = self._set(network_id=self.network.id)
        user = new_test_user(
            self.env, "delais_lect", "oiconnect_base.group_access_read"
        )
        self.assertIn(delay, self.delays.with_user(user).search([]))
        self.network.company_id = self.env["res.company"].create({"name": "Autre OI"})
        self.env.flush_all()
        self.assertNotIn(delay, self.delays.with_user(user).search([]))
