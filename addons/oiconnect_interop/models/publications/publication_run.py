from datetime import timedelta

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import DiskFull

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.oiconnect_import.models.runs.background_run import WAIT_SECONDS
from odoo.addons.oiconnect_import.models.runs.failure_text import cause
from odoo.addons.queue_job.exception import RetryableJobError

from .publication import BUSY, STOPPED
from .publication_schedule import LATE_MINUTES

TASK = "mail.mail_activity_data_warning"


class Publication(models.Model):
    """Making: one job for the files of a run, whose work is one transaction.

    The person in charge is notified of what is late or stopped, by one open task.
    """

    _inherit = "oiconnect.publication"
    _waiting_state = "waiting"
    _complete_states = ("done",)
    _exclusive_field = "plan_id"

    progress_ids = fields.One2many(
        "oiconnect.publication.progress", "publication_id", "Course", readonly=True
    )
    run_key = fields.Char("Run", readonly=True, index=True, help="Files made together")

    def _queue(self):
        """Plan the job that makes these files together, in the order of their ids."""
        if not self:
            return
        publications = self.sorted("id")
        key = f"oiconnect-publication-{publications[0].id}"
        publications.write({"state": "waiting", "message": False, "run_key": key})
        publications.with_delay(
            identity_key=key,
            description=self.env._("Publish %s", publications.plan_id.display_name),
            max_retries=0,
        )._run()

    @api.model
    def _resume(self):
        """Queue again what waits without a job: it was lost, or deleted."""
        busy = self.search([("state", "in", BUSY), ("run_key", "!=", False)])
        planned = self._keys_with_job(set(busy.mapped("run_key")))
        for key, publications in busy.grouped("run_key").items():
            if key not in planned:
                publications._queue()

    def _run(self):
        """Job: make the files, in the language of the staff who read of it."""
        staff = self.with_context(lang=self.plan_id._staff_language())
        return super(Publication, staff)._run()

    def _perform(self):
        """Make the files, send the published ones; notify staff of the stopped ones."""
        self._produce()
        done = self.filtered(lambda publication: publication.state == "done")
        done._deliver()
        done._close_tasks()
        (self - done)._notify_stopped()

    def _tell_closed(self, state):
        if state == "failed":
            self._notify_stopped()

    def _cancelled_text(self):
        return self.env._("Cancelled: nothing was published.")

    def _broken_text(self, error):
        return self.env._(
            "Nothing was published, the work broke off: %s", cause(self.env, error)
        )

    def _is_tried_again(self, error):
        """The same work may succeed once the database is there again."""
        return isinstance(error, (OperationalError, InterfaceError)) and not isinstance(
            error, DiskFull
        )

    def _end_broken(self, error):
        """Have the job tried again, which the queue does for few of these errors."""
        result = super()._end_broken(error)
        if self._is_tried_again(error):
            raise RetryableJobError(
                self.env._("The database broke off."), seconds=WAIT_SECONDS
            ) from error
        return result

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def _run_mates(self, states):
        """Return the files of the same runs that are in ``states``."""
        return self.search(
            [("run_key", "in", self.mapped("run_key")), ("state", "in", states)]
        )

    def action_cancel(self):
        """Stop all files of the run: they are made together, or not at all."""
        self._check_may_publish()
        mates = self.sudo()._run_mates(BUSY)
        waiting = mates.filtered(lambda publication: publication.state == "waiting")
        waiting.write({"state": "cancelled", "end_date": fields.Datetime.now()})
        (mates - waiting)._ask_to_stop()

    def action_retry(self):
        """Make again the files of the run that were not published."""
        self._check_may_publish()
        stopped = self.sudo()._run_mates(STOPPED)
        if not stopped:
            raise UserError(self.env._("Nothing of this run is left to publish."))
        for publications in stopped.grouped("run_key").values():
            publications._queue()

    def _check_may_publish(self):
        """Check that the user is of the infrastructure: files have no own rights."""
        self.check_access("read")
        if not self.env.user.has_group("oiconnect_base.group_infra_user"):
            raise UserError(
                self.env._(
                    "Only users of the infrastructure publish: ask for that right."
                )
            )

    # ------------------------------------------------------------------
    # Tasks
    # ------------------------------------------------------------------

    def _notify_stopped(self):
        for publication in self:
            message = self.env._("%s was not published.", publication.display_name)
            publication._give_task(publication.message or message)

    def _give_task(self, summary):
        """Leave a task, unless one is open for a file of the same plan and kind."""
        if not self._mates_with_task():
            self._schedule_task(summary)

    def _schedule_task(self, summary):
        person = self.plan_id._responsible()
        if person:
            self.activity_schedule(TASK, summary=summary[:250], user_id=person.id)

    def _mates_with_task(self):
        """Return the files of the plan and kind that have a task, not published."""
        return self.search(
            self._has_task()
            & Domain("plan_id", "=", self.plan_id.id)
            & Domain("kind", "=", self.kind)
            & Domain("state", "!=", "done")
        )

    def _has_task(self):
        task = Domain("activity_type_id", "=", self.env.ref(TASK).id)
        return Domain("activity_ids", "any", task)

    def _close_tasks(self):
        """Close the tasks about these files and the earlier ones."""
        for publication in self:
            feedback = self.env._("Published: %s", publication.display_name)
            mates = publication._mates_with_task() | publication
            mates.activity_feedback([TASK], feedback=feedback)

    # ------------------------------------------------------------------
    # Late
    # ------------------------------------------------------------------

    @api.model
    def _notify_late(self, now):
        """Notify staff of late productions and deliveries."""
        late = self.search([("state", "in", BUSY), ("late_date", "<", now)])
        for publication in late._in_staff_language():
            publication._give_task(
                publication.env._(
                    "%s is late: it is not made yet.", publication.display_name
                )
            )
        self._notify_undelivered(now)

    def _in_staff_language(self):
        """Yield the records, each in the language of the person in charge."""
        for publication in self:
            yield publication.with_context(lang=publication.plan_id._staff_language())

    def _notify_undelivered(self, now):
        """Notify staff of late deliveries: one open task for each plan."""
        waiting = self.env["oiconnect.exchange"].search(
            [("publication_id", "!=", False), ("state", "=", "out_ready")], order="id"
        )
        notified = self.search(self._has_task() & Domain("state", "=", "done"))
        for publication in (notified - waiting.publication_id)._in_staff_language():
            delivered = publication.env._("Delivered.")
            publication.activity_feedback([TASK], feedback=delivered)
        since = now - timedelta(minutes=LATE_MINUTES)
        late = waiting.filtered(lambda delivery: delivery.create_date < since)
        notified_plans = (notified & waiting.publication_id).plan_id
        for publication in late.publication_id._in_staff_language():
            if publication.plan_id not in notified_plans:
                publication._notify_waiting(late)
                notified_plans |= publication.plan_id

    def _notify_waiting(self, deliveries):
        """Notify staff of the operators that wait for this file."""
        own = deliveries.filtered(lambda delivery: delivery.publication_id == self)
        self._schedule_task(
            self.env._(
                "%(file)s could not be delivered to %(operators)s yet.",
                file=self.display_name,
                operators=", ".join(own.operator_id.mapped("interop_code")),
            )
        )
