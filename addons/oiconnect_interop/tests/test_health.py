from datetime import timedelta
from unittest.mock import patch

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
        drop = self.env["oiconnect.import.source"].create(
            {
                "name": "SI",
                "network_id": self.network.id,
                "host": "sftp.invalid",
                "login": "si",
            }
        )
        drop._note_failure("down")
        after = self.env["oiconnect.exchange"]._health()["failing_connections"]
        self.assertEqual(after, before + 2)

    def test_a_publication_on_its_way_is_no_alarm(self):
        before = self.env["oiconnect.exchange"]._health()["files"]["waiting"]
        publication = self.env["oiconnect.publication"].create(
            {
                "network_id": self.network.id,
                "kind": "ipe",
                "state": "done",
                "name": "TEST_01_OITO_PM_IPEZMD_V31_20260901_00.zip",
            }
        )
        self.env["oiconnect.exchange"]._publish(publication, self.operator)
        after = self.env["oiconnect.exchange"]._health()["files"]["waiting"]
        self.assertEqual(after, before)

    def test_jobs_are_counted_by_their_state(self):
        before = self.env["oiconnect.exchange"]._health()["jobs"]
        self.assertEqual(set(before), {"pending", "enqueued", "started", "failed"})
        exchanges = [self._take([self._wire()], settle=False) for _n in range(2)]
        jobs = self.env["queue.job"].search(
            [
                (
                    "identity_key",
                    "in",
                    [f"oiconnect-process-{item.id}" for item in exchanges],
                )
            ]
        )
        self.assertEqual(len(jobs), 2)
        jobs[0].state = "failed"
        after = self.env["oiconnect.exchange"]._health()["jobs"]
        self.assertEqual(
            (after["pending"], after["failed"]),
            (before["pending"] + 1, before["failed"] + 1),
        )

    def test_the_last_scheduled_action_is_told(self):
        cron = self.env.ref("oiconnect_interop.cron_drain")
        last = fields.Datetime.now() + timedelta(days=1)
        cron.lastcall = last
        self.assertEqual(
            self.env["oiconnect.exchange"]._health()["last_cron"],
            fields.Datetime.to_string(last),
        )


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

    def test_a_file_that_waits_for_a_quarter_of_an_hour_is_an_alarm(self):
        exchanges = self.env.registry["oiconnect.exchange"]
        for minutes, status, code in (
            (None, "ok", 200),
            (15, "ok", 200),
            (15.1, "late", 503),
        ):
            state = {"files": {"waiting": 1, "oldest_minutes": minutes}}
            with (
                self.subTest(minutes),
                patch.object(exchanges, "_health", lambda _self, state=state: state),
            ):
                response = self.url_open("/oiconnect/health")
                self.assertEqual(response.status_code, code)
                self.assertEqual(response.json()["status"], status)
