from unittest.mock import patch

from odoo.tests.common import new_test_user, tagged

from ...models.tickets import line_history
from ..common import TicketCase

# Long after all that the tests before them did
EARLY, LATE, NOW = "2050-01-10 08:00:00", "2050-03-01 08:00:00", "2050-03-10 08:00:00"


@tagged("post_install", "-at_install")
class TestTicketLineHistory(TicketCase):
    """The hotline sees what was measured on the line, and what changed on its route."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "hotline_mesures", "oiconnect_base.group_ticket_read"
        )

    def _seen(self, ticket, name, moment=NOW):
        ticket.invalidate_recordset([name])
        seen = ticket.with_user(self.user)
        return self._at(moment, lambda: seen[name])

    def _measured(self, order, budget, date="2026-03-16T10:00:00"):
        order._keep_connection(
            {"result": "OK", "optical_budget": budget, "connection_date": date}
        )

    # ------------------------------------------------------------------
    # Measures
    # ------------------------------------------------------------------

    def test_the_connection_report_gives_the_first_measure(self):
        self._measured(self.order, "18,4 dB")
        ticket = self._open().with_user(self.user)
        self.assertEqual(ticket.connection_budget, "18,4 dB")
        self.assertEqual(ticket.connection_date, self.order.connection_date)

    def test_a_line_taken_over_has_the_measure_of_its_connection(self):
        before = self._delivered()
        self._measured(before, "18,4 dB")
        before._fire("terminate")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oiconnect_access_order SET pto_id = %s WHERE id = %s",
            [self.order.pto_id.id, before.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._open().connection_budget, "18,4 dB")

    def test_visits_of_earlier_tickets_give_the_others(self):
        first = self._open()
        measured = self._done(first, loss=21.5)
        self._done(first)
        self._resolve(first)
        first._fire("accept")
        elsewhere = self._open(self._delivered())
        self._done(elsewhere, loss=3)
        ticket = self._open()
        self.assertEqual(self._seen(ticket, "measured_task_ids"), measured)
        now = self._done(ticket, loss=28)
        self.assertEqual(self._seen(ticket, "measured_task_ids"), now | measured)
        with patch.object(line_history, "MAX_MEASURES", 1):
            self.assertEqual(self._seen(ticket, "measured_task_ids"), now)

    def test_a_ticket_without_a_line_has_neither(self):
        ticket = self._open(
            type="2", service_reference=None, pm_reference=self.pm.reference
        )
        self.assertFalse(ticket.connection_budget)
        self.assertFalse(self._seen(ticket, "measured_task_ids"))
        self.assertFalse(self._seen(ticket, "route_change_ids"))

    # ------------------------------------------------------------------
    # Changes
    # ------------------------------------------------------------------

    def test_changes_along_the_route_are_shown_the_last_first(self):
        ticket = self._open()
        route = ticket.route_id
        self._at(LATE, route.pbo_id.write, {"localisation": "Palier 2"})
        self._at(LATE, route.cable_id.write, {"length_m": 321})
        self._at(LATE, route.fibre_id.write, {"tube": "ROUGE"})
        self._at(LATE, self.other_pbo.write, {"localisation": "Palier 3"})
        changes = self._seen(ticket, "route_change_ids")
        self.assertEqual(changes.ids, sorted(changes.ids, reverse=True))
        self.assertEqual(
            {(change.res_model, change.res_id) for change in changes}
            & {(one._name, one.id) for one in (route.pbo_id, self.other_pbo)},
            {(route.pbo_id._name, route.pbo_id.id)},
        )
        fields_changed = {(change.res_model, change.field) for change in changes}
        self.assertLessEqual(
            {
                ("oiconnect.pbo", "localisation"),
                ("oiconnect.pbo.cable", "length_m"),
                ("oiconnect.pbo.fibre", "tube"),
            },
            fields_changed,
        )
        self.assertIn("Palier 2", changes.mapped("after_label"))

    def test_a_splice_made_on_the_way_is_shown(self):
        ticket = self._open()
        fibre = ticket.route_id.fibre_id
        before = self.env["oiconnect.pbo.fibre"].create(
            {
                "network_id": self.network.id,
                "cable_id": fibre.cable_id.id,
                "tube": "BLEU",
                "fibre": "9",
            }
        )
        splice = self._at(
            LATE,
            self.env["oiconnect.splice"].create,
            {"upstream_id": before.id, "downstream_id": fibre.id},
        )
        changes = self._seen(ticket, "route_change_ids")
        self.assertIn((splice._name, splice.id), self._parts(changes))

    def _parts(self, changes):
        return {(change.res_model, change.res_id) for change in changes}

    def test_older_changes_are_left_out(self):
        ticket = self._open()
        self._at(EARLY, ticket.pbo_id.write, {"localisation": "Palier 2"})
        self.assertFalse(self._seen(ticket, "route_change_ids"))
        self._at(LATE, ticket.pbo_id.write, {"localisation": "Palier 3"})
        change = self._seen(ticket, "route_change_ids")
        self.assertEqual(change.after, "Palier 3")

    def test_the_changes_shown_are_bounded(self):
        ticket = self._open()
        for rank in range(4):
            self._at(LATE, ticket.pbo_id.write, {"localisation": f"Palier {rank}"})
        with patch.object(line_history, "MAX_CHANGES", 2):
            changes = self._seen(ticket, "route_change_ids")
        self.assertEqual(changes.mapped("after"), ["Palier 3", "Palier 2"])

    def test_who_reads_tickets_reads_no_other_change(self):
        self._at(LATE, self.building.write, {"dwelling_count": 12})
        changes = self.env["oiconnect.change"].with_user(self.user)
        seen = set(changes.search([]).mapped("res_model"))
        self.assertIn("oiconnect.pm", seen)
        self.assertNotIn("oiconnect.building", seen)
