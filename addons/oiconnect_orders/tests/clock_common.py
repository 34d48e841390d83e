from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields

from .common import OrderCase

# A Monday at 10:00 in Paris, far from holidays
MONDAY = "2026-06-08 08:00:00"


class ClockCase(OrderCase):
    """Orders at a given time, with the delays that the product proposes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.delays = cls.env["oiconnect.delay"]
        cls.misses = cls.env["oiconnect.delay.miss"]
        cls.counts = cls.env["oiconnect.delay.count"]
        cls.todos = cls.env["oiconnect.todo"]

    def at(self, moment):
        """Let it be ``moment``, UTC."""
        return freeze_time(moment)

    def _at(self, moment, method, *args, **kwargs):
        with self.at(moment):
            return method(*args, **kwargs)

    def _fire_at(self, moment, order, event, reason=None, **values):
        """Fire ``event`` at ``moment``; the failure has ``reason``."""
        if reason:
            order.reason_id = self.env["oiconnect.reason"]._of(reason)
        return self._at(moment, order._fire, event, **values)

    def _ours(self, moment=MONDAY, **values):
        """Return an order that we connect, at an appointment."""
        return self._at(
            moment,
            self._order,
            connection_type="OI",
            appointment_reference="RDV-1",
            **values,
        )

    def _pass(self, moment):
        """Let the scheduled action that marks what was missed run at ``moment``."""
        self._run(moment, self.misses._cron_mark_late)

    def _night(self, moment="2026-06-09 00:00:00"):
        self._run(moment, self.todos._cron_reconcile)

    def _run(self, moment, action):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60.0
        ):
            self._at(moment, action)

    def assertDue(self, order, kind, due, awaited="us"):
        found = order.due_kind, fields.Datetime.to_string(order.due_date), order.awaited
        self.assertEqual(found, (kind, due, awaited))

    def _misses_of(self, order):
        domain = [("res_model", "=", order._name), ("res_id", "=", order.id)]
        return self.misses.search(domain, order="id")

    def _todos_of(self, order, state="open"):
        return self.todos.search(
            [
                ("res_model", "=", order._name),
                ("res_id", "=", order.id),
                ("state", "=", state),
            ]
        )
