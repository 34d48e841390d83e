from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests.common import new_test_user, tagged

from .publication_common import MANAGER, MadeCase


class Boom(Exception):
    """An error that breaks the work."""


def fail(publications):
    raise Boom("le disque est plein")


@tagged("post_install", "-at_install")
class TestPublicationTask(MadeCase):
    """Tasks of the person in charge, and when they are over."""

    def _fail(self, *steps):
        self._make_by(fail)
        self._publish(*steps)
        self._run_raising(Boom)

    def _retry(self):
        self._make_by(self._make)
        self._found().filtered(lambda item: item.state == "failed")[0].action_retry()
        self._run()

    def _tell(self, **later):
        """Let the cron come by, so much later."""
        moment = fields.Datetime.now() + timedelta(**later)
        self.publications._notify_late(moment)
        self.env.invalidate_all()

    # -- failures ---------------------------------------------------------------------

    def test_a_failure_is_notified_once_in_french(self):
        self._fail("full")
        [task] = self._tasks()
        self.assertEqual(task.user_id, self.person)
        self.assertIn("le disque est plein", task.summary)
        self.assertIn("Rien n'a été publié", task.summary)

    def test_while_it_is_open_no_other_task_of_the_kind_is_given(self):
        self._fail("full")
        self._fail("full")
        self.assertEqual(len(self._found()), 4)
        self.assertEqual(len(self._tasks()), 1)
        self._fail("delta")
        self.assertEqual(len(self._tasks()), 2, "deltas are another matter")

    def test_success_closes_the_task_also_that_of_an_earlier_day(self):
        self._fail("full")
        self._make_by(self._make)
        self._publish("full")
        self._run()
        self.assertFalse(self._tasks())
        messages = self._found().message_ids.mapped("body")
        self.assertTrue(any("Publié" in body for body in messages))

    def test_starting_again_closes_the_task(self):
        self._fail("full", "delta")
        self.assertEqual(len(self._tasks()), 2)
        self._retry()
        self.assertFalse(self._tasks())

    def test_success_of_another_kind_closes_nothing(self):
        self._fail("full")
        self._make_by(self._make)
        self._publish("delta")
        self._run(self._found().filtered(lambda item: item.kind == "delta_ipe"))
        self.assertEqual(len(self._tasks()), 1)

    # -- late -------------------------------------------------------------------------

    def test_a_late_file_is_notified_once(self):
        self._publish("full", late_minutes=30)
        self._tell(minutes=29)
        self.assertFalse(self._tasks())
        self._tell(minutes=31)
        self._tell(minutes=36)
        [task] = self._tasks()
        self.assertIn("en retard", task.summary)
        self._run()
        self.assertFalse(self._tasks())

    def test_a_late_file_is_shown_as_late(self):
        made = self._publish("full", late_minutes=30)
        self.assertFalse(any(made.mapped("is_late")))
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            made.invalidate_recordset(["is_late"])
            self.assertTrue(all(made.mapped("is_late")))
        self._run()
        self.assertFalse(any(made.mapped("is_late")))

    # -- deliveries -------------------------------------------------------------------

    def test_an_operator_that_waits_too_long_is_notified_once_a_plan(self):
        self._publish("full", "delta")
        self._run()
        self._tell(minutes=100)
        self.assertFalse(self._tasks())
        self._tell(minutes=130)
        self._tell(minutes=135)
        [task] = self._tasks()
        self.assertIn("OCP2", task.summary)
        self.assertIn("pas encore pu être livré", task.summary)

    def test_a_delivery_closes_its_task(self):
        self._publish("full")
        self._run()
        self._tell(minutes=130)
        for exchange in self._exchanges():
            exchange._note_sent()
        self._tell(minutes=135)
        self.assertFalse(self._tasks())

    def test_files_published_since_do_not_close_it(self):
        self._publish("full")
        self._run()
        self._tell(minutes=130)
        self._publish("full")
        self._run()
        self.assertEqual(len(self._tasks()), 1)

    def _exchanges(self):
        return self.env["oiconnect.exchange"].search(
            [("publication_id", "in", self._found().ids)]
        )

    # -- who --------------------------------------------------------------------------

    def test_without_person_in_charge_an_administrator_is_notified(self):
        self.plan.responsible_id = False
        company = self.env["res.company"].create({"name": "Autre société"})
        elsewhere = new_test_user(
            self.env,
            "ailleurs",
            MANAGER,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        person = self.plan._responsible()
        self.assertTrue(person.has_group(MANAGER))
        self.assertFalse(person._is_superuser())
        self.assertNotEqual(person, elsewhere)
        self._fail("full")
        self.assertEqual(self._tasks().user_id, person)

    def test_a_plan_without_person_to_notify_breaks_nothing(self):
        no_user = self.env["res.users"]
        with patch.object(type(self.plan), "_responsible", lambda plan: no_user):
            self._fail("full")
            self._tell(minutes=300)
        self.assertEqual(set(self._found().mapped("state")), {"failed"})
        self.assertFalse(self._tasks())

    def test_the_person_in_charge_closes_the_task_alone(self):
        """No right on files is needed to say that one has seen it."""
        self._fail("full")
        self._tasks().with_user(self.person).action_feedback(feedback="vu")
        self.assertFalse(self._tasks())
