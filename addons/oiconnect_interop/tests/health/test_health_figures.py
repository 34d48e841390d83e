from unittest.mock import patch

from prometheus_client.parser import text_string_to_metric_families

from odoo.exceptions import ValidationError
from odoo.tests import Form, HttpCase, tagged

from .test_health import HealthCase

TOKEN = "jeton-de-surveillance-2026"


@tagged("post_install", "-at_install")
class TestFigures(HealthCase):
    """Figures that Prometheus collects, by flow and operator."""

    def _figures(self):
        """Return ``{(name, *label values): value}``, labels in alphabetical order."""
        self.env.flush_all()
        text = self.health._figures_text().decode()
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def test_files_lines_and_orders_of_the_day_are_counted(self):
        self._take([self._wire(), self._wire(NomClient="")])
        self._take([self._wire()])
        self._take(b"%PDF-1.7")
        self._drain()
        found = self._figures()
        flow = ("CMD_ACCES", "OCT1")
        for name, value in (
            ("files_received_total", 3),
            ("files_refused_total", 1),
            ("lines_handled_total", 3),
            ("lines_refused_total", 1),
        ):
            self.assertEqual(found["oiconnect_" + name, *flow], value, name)
        self.assertEqual(found["oiconnect_orders_received_total", "OCT1"], 3)
        self.assertEqual(found["oiconnect_files_made_total", "AR_CMD", "OCT1"], 3)
        self.assertEqual(found["oiconnect_files_today", "in", *flow, "in_partial"], 1)
        self.assertEqual(
            found["oiconnect_files_waiting", "AR_CMD", "OCT1", "out_ready"], 3
        )

    def test_what_came_before_midnight_is_not_of_the_day(self):
        exchange = self._take([self._wire()])
        self._ago(exchange, "create_date", 25 * 60)
        self._ago(self._orders_of(exchange), "create_date", 25 * 60)
        names = {key[0] for key in self._figures() if "OCT1" in key}
        self.assertEqual(
            {name for name in names if name.endswith("_total")}, set(), names
        )

    def test_messages_that_wait_and_those_in_error(self):
        self._take([self._wire()])
        key = ("AR_CMD", "OCT1")
        self.assertEqual(self._figures()["oiconnect_messages_waiting", *key], 1)
        self.env["oiconnect.event"].search(
            [("state", "=", "pending"), ("operator_id", "=", self.operator.id)]
        ).state = "error"
        found = self._figures()
        self.assertNotIn(("oiconnect_messages_waiting", *key), found)
        self.assertEqual(found["oiconnect_messages_in_error", *key], 1)

    def test_accounts_are_listed_with_their_operator(self):
        self._ago(self.endpoint, "last_poll_date", 5)
        self.endpoint.failure_count = 2
        found = self._figures()
        key = (f"endpoint-{self.endpoint.id}", "OCT1")
        age = found["oiconnect_account_look_age_seconds", *key]
        self.assertAlmostEqual(age, 300, delta=30)
        self.assertEqual(found["oiconnect_account_failures", *key], 2)

    def test_checks_are_listed_with_their_limits(self):
        self.beat.state = "failed"
        found = self._figures()
        self.assertEqual(found["oiconnect_check_ok", "failed_jobs"], 0)
        self.assertEqual(found["oiconnect_check_ok", "messages"], 1)
        self.assertEqual(found["oiconnect_check_value", "failed_jobs", "jobs"], 1)
        self.assertEqual(found["oiconnect_check_limit", "failed_jobs", "jobs"], 0)
        self.assertEqual(found["oiconnect_jobs", "failed"], 1)
        self.assertEqual(
            found[
                "oiconnect_scheduled_action_late_minutes",
                "oiconnect_interop.cron_drain",
            ],
            0,
        )

    def test_indexes_serve_figures_that_would_read_whole_tables(self):
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        # An empty table would as well be grouped in the order of another index.
        self.env.cr.execute("SET LOCAL enable_indexscan = off")
        for index, query in (
            (
                "oiconnect_exchange_created_idx",
                "SELECT count(*) FROM oiconnect_exchange WHERE create_date >= now()",
            ),
            (
                "oiconnect_access_order_created_idx",
                "SELECT operator_id, count(*) FROM oiconnect_access_order "
                "WHERE create_date >= now() GROUP BY operator_id",
            ),
            (
                "oiconnect_event_pending_idx",
                "SELECT min(create_date) FROM oiconnect_event WHERE state = 'pending'",
            ),
            (
                "oiconnect_event_error_idx",
                "SELECT flow, operator_id, count(*) FROM oiconnect_event "
                "WHERE state = 'error' GROUP BY flow, operator_id",
            ),
        ):
            self.env.cr.execute(f"EXPLAIN {query}")
            plan = "\n".join(line for (line,) in self.env.cr.fetchall())
            self.assertIn(index, plan)

    # ------------------------------------------------------------------
    # Settings
    # ------------------------------------------------------------------

    def _settings(self, **values):
        with Form(self.env["res.config.settings"]) as form:
            for name, value in values.items():
                form[f"oiconnect_{name}"] = value
        form.record.execute()
        return self.env["res.config.settings"].create({})

    def test_limits_are_set_where_settings_are(self):
        again = self._settings(health_files_minutes=45, health_failed_jobs=2)
        self.assertEqual(again.oiconnect_health_files_minutes, 45)
        checks = self.health._health()
        self.assertEqual(checks["received_files"]["limit"], 45)
        self.assertEqual(checks["failed_jobs"]["limit"], 2)
        self.assertEqual(checks["messages"]["limit"], 15)

    def test_limits_that_make_no_sense_are_refused(self):
        for values in (
            {"health_files_minutes": 0},
            {"health_failed_jobs": -1},
            {"health_disk_percent": 140},
            {"metrics": True},
            {"metrics": True, "metrics_token": "court"},
            {"metrics": True, "metrics_token": "é" * 30},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._settings(**values)

    def test_a_token_is_never_read_again(self):
        again = self._settings(metrics=True, metrics_token=TOKEN)
        self.assertTrue(again.oiconnect_metrics)
        self.assertFalse(again.oiconnect_metrics_token)
        self.env.flush_all()
        for table, column in (
            ("ir_config_parameter", "value"),
            ("res_config_settings", "oiconnect_metrics_token"),
        ):
            self.env.cr.execute(
                f"SELECT count(*) FROM {table} WHERE {column} LIKE %s", [f"%{TOKEN}%"]
            )
            self.assertEqual(self.env.cr.fetchone(), (0,), table)
        self._settings(health_files_minutes=30)
        self.assertTrue(self.health._is_token(TOKEN), "unchanged when nothing is typed")
        self._settings(metrics=False)
        self.assertFalse(self.health._has_token())


@tagged("post_install", "-at_install")
class TestFiguresPage(HttpCase):
    def setUp(self):
        super().setUp()
        self.env["res.config.settings"].create(
            {"oiconnect_metrics": True, "oiconnect_metrics_token": TOKEN}
        ).set_values()

    def _get(self, header=None):
        headers = {"Authorization": header} if header else {}
        return self.url_open("/oiconnect/metrics", headers=headers)

    def test_the_token_opens_the_figures(self):
        response = self._get(f"Bearer {TOKEN}")
        self.assertEqual(response.status_code, 200)
        self.assertIn("text/plain", response.headers["Content-Type"])
        names = {
            family.name for family in text_string_to_metric_families(response.text)
        }
        self.assertLessEqual(
            {"oiconnect_check_ok", "oiconnect_jobs", "oiconnect_files_received"}, names
        )

    def test_a_wrong_token_is_refused_after_the_same_comparison(self):
        lengths = set()

        def compare(given, stored):
            lengths.add((len(given), len(stored)))
            return given == stored

        with patch("hmac.compare_digest", compare):
            for header in (
                None,
                "Bearer",
                "Bearer x",
                f"Bearer {TOKEN}x",
                "Bearer " + "x" * 5000,
                f"Basic {TOKEN}",
                TOKEN,
            ):
                response = self._get(header)
                self.assertEqual(response.status_code, 401, header)
                self.assertNotIn("oiconnect_", response.text)
        self.assertEqual(lengths, {(64, 64)})

    def test_nothing_is_shown_as_long_as_no_token_is_set(self):
        self.env["res.config.settings"].create(
            {"oiconnect_metrics": False}
        ).set_values()
        for header in (None, f"Bearer {TOKEN}", "Bearer "):
            self.assertEqual(self._get(header).status_code, 404)
