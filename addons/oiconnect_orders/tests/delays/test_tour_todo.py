from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..clock_common import ClockCase


@tagged("post_install", "-at_install")
class TestTourTodo(ClockCase, HttpCase):
    """The work list of a day, in French, in the browser."""

    def _failed(self, reference, days_ago, **values):
        order = self._order(oc_reference=reference, **values)
        moment = fields.Datetime.now() - timedelta(days=days_ago)
        self._fire_at(moment, order, "connection_failed", "FINT04")
        return order

    def _missed(self):
        """Let two delays be missed, and no other."""
        self.env["oiconnect.delay.miss"].search([]).unlink()
        beside = self.other_building.identifier
        for days in (1, 2):
            self._failed(f"MISSED-{days}", 30 * days, building_identifier=beside)
        self._pass(fields.Datetime.now())

    def _agent(self):
        return new_test_user(
            self.env,
            "tour_todo",
            "oiconnect_base.group_access_user",
            name="Camille",
            password="tour_todo",
            lang="fr_FR",
        )

    @needs_browser
    def test_missed_delays_are_looked_at_in_turn_then_the_work_list_of_a_day(self):
        user = self._agent()
        self._missed()
        later = self._failed("TODO-LATER", 0)
        late = self._failed("TODO-LATE", 30)
        self.start_tour(
            "/odoo/action-oiconnect_base.delay_miss_action",
            "oiconnect_todo",
            login=user.login,
            timeout=180,
        )
        self.assertEqual((late.state, later.state), ("connecting", "connect_ko"))
        [done] = self._todos_of(late, "done")
        self.assertEqual((done.user_id, done.kind), (user, "resume"))
        self.assertFalse(self._todos_of(late))
        [miss] = self._misses_of(late)
        self.assertTrue(miss.done_date and miss.hours_late > 24)
