from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests.common import HttpCase, tagged

from ..common import ExchangeCase

AGO = (
    "UPDATE {} SET {} = (clock_timestamp() AT TIME ZONE 'UTC') - interval '{} minutes' "
    "WHERE id = {}"
)


class HealthCase(ExchangeCase):
    """A server on which all goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.health = cls.env["oiconnect.health"]
        cls.env["oiconnect.endpoint"].search(
            [("id", "!=", cls.endpoint.id)]
        ).active = False
        cls.endpoint.last_poll_date = fields.Datetime.now()
        cls.env["ir.cron"].search([]).write(
            {"nextcall": fields.Datetime.now() + timedelta(hours=1)}
        )
        cls.env["queue.job"].search([]).write({"state": "done"})
        cls.health._cron_heartbeat()
        cls.beat = cls.env["queue.job"].search(
            [("channel", "=", "root.oiconnect_heartbeat"), ("state", "=", "pending")]
        )
        cls.beat.write({"state": "done", "date_done": fields.Datetime.now()})

    def _checks(self):
        self.env.flush_all()
        return self.health._health()

    def _alerts(self):
        checks = self._checks().items()
        return [name for name, check in checks if check["status"] == "alert"]

    def _ago(self, record, column, minutes):
        self.env.flush_all()
        self.env.cr.execute(
            AGO.format(record._table, column, minutes, record.id),
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestClaimedFiles(HealthCase):
    """A file that left the operator's folder and is nowhere is seen."""

    def _claim(self, **values):
        now = fields.Datetime.now()
        return self.env["oiconnect.claim"].create(
            {
                "account_model": self.endpoint._name,
                "account_id": self.endpoint.id,
                "token": "0123456789abcdef",
                "name": "x.csv",
                "path": "in/.oic-0123456789abcdef-x.csv",
                "date": now - timedelta(minutes=20),
                "check_date": now,
                **values,
            }
        )

    def test_one_that_is_not_stored_is_an_alert_after_its_limit(self):
        claim = self._claim()
        check = self._checks()["claimed_files"]
        self.assertEqual(self._alerts(), ["claimed_files"])
        self.assertEqual(check["waiting"], 1)
        self.assertNotIn("x.csv", str(check))
        claim.date = fields.Datetime.now()
        self.assertEqual(self._alerts(), [])

    def test_one_that_is_stored_or_put_away_is_none(self):
        exchange = self._take([self._wire()])
        exchange.claim_token = "0123456789abcdef"
        self._claim()
        self._claim(token="fedcba9876543210", put_path="in/archive/x.csv")
        self.assertEqual(self._checks()["claimed_files"]["waiting"], 0)


@tagged("post_install", "-at_install")
class TestHealth(HealthCase):
    """Alerts to those who watch the server: what is past its limit, and only that."""

    def _limit(self, name, value):
        self.env["ir.config_parameter"].set_param(
            f"oiconnect_interop.health_{name}", value
        )

    def test_no_alert_while_all_goes_on(self):
        self.assertEqual(self._alerts(), [])
        for name, check in self._checks().items():
            if name != "database":
                self.assertLessEqual(
                    {"status", "value", "limit", "unit"}, set(check), name
                )

    def test_an_account_that_is_not_looked_at(self):
        self.endpoint.poll_seconds = 120
        self._ago(self.endpoint, "last_poll_date", 11)
        self.assertEqual(self._alerts(), [], "two minutes, and ten of margin")
        self._ago(self.endpoint, "last_poll_date", 13)
        self.assertEqual(self._alerts(), ["accounts"])
        check = self._checks()["accounts"]
        self.assertEqual((check["value"], check["limit"]), (1, 0))
        [look] = check["accounts"]
        self.assertEqual(look["account"], f"endpoint-{self.endpoint.id}")
        self.assertEqual(look["limit"], 12)
        self.assertAlmostEqual(look["value"], 13, delta=0.5)
        self._limit("account_minutes", "60")
        self.assertEqual(self._alerts(), [])

    def test_an_account_that_fails_is_late_even_if_it_is_tried(self):
        self._ago(self.endpoint, "last_poll_date", 30)
        self.endpoint._note_failure("down")
        self.assertEqual(self._alerts(), ["accounts"])

    def test_an_account_that_never_worked(self):
        self.endpoint.last_poll_date = False
        self.assertEqual(self._alerts(), [])
        self._ago(self.endpoint, "create_date", 20)
        self.assertEqual(self._alerts(), ["accounts"])

    def test_an_archived_account_is_not_counted(self):
        self._take([self._wire()], settle=False)
        exchange = self.endpoint.exchange_ids
        self.env["queue.job"].search([]).write({"state": "done"})
        self._ago(exchange, "create_date", 60)
        self._ago(self.endpoint, "last_poll_date", 60)
        self.assertEqual(self._alerts(), ["accounts", "received_files"])
        self.endpoint.active = False
        self.assertEqual(self._alerts(), [])

    def test_a_drop_of_our_own_systems_that_is_not_looked_at(self):
        drop = self.env["oiconnect.import.source"].create(
            {
                "name": "SI",
                "network_id": self.network.id,
                "host": "sftp.invalid",
                "login": "si",
            }
        )
        self._ago(drop, "create_date", 20)
        self.assertEqual(self._alerts(), ["accounts"])
        late = [
            look["account"]
            for look in self._checks()["accounts"]["accounts"]
            if look["status"] == "alert"
        ]
        self.assertEqual(late, [f"import.source-{drop.id}"])

    def test_a_received_file_that_waits(self):
        exchange = self._take([self._wire()], settle=False)
        self.assertEqual(self._checks()["received_files"]["waiting"], 1)
        self._ago(exchange, "create_date", 14)
        self.assertEqual(self._alerts(), [])
        self._ago(exchange, "create_date", 16)
        self.assertEqual(self._alerts(), ["received_files"])
        while not exchange._is_settled():
            exchange._process()
        self.assertEqual(self._alerts(), [])

    def test_a_file_that_cannot_be_sent_is_late_however_often_it_is_tried(self):
        self._take([self._wire()])
        [receipt] = self._drain()
        self._ago(receipt, "create_date", 40)
        receipt.attempt_count += 1
        self.assertEqual(self._alerts(), ["files_to_send"])
        self.assertGreaterEqual(self._checks()["files_to_send"]["value"], 40)

    def test_a_publication_on_its_way_is_no_alarm(self):
        publication = self.env["oiconnect.publication"].create(
            {
                "network_id": self.network.id,
                "kind": "ipe",
                "state": "done",
                "name": "TEST_01_OITO_PM_IPEZMD_V31_20260901_00.zip",
            }
        )
        self.env["oiconnect.exchange"]._publish(publication, self.operator)
        self.assertEqual(self._checks()["files_to_send"]["waiting"], 0)

    def test_a_message_that_no_file_takes(self):
        self._take([self._wire()])
        event = self.env["oiconnect.event"].search(
            [("state", "=", "pending"), ("operator_id", "=", self.operator.id)]
        )
        self._ago(event, "create_date", 14)
        self.assertEqual(self._alerts(), [])
        self._ago(event, "create_date", 16)
        self.assertEqual(self._alerts(), ["messages"])
        self._drain()
        self.assertEqual(self._alerts(), [])

    def test_a_dead_job_runner(self):
        self._ago(self.beat, "date_done", 9)
        self.assertEqual(self._alerts(), [])
        self._ago(self.beat, "date_done", 11)
        self.assertEqual(self._alerts(), ["runner"])
        self.health._cron_heartbeat()
        self.health._cron_heartbeat()
        self.assertEqual(self._alerts(), ["runner"], "a job that is planned is no beat")
        pending = self.env["queue.job"].search(
            [("identity_key", "=", "oiconnect-heartbeat"), ("state", "=", "pending")]
        )
        self.assertEqual(len(pending), 1)

    def test_a_job_runner_that_never_lived(self):
        self.beat.write({"state": "pending", "date_done": False})
        self._ago(self.beat, "date_created", 11)
        self.assertEqual(self._alerts(), ["runner"])

    def test_a_job_that_is_due_for_long(self):
        self.endpoint._plan_poll(seconds=3600)
        job = self.env["queue.job"].search(
            [("identity_key", "=", self.endpoint._job_identity_key("poll"))]
        )
        self._ago(job, "date_created", 120)
        self.assertEqual(self._alerts(), [], "its time has not come")
        self._ago(job, "eta", 31)
        self.assertEqual(self._alerts(), ["jobs"])

    def test_a_failed_job(self):
        self.beat.state = "failed"
        self.assertEqual(self._alerts(), ["failed_jobs"])
        self._limit("failed_jobs", "1")
        self.assertEqual(self._alerts(), [])

    def test_a_scheduled_action_that_does_not_run(self):
        cron = self.env.ref("oiconnect_orders.cron_study")
        self._ago(cron, "nextcall", 29)
        self.assertEqual(self._alerts(), [])
        self._ago(cron, "nextcall", 31)
        self.assertEqual(self._alerts(), ["scheduled_actions"])
        actions = self._checks()["scheduled_actions"]["scheduled_actions"]
        [late] = [action for action in actions if action["status"] == "alert"]
        self.assertEqual(late["action"], "oiconnect_orders.cron_study")
        self.assertEqual(late["interval"], "10 minutes")
        cron.active = False
        self.assertEqual(self._alerts(), [])

    def test_a_scheduled_action_that_fails_each_time(self):
        cron = self.env.ref("oiconnect_interop.cron_drain")
        self._ago(cron, "first_failure_date", 40)
        self.assertEqual(self._alerts(), ["scheduled_actions"])

    def test_actions_of_others_are_theirs(self):
        cron = self.env.ref("base.autovacuum_job")
        self._ago(cron, "nextcall", 6000)
        self.assertEqual(self._alerts(), [])

    def test_a_full_disk(self):
        self._limit("disk_percent", "1")
        with patch("shutil.disk_usage") as usage:
            usage.return_value.total, usage.return_value.free = 100, 2
            self.assertEqual(self._alerts(), ["disk"])
            self._limit("disk_percent", "99")
            self.assertEqual(self._alerts(), [])

    def _replica(self, state, minutes=None):
        """Return the check of a replica that is so."""
        name = "odoo.addons.oiconnect_base.replica"
        with (
            patch(f"{name}.has_replica", return_value=True),
            patch(f"{name}.standing", return_value=(state, minutes)),
        ):
            alerts = self._alerts()
            self.assertEqual(alerts, ["replica"] if alerts else [])
            check = self._checks()["replica"]
        self.assertEqual(check["status"] == "alert", bool(alerts))
        return check

    def test_no_replica_is_no_alarm(self):
        check = self._checks()["replica"]
        self.assertEqual((check["status"], check["value"]), ("ok", None))

    def test_a_late_replica(self):
        self.assertEqual(self._replica("good", 0.0)["value"], 0)
        self.assertNotIn("advice", self._replica("good", 4.9))
        check = self._replica("good", 5.2)
        self.assertEqual((check["state"], check["value"]), ("late", 5.2))
        self._limit("replica_minutes", "10")
        self.assertEqual(self._replica("good", 5.2)["status"], "ok")

    def test_a_dead_replica_and_one_that_follows_no_server_say_what_to_do(self):
        company = self.env["res.company"].search([], order="id", limit=1)
        company.partner_id.lang = "fr_FR"
        self.assertIn("Redémarrez", self._replica("dead")["advice"])
        self.assertIn("Refaites", self._replica("primary")["advice"])

    def test_a_view_that_an_upgrade_deactivated_is_a_warning(self):
        view = self.env.ref("oiconnect_base.commune_view_list")
        self.assertEqual(self._checks()["deactivated_views"]["status"], "ok")
        view.write({"active": False, "upgrade_error": "It does not fit"})
        check = self._checks()["deactivated_views"]
        self.assertEqual((check["status"], check["value"]), ("warning", 1))
        known = {"id": view.id, "model": "oiconnect.commune"}
        self.assertEqual(check["views"], [known])

    def test_weak_passwords_are_counted_and_stop_nothing(self):
        self.env["res.users"].search([]).has_weak_password = False
        self.assertEqual(self._checks()["weak_passwords"]["status"], "ok")
        self.env.ref("base.user_admin").has_weak_password = True
        check = self._checks()["weak_passwords"]
        self.assertEqual((check["status"], check["value"]), ("warning", 1))

    def test_registration_that_is_open_to_anybody_is_an_alert(self):
        scope = "auth_signup.invitation_scope"
        if "signup_token" not in self.env["res.partner"]._fields:
            self.skipTest("No addon that lets anybody in is installed")
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(scope, "b2b")
        self.assertEqual(self._checks()["open_registration"]["status"], "ok")
        parameters.set_param(scope, "b2c")
        check = self._checks()["open_registration"]
        self.assertEqual((check["status"], check["value"]), ("alert", 1))

    def test_a_limit_that_is_no_number_is_the_usual_one(self):
        for text in ("", "-4", "dix", "1.5"):
            self._limit("files_minutes", text)
            self.assertEqual(self._checks()["received_files"]["limit"], 15)

    def test_the_answer_costs_few_queries_and_locks_nothing(self):
        for _rank in range(3):
            self._take([self._wire()])
        self._checks()
        self.env.invalidate_all()
        # Two are of the catalogue: one for each table that has months.
        with self.assertQueryCount(19):
            self.health._health()


@tagged("post_install", "-at_install")
class TestHealthPage(HttpCase):
    def _ask(self, checks):
        health = self.env.registry["oiconnect.health"]
        with patch.object(health, "_health", lambda _self: checks):
            return self.url_open("/oiconnect/health")

    def test_anybody_may_ask_and_learns_no_data_of_the_trade(self):
        operator = self.env["oiconnect.operator"].create(
            {"name": "Opérateur Secret", "interop_code": "OCSE", "arcep_code": "OCSE"}
        )
        self.env["oiconnect.endpoint"].create(
            {
                "name": "Compte secret",
                "network_id": self.env["oiconnect.network"]
                .create(
                    {
                        "name": "Zone",
                        "oi_code": "OISE",
                        "code": "OISE",
                        "pto_prefix": "ZS",
                    }
                )
                .id,
                "operator_id": operator.id,
                "host": "sftp.secret.invalid",
                "login": "secret",
            }
        )
        response = self.url_open("/oiconnect/health")
        checks = set(response.json()["checks"])
        self.assertEqual(checks, {"database", *self.env["oiconnect.health"]._checks()})
        self.assertLessEqual(
            {
                "database",
                "accounts",
                "claimed_files",
                "received_files",
                "files_to_send",
                "messages",
                "webhooks",
                "stopped_webhooks",
                "unreadable_keys",
                "runner",
                "jobs",
                "failed_jobs",
                "scheduled_actions",
                "months",
                "deactivated_views",
                "weak_passwords",
                "open_registration",
                "disk",
                "replica",
            },
            checks,
        )
        for word in ("secret", "Secret", "OCSE", "OISE", "Zone"):
            self.assertNotIn(word, response.text)

    def test_one_check_past_its_limit_is_an_alarm(self):
        good, bad = {"status": "ok"}, {"status": "alert"}
        for checks, status, code in (
            ({"database": good, "jobs": good}, "ok", 200),
            ({"database": good, "jobs": bad}, "alert", 503),
        ):
            response = self._ask(checks)
            self.assertEqual(response.status_code, code)
            self.assertEqual(response.json()["status"], status)
            self.assertEqual(response.json()["checks"], checks)

    def test_without_database_there_is_an_alarm(self):
        nowhere = {"X-Odoo-Database": "oic_no_such_database"}
        self.opener.cookies.clear()
        for path in ("health", "metrics"):
            response = self.url_open(f"/oiconnect/{path}", headers=nowhere)
            self.assertEqual(response.status_code, 503, path)
