"""The plan of the demo network: the same each time, and without a loose end."""

import unittest
from collections import Counter
from datetime import datetime, timedelta

from odoo.addons.oiconnect_orders.link_states import STATES as LINK_STATES
from odoo.addons.oiconnect_orders.models.pb_orders.pb_order import STATES as PB_STATES
from odoo.addons.oiconnect_orders.pm_order_states import STATES as PM_STATES

from ..plan.facts import facts
from ..plan.link_orders import LINK_STORIES
from ..plan.network import COLOURS, STREET_DWELLINGS, plan
from ..plan.orders import GOALS, plan_orders
from ..plan.pb_orders import plan_pb_orders
from ..plan.places import read
from ..plan.pm_orders import PM_STORIES
from ..plan.stories import HAND
from ..plan.tickets import OPERATORS, STORIES

NOW = datetime(2026, 11, 24, 15, 0)


class DemoPlanCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.places = read()
        cls.plan = plan(cls.places)
        cls.facts = facts(cls.plan, cls.places)

    def _orders(self, now=NOW):
        return plan_orders(self.plan, self.places, now)


class TestDemoPlan(DemoPlanCase):
    def test_each_deployed_place_is_served(self):
        served = {place.key for box in self.plan.boxes for place in box.places}
        deployed = {place.key for place in self.places if place.is_deployed}
        self.assertEqual(served, deployed)

    def test_floors_hold_the_dwellings_of_their_building(self):
        counts = Counter()
        for level in self.plan.levels:
            counts[level.place.key] += level.dwellings
        for place in self.places:
            if place.key in counts:
                self.assertEqual(counts[place.key], place.dwellings)

    def test_boxes_have_a_fibre_for_each_dwelling(self):
        for box in self.plan.boxes:
            if box.places[0].pbo_type != "IMMEUBLE":
                dwellings = sum(place.dwellings for place in box.places)
                self.assertLessEqual(dwellings, max(STREET_DWELLINGS, box.fibres))

    def test_no_position_and_no_fibre_serves_twice(self):
        positions = {(s.box.pm, s.module, s.position) for s in self.plan.strands}
        fibres = {(s.box.pm, s.cable, s.tube, s.fibre) for s in self.plan.strands}
        self.assertEqual(len(positions), len(self.plan.strands))
        self.assertEqual(len(fibres), len(self.plan.strands))
        self.assertEqual({strand.tube for strand in self.plan.strands}, set(COLOURS))

    def test_ptos_have_references_of_their_own(self):
        references = [pto.reference for pto in self.plan.ptos]
        self.assertEqual(len(references), len(set(references)))
        for reference in references:
            self.assertRegex(reference, r"^ZZ-D[0-9]{3}-[0-9]{4}$")

    def test_scenarios_have_places_that_no_order_touches(self):
        ordered = {o.spot.place.key for o in self._orders() if o.goal != "cr_ko"}
        self.assertFalse(ordered & self.facts.keys)
        self.assertEqual(self.facts.saturated.state, "DEPLOYE")
        self.assertEqual(self.facts.not_deployed.state, "RACCORDABLE DEMANDE")
        self.assertGreaterEqual(len(self.facts.good), 20)


class TestDemoOrders(DemoPlanCase):
    def test_the_same_orders_are_planned_on_any_day(self):
        def planned(orders):
            return Counter(
                (o.operator, o.goal, o.spot.place.key, o.line["connection_type"])
                for o in orders
            )

        for days in range(1, 15):
            later = self._orders(NOW + timedelta(days=days, hours=days))
            self.assertEqual(planned(later), planned(self._orders()))

    def test_each_goal_has_its_orders(self):
        counts = Counter(order.goal for order in self._orders())
        for goal, wanted in GOALS.items():
            self.assertGreaterEqual(counts[goal], sum(wanted))
        self.assertEqual((counts["cr_ko"], counts["ar_ko"]), (30, 11))

    def test_lives_run_forward_and_are_past(self):
        for days in range(7):
            now = NOW + timedelta(days=days)
            for order in self._orders(now):
                self.assertLifeInOrder(order, now)

    def assertLifeInOrder(self, order, now):
        life = order.life
        times = [life.ordered, life.dropped, life.receipt]
        if order.goal != "ar_ok":
            times.append(life.report)
        if order.goal in ("delivered", "in_service", "terminated"):
            if not order.is_at_once:
                times += [life.connected, life.reported]
            times.append(life.delivered)
        if order.goal in ("in_service", "terminated"):
            times += [life.in_service, life.activated]
        self.assertEqual(times, sorted(times), order.goal)
        self.assertLess(times[-1], now)

    def test_each_order_finds_what_those_before_left(self):
        """Orders are played in the order of their times, whatever day it is."""
        for weeks in range(0, 52, 4):
            for order in self._orders(NOW + timedelta(weeks=weeks, hours=7 * weeks)):
                self.assertFindsItsPlace(order)

    def assertFindsItsPlace(self, order):
        life, first = order.life, order.copies or order.follows
        if order.copies:
            self.assertLess(first.life.receipt, life.receipt)
        elif first and first.goal == "terminated":
            self.assertLess(first.life.ended, life.dropped)
        elif first:
            self.assertLess(first.life.activated, life.delivered)
        if order.mistaken:
            self.assertLess(life.delivered, life.ended)
        if order.reprovision == "hot":
            self.assertLess(life.report, life.changed)
            self.assertLess(life.changed, life.delivered)
        if order.reprovision == "cold":
            self.assertLess(life.delivered, life.changed)

    def test_each_dwelling_is_ordered_once_but_to_be_taken_over(self):
        taken = Counter()
        for order in self._orders():
            if order.goal in ("in_service", "delivered") and not order.spot.level:
                taken[order.spot.place.key] += 1
        dwellings = {place.key: place.dwellings for place in self.places}
        for key, count in taken.items():
            self.assertLessEqual(count, dwellings[key])

    def test_references_are_unique_but_where_one_is_used_again(self):
        orders = self._orders()
        references = Counter(order.line["oc_reference"] for order in orders)
        again = [reference for reference, count in references.items() if count > 1]
        self.assertEqual(len(again), sum(1 for order in orders if order.copies))


class TestDemoTickets(DemoPlanCase):
    def test_stories_run_forward_and_are_past(self):
        for story in STORIES:
            hours = [after for after, _action, _given in story.steps]
            self.assertEqual(hours, sorted(hours), story.words)
            if hours:
                self.assertLess(hours[-1], 24 * min(story.days_ago), story.words)

    def test_each_ticket_has_a_line_that_was_in_service_before(self):
        services = {operator: [] for operator in OPERATORS}
        for order in self._orders():
            if order.goal == "in_service":
                services[order.operator].append(order.life.in_service)
        for rank, operator in enumerate(OPERATORS):
            opened = sorted(
                NOW - timedelta(days=days)
                for story in STORIES
                for days in story.days_ago[rank :: len(OPERATORS)]
            )
            for number, moment in enumerate(opened, 1):
                before = [start for start in services[operator] if start < moment]
                self.assertGreaterEqual(len(before), number, (operator, moment))


class TestDemoNetworkOrders(DemoPlanCase):
    def _pb_orders(self, now=NOW):
        return plan_pb_orders(self.places, now.date())

    def _stories(self):
        placed = [one.story for one in self._pb_orders()]
        return [*PM_STORIES, *LINK_STORIES, *placed]

    def test_each_state_that_lasts_has_its_order(self):
        pb_stories = [one.story for one in self._pb_orders()]
        for states, stories in (
            (PM_STATES, PM_STORIES),
            (PB_STATES, pb_stories),
            (LINK_STATES, LINK_STORIES),
        ):
            # A received order is acknowledged or refused at once.
            lasting = {state for state, _label in states} - {"received"}
            self.assertEqual({story.goal for story in stories}, lasting)
            self.assertTrue(any(story.begins == HAND for story in stories))

    def test_steps_run_forward_and_are_past(self):
        for story in self._stories():
            days = [0, *(after for after, _action, _given in story.steps)]
            self.assertEqual(days, sorted(days), story)
            self.assertLessEqual(days[-1], story.days_ago - 1, story)

    def test_pbs_are_ordered_where_no_scenario_and_no_access_order_is(self):
        ordered = {order.spot.place.key for order in self._orders()}
        keys = [one.place.key for one in self._pb_orders()]
        self.assertFalse(set(keys) & (self.facts.keys | ordered))
        # One is ordered by two operators.
        self.assertEqual(len(keys), len(set(keys)) + 1)

    def test_a_pb_is_laid_on_the_day_of_the_file(self):
        for days in (0, 1, 40):
            now = NOW + timedelta(days=days)
            laid = [one for one in self._pb_orders(now) if one.story.goal == "laid"]
            self.assertEqual(len(laid), 2)
            for one in laid:
                [since] = [d for d, action, _g in one.story.steps if action == "lays"]
                ordered = now.date() - timedelta(days=one.story.days_ago)
                self.assertEqual(ordered + timedelta(days=since), one.place.cabled)
