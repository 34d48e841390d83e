from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.tests.common import trap_jobs

from .publication_common import MadeCase


def tick(env):
    """Let the cron come by; return the jobs that it queued."""
    with trap_jobs() as trap:
        env["oiconnect.publication.schedule"]._cron_publish()
        env.flush_all()
        return trap.enqueued_jobs


@tagged("post_install", "-at_install")
class TestPublicationSchedule(MadeCase):
    """What is made when: each moment once, whatever clocks and servers do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Networks that the database had before have plans of their own.
        others = cls.env["oiconnect.publication.plan"].search([])
        (others - cls.plan).active = False

    def _set(self, step, moment, **vals):
        """Let a schedule be as ``vals`` from a moment on, the others rest."""
        with freeze_time(moment):
            schedule = self._schedule(step)
            (self.plan.schedule_ids - schedule).active = False
            schedule.write({"active": True, **vals})
            self.env.flush_all()
        return schedule

    def _tick(self, moment):
        """Let the cron come by at a UTC moment and its jobs run; return what is new."""
        known = self._found()
        with freeze_time(moment):
            for job in tick(self.env):
                job.recordset._run()
            self.env.invalidate_all()
        return self._kinds(self._found() - known)

    # -- plans that are there ---------------------------------------------------------

    def test_a_network_begins_with_its_plans(self):
        with freeze_time("2026-11-25 12:00:00"):
            network = self.network.copy({"oi_code": "OIPW"})
        for family in ("ipe", "cpn"):
            plan = self._plan(family, network)
            self.assertEqual(len(plan), 1)
            self.assertEqual(
                {
                    schedule.step: fields.Datetime.to_string(schedule.next_date)
                    for schedule in plan.schedule_ids
                },
                {
                    "delta": "2026-11-26 00:00:00",
                    "full": "2026-12-01 01:00:00",
                    "histo": "2026-12-01 02:00:00",
                },
            )

    def test_networks_without_a_plan_are_given_one_once(self):
        self._plan("cpn").unlink()
        plans = self.env["oiconnect.publication.plan"].with_context(active_test=False)
        before = plans.search([])
        plans._seed()
        made = plans.search([]) - before
        self.assertEqual(
            (made.network_id, made.mapped("family")), (self.network, ["cpn"])
        )
        made.active = False
        plans._seed()
        self.assertEqual(plans.search([]), before | made, "archived is a wish")

    # -- moments ----------------------------------------------------------------------

    def test_the_daily_delta(self):
        self._set("delta", "2026-11-25 12:00:00")
        self.assertEqual(self._tick("2026-11-25 23:59:00"), [])
        delta = [("delta_ipe", "V3.0"), ("delta_ipe", "V3.1")]
        self.assertEqual(self._tick("2026-11-26 00:00:10"), delta)
        self.assertEqual(self._tick("2026-11-26 00:05:00"), [])
        self.assertEqual(self._tick("2026-11-27 00:03:00"), delta)
        self.assertEqual(
            self._found().mapped("due_date"),
            [datetime(2026, 11, 26)] * 2 + [datetime(2026, 11, 27)] * 2,
        )
        schedule = self._schedule("delta")
        self.assertEqual(schedule.last_publication, datetime(2026, 11, 27))
        self.assertEqual(schedule.next_date, datetime(2026, 11, 28))

    def test_month_end_on_the_night_clocks_go_forward(self):
        """31 March 2024: 02:30 does not exist, the files are made at 03:00."""
        self._set("full", "2024-03-15 12:00:00", month_day=31, hour=2, minute=30)
        full = [("ipe", "V3.0"), ("ipe", "V3.1")]
        self.assertEqual(self._tick("2024-03-31 00:59:00"), [])
        self.assertEqual(self._tick("2024-03-31 01:00:00"), full)
        for moment in ("01:05", "01:30", "02:30", "23:00"):
            self.assertEqual(self._tick(f"2024-03-31 {moment}:00"), [])
        self.assertEqual(self._tick("2024-04-30 00:29:00"), [])
        self.assertEqual(self._tick("2024-04-30 00:30:00"), full, "the 30th is its end")

    def test_month_end_on_the_night_clocks_go_back(self):
        """31 October 2027: 02:30 comes twice, the files are made once."""
        self._set("full", "2027-10-15 12:00:00", month_day=31, hour=2, minute=30)
        full = [("ipe", "V3.0"), ("ipe", "V3.1")]
        self.assertEqual(self._tick("2027-10-31 00:29:00"), [])
        self.assertEqual(self._tick("2027-10-31 00:30:00"), full)
        for moment in ("00:35", "01:29", "01:30", "02:00", "23:30"):
            self.assertEqual(self._tick(f"2027-10-31 {moment}:00"), [])
        self.assertEqual(
            self._tick("2027-11-30 01:30:00"), full, "an hour later in UTC"
        )

    def test_what_is_due_together_is_made_together_the_delta_first(self):
        with freeze_time("2026-11-25 12:00:00"):
            self.plan.schedule_ids.write({"rhythm": "monthly", "hour": 4})
            self.env.flush_all()
        self._tick("2026-12-01 03:00:00")
        [made] = self.made
        self.assertEqual(
            [kind for kind, _version in made],
            ["delta_ipe", "delta_ipe", "ipe", "ipe", "histo_ipe", "histo_ipe"],
        )

    def test_the_clock_is_that_of_the_time_zone(self):
        self.plan.tz = "Indian/Reunion"
        self._set("delta", "2026-11-25 12:00:00")
        self.assertEqual(self._schedule("delta").next_date, datetime(2026, 11, 25, 21))

    def test_what_was_missed_is_made_once(self):
        self._set("delta", "2026-11-01 12:00:00")
        self.assertEqual(len(self._tick("2026-11-25 09:17:00")), 2)
        self.assertEqual(self._tick("2026-11-25 09:22:00"), [])
        self.assertEqual(self._found()[0].due_date, datetime(2026, 11, 2))
        self.assertEqual(self._schedule("delta").next_date, datetime(2026, 11, 26))

    def test_a_schedule_at_rest_makes_nothing(self):
        schedule = self._set("delta", "2026-11-01 12:00:00")
        schedule.active = False
        self.assertFalse(schedule.next_date)
        self.assertEqual(self._tick("2026-11-25 09:17:00"), [])
        with freeze_time("2026-11-25 12:00:00"):
            schedule.active = True
            self.assertEqual(schedule.next_date, datetime(2026, 11, 26))
            self.assertEqual(self.plan.next_date, datetime(2026, 11, 26))
            self.plan.active = False
        self.assertFalse(schedule.next_date)
        self.assertEqual(self._tick("2026-12-25 09:17:00"), [])

    def test_a_plan_that_breaks_keeps_no_other_waiting(self):
        self._set("delta", "2026-11-25 12:00:00")
        other = self._plan("cpn")
        with freeze_time("2026-11-25 12:00:00"):
            other.active = True
            self.env.flush_all()
        wanted = type(self.plan)._wanted

        def broken(plan, steps):
            if plan == self.plan:
                raise ValueError("boom")
            return wanted(plan, steps)

        with (
            patch.object(type(self.plan), "_wanted", broken),
            mute_logger(
                "odoo.addons.oiconnect_interop.models.publications.publication_schedule"
            ),
        ):
            self._tick("2026-11-26 00:00:10")
        self.assertFalse(self._found())
        self.assertTrue(self._found(other))
        self.assertEqual(len(self._tick("2026-11-26 00:05:00")), 2, "tried again")

    # -- cron -------------------------------------------------------------------------

    def test_the_cron_is_woken_at_the_next_moment(self):
        cron = self.env.ref("oiconnect_interop.cron_publish")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self._set("full", "2026-11-25 12:00:00", hour=4, minute=17)
        triggers = (
            self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]) - triggers
        )
        self.assertIn(datetime(2026, 12, 1, 3, 17), triggers.mapped("call_at"))
        self._tick("2026-12-01 03:17:00")
        found = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn(datetime(2027, 1, 1, 3, 17), found.mapped("call_at"))

    # -- settings ---------------------------------------------------------------------

    def test_a_time_is_typed_as_a_clock_shows_it(self):
        schedule = self._schedule("full")
        schedule.clock = 4.75
        self.assertEqual((schedule.hour, schedule.minute), (4, 45))
        schedule.write({"hour": 23, "minute": 59})
        self.assertAlmostEqual(schedule.clock, 23.9833, places=3)

    @mute_logger("odoo.sql_db")
    def test_settings_that_cannot_be_are_refused(self):
        for vals in (
            {"clock": 24},
            {"hour": -1},
            {"minute": 60},
            {"month_day": 0},
            {"month_day": 32},
            {"late_minutes": 0},
        ):
            with (
                self.subTest(vals),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._schedule("full").write(vals)
                self.env.flush_all()

    def test_a_changed_rhythm_is_planned_anew(self):
        schedule = self._set("full", "2026-11-25 12:00:00", rhythm="weekly")
        schedule.weekday = "6"
        with freeze_time("2026-11-25 12:00:00"):
            schedule.invalidate_recordset()
            schedule.weekday = "5"
            self.assertEqual(
                schedule.next_date - datetime(2026, 11, 28), timedelta(hours=1)
            )
