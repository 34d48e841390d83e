from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests.common import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.workflow import Origin

from ..clock_common import MONDAY, ClockCase


@tagged("post_install", "-at_install")
class TestDelayMiss(ClockCase):
    """Missed deadlines are marked and counted, with whose fault it was."""

    def setUp(self):
        super().setUp()
        self.counts.search([]).unlink()

    def _figures(self):
        self.env.flush_all()
        groups = self.counts._read_group(
            [("operator_id", "in", (self.operator | self.rival).ids)],
            ["operator_id", "kind"],
            ["ended:sum", "late:sum", "in_time_share:avg"],
        )
        return {(o.interop_code, kind): figures for o, kind, *figures in groups}

    def test_a_report_that_never_came_is_marked_then_closed_when_it_comes(self):
        order = self._at(MONDAY, self._order)
        self._pass("2026-08-07 07:00:00")
        self.assertFalse(self._misses_of(order), "not yet")
        self._pass("2026-08-07 20:00:00")
        self._pass("2026-08-08 20:00:00")
        [miss] = self._misses_of(order)
        self.assertEqual((miss.kind, miss.awaited), ("connection", "operator"))
        self.assertEqual(
            (miss.operator_id, miss.network_id), (self.operator, self.network)
        )
        self.assertEqual((miss.hours_late, miss.done_date), (12, False))
        self.assertTrue(order.is_late)
        self._night("2026-08-09 08:00:00")
        self.assertEqual(miss.hours_late, 48)
        self._fire_at("2026-08-10 08:00:00", order, "connected")
        self.assertEqual(str(miss.done_date), "2026-08-10 08:00:00")
        self.assertEqual(miss.hours_late, 72)
        self.assertFalse(order.is_late)
        self.assertEqual(self._figures()["OCT1", "connection"], [1, 1, 0])

    @mute_logger("odoo.addons.oiconnect_base.isolated_work")
    def test_an_order_that_cannot_be_marked_keeps_no_other_from_it(self):
        first, second = (self._at(MONDAY, self._order) for _n in range(2))
        mark = type(first)._mark_late

        def fail(orders):
            if first in orders:
                raise ValueError("a fault of ours")
            return mark(orders)

        with patch.object(type(first), "_mark_late", fail):
            self._pass("2026-08-07 20:00:00")
        self.assertEqual((first.is_late, second.is_late), (False, True))
        self._pass("2026-08-07 20:05:00")
        self.assertTrue(first.is_late)

    def test_what_comes_late_before_any_round_is_marked_too(self):
        order = self._at(MONDAY, self._receive, self._line())
        self._at("2026-06-11 08:00:00", order._study)
        [miss] = self._misses_of(order)
        self.assertEqual((miss.kind, miss.awaited), ("report_build", "us"))
        self.assertEqual(
            (miss.hours_late, str(miss.done_date)), (24, "2026-06-11 08:00:00")
        )
        self.assertDue(order, "connection", "2026-08-10 08:00:00", "operator")

    def test_figures_of_operators_stand_side_by_side(self):
        orders = [self._at(MONDAY, self._order) for _n in range(1)]
        orders.append(self._at(MONDAY, self._order, self.rival))
        for order, moment in zip(
            orders, ("2026-07-01 08:00:00", "2026-09-01 08:00:00"), strict=True
        ):
            self._fire_at(moment, order, "connected")
        figures = self._figures()
        self.assertEqual(figures["OCT1", "connection"], [1, 0, 100])
        self.assertEqual(figures["OCT2", "connection"], [1, 1, 0])
        [[share]] = self.counts._read_group(
            [("kind", "=", "connection")], [], ["in_time_share:avg"]
        )
        self.assertEqual(share, 50)

    def test_the_share_of_many_days_is_no_mean_of_shares(self):
        base = {
            "network_id": self.network.id,
            "operator_id": self.operator.id,
            "kind": "service",
            "awaited": "operator",
        }
        self.counts.create(
            [
                base | {"day": "2026-06-08", "ended": 9, "late": 0},
                base | {"day": "2026-06-09", "ended": 1, "late": 1},
            ]
        )
        self.assertEqual(self._figures()["OCT1", "service"], [10, 1, 90])

    def test_lines_that_say_the_same_are_added_up(self):
        key = (self.network, self.operator, "service", "operator")
        for late in (0, 1):
            self._at(MONDAY, self.counts._append, {key: (2, late)})
        self._at("2026-06-09 08:00:00", self.counts._append, {key: (1, 0)})
        self._night()
        lines = self.counts.search([("kind", "=", "service")], order="day")
        self.assertEqual([(c.ended, c.late) for c in lines], [(4, 1), (1, 0)])
        self.assertEqual(lines[0].in_time_share, 75)
        self.assertEqual(lines.company_id, self.network.company_id)

    def test_an_order_cancelled_in_time_is_no_figure_a_late_one_stays_marked(self):
        for moment, count in (("2026-06-20 08:00:00", 0), ("2026-09-01 08:00:00", 1)):
            with self.subTest(moment):
                order = self._at(MONDAY, self._order)
                self._fire_at(moment, order, "cancel")
                misses = self._misses_of(order)
                self.assertEqual(len(misses), count)
                self.assertTrue(all(misses.mapped("done_date")))
                figure = self._figures().get(("OCT1", "connection"))
                self.assertEqual(figure, [1, 1, 0] if count else None)

    def test_time_spent_waiting_for_others_is_not_counted_as_ours(self):
        order = self._ours()
        self._pass("2026-07-07 08:00:00")
        [miss] = self._misses_of(order)
        self._fire_at("2026-07-08 08:00:00", order, "connection_failed", "FCLI07")
        self._night("2026-07-15 08:00:00")
        self.assertEqual(miss.hours_late, 24, "the clock stands still")
        self._fire_at("2026-07-18 08:00:00", order, "resume")
        self._pass("2026-07-19 08:00:00")
        self._fire_at("2026-07-20 08:00:00", order, "connected")
        [miss] = self._misses_of(order).filtered(lambda m: m.kind == "connection_oi")
        self.assertEqual(miss.hours_late, 96, "two days before the stop, two after")
        self.assertTrue(miss.done_date)

    def test_what_was_missed_closes_when_the_production_is_given_up(self):
        order = self._at(MONDAY, self._order)
        self._pass("2026-09-01 08:00:00")
        self._fire_at("2026-09-02 08:00:00", order, "connection_failed", "FINT04")
        self.assertFalse(self._misses_of(order).done_date)
        self._fire_at("2026-09-03 08:00:00", order, "abandon")
        self.assertTrue(all(self._misses_of(order).mapped("done_date")))

    def test_a_receipt_is_late_from_the_arrival_of_its_file(self):
        self.__class__.origin = Origin(arrival=fields.Datetime.to_datetime(MONDAY))
        order = self._at("2026-06-08 08:30:00", self._receive, self._line())
        self.assertFalse(self._misses_of(order))
        order = self._at("2026-06-08 10:00:00", self._receive, self._line())
        [miss] = self._misses_of(order)
        self.assertEqual((miss.kind, miss.awaited), ("receipt", "us"))
        self.assertEqual((miss.hours_late, bool(miss.done_date)), (1, True))
        self.assertEqual(self._figures()["OCT1", "receipt"], [2, 1, 50])

    def test_the_operators_form_leads_to_what_it_is_late_for(self):
        order = self._at(MONDAY, self._order)
        self._pass("2026-09-01 08:00:00")
        self.assertEqual(self.operator.open_miss_count, 1)
        self.assertEqual(self.rival.open_miss_count, 0)
        action = self.operator.action_view_delay_misses()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self._misses_of(order))
        self.assertEqual(found.action_open_record()["res_id"], order.id)

    def test_misses_are_read_with_the_right_and_written_by_no_user(self):
        order = self._at(MONDAY, self._order)
        self._pass("2026-09-01 08:00:00")
        reader = new_test_user(
            self.env, "manques_lect", "oiconnect_base.group_access_read"
        )
        outsider = new_test_user(self.env, "manques_sans", "oiconnect_base.group_user")
        manager = new_test_user(
            self.env, "manques_adm", "oiconnect_base.group_access_manager"
        )
        miss = self._misses_of(order)
        self.assertEqual(miss.with_user(reader).hours_late, miss.hours_late)
        for act in (
            lambda: miss.with_user(outsider).read(["kind"]),
            lambda: self.counts.with_user(outsider).search([]),
            lambda: miss.with_user(manager).write({"done_date": MONDAY}),
            miss.with_user(manager).unlink,
            lambda: self.counts.with_user(manager).create([{}]),
        ):
            with self.assertRaises(AccessError):
                act()
        self.assertEqual(self.operator.with_user(outsider).open_miss_count, 0)
