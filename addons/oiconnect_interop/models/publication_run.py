from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import DiskFull

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from .background_run import WAIT_SECONDS
from .breakage import cause
from .publication import BUSY, STOPPED


class Publication(models.Model):
    """Making: one job for the files of a run, whose work is one transaction."""

    _name = "oiconnect.publication"
    _inherit = ["oiconnect.publication", "oiconnect.background.run"]
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
        """Make the files with what is published by them, and send them."""
        self._produce()
        self._settle()

    def _settle(self):
        """Send what was published; tell what the rules stopped."""
        done = self.filtered(lambda publication: publication.state == "done")
        done._deliver()
        done._close_tasks()
        (self - done)._tell_stopped()

    def _close(self, state, message):
        super()._close(state, message)
        if state == "failed":
            self._tell_stopped()

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
        super()._end_broken(error)
        if self._is_tried_again(error):
            raise RetryableJobError(
                "the database broke off", seconds=WAIT_SECONDS
            ) from error

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
        """Who publishes is a user of the infrastructure: files have no own rights."""
        self.check_access("read")
        if not self.env.user.has_group("oiconnect_base.group_infra_user"):
            raise UserError(
                self.env._(
                    "Only users of the infrastructure publish: ask for that right."
                )
            )
