from datetime import timedelta

from odoo import fields
from odoo.tests.common import HttpCase, tagged

from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestHealth(ExchangeCase):
    """Whoever watches the server sees files that wait."""

    def _waiting(self):
        return self.env["oiconnect.exchange"]._health()["files"]["waiting"]

    def test_a_file_that_waits_is_counted_until_it_is_processed(self):
        before = self._waiting()
        exchange = self._take([self._wire()], settle=False)
        self.assertEqual(self._waiting(), before + 1)
        while not exchange._is_settled():
            exchange._process()
        self.assertEqual(self._waiting(), before)

    def test_the_age_of_the_oldest_file_is_told(self):
        exchange = self._take([self._wire()], settle=False)
        self.env.flush_all()
        old = fields.Datetime.now() - timedelta(minutes=40)
        self.env.cr.execute(
            "UPDATE oiconnect_exchange SET write_date = %s WHERE id = %s",
            [old, exchange.id],
        )
        self.env.invalidate_all()
        health = self.env["oiconnect.exchange"]._health()
        self.assertGreaterEqual(health["files"]["oldest_minutes"], 40)

    def test_a_file_without_connection_waits_for_a_person(self):
        before = self._waiting()
        self._take([self._wire()])
        self.endpoint.active = False
        self._drain()
        self.assertEqual(self._waiting(), before)

    def test_failing_connections_are_counted(self):
        before = self.env["oiconnect.exchange"]._health()["failing_connections"]
        self.endpoint._note_failure("down")
        after = self.env["oiconnect.exchange"]._health()["failing_connections"]
        self.assertEqual(after, before + 1)


@tagged("post_install", "-at_install")
class TestHealthPage(HttpCase):
    def test_anybody_may_ask_and_learns_no_data_of_the_trade(self):
        response = self.url_open("/oiconnect/health")
        self.assertEqual(response.status_code, 200)
        state = response.json()
        self.assertEqual(state["status"], "ok")
        self.assertEqual(
            set(state),
            {
                "status",
                "time",
                "database",
                "files",
                "jobs",
                "failing_connections",
                "last_cron",
            },
        )
