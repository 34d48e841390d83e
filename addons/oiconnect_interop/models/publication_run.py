from contextlib import contextmanager

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import DiskFull

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError

from ..bulk.errors import Cancelled
from .breakage import cause
from .publication import BUSY, STOPPED

WAIT_SECONDS = 20
JOB_STATES = ("wait_dependencies", "pending", "enqueued", "started")


class PlanBusy(Exception):
    """Other files of the same plan are being made."""


class Publication(models.Model):
    """Making: one job for the files of a run, whose work is one transaction."""

    _inherit = "oiconnect.publication"

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
        jobs = self.env["queue.job"].search(
            [
                ("identity_key", "in", list(set(busy.mapped("run_key")))),
                ("state", "in", JOB_STATES),
            ]
        )
        planned = set(jobs.mapped("identity_key"))
        for key, publications in busy.grouped("run_key").items():
            if key not in planned:
                publications._queue()

    def _run(self):
        """Job: make the files, in a transaction of its own.

        All files with what was published, or nothing. A job that is killed leaves
        everything as it was, and is done again.
        """
        self = self.with_context(lang=self.plan_id._staff_language())
        with self._own_transaction() as publications:
            begun = publications._begin().ids
        if not begun:
            return
        mine = self.browse(begun)
        try:
            with mine._own_transaction() as publications:
                publications._lock_plan()
                publications._produce()
                publications._settle()
        except Cancelled:
            mine._end("cancelled", self._cancelled_text())
        except PlanBusy as error:
            mine._end("waiting")
            raise RetryableJobError(
                "other files of the plan are being made",
                seconds=WAIT_SECONDS,
                ignore_retry=True,
            ) from error
        except Exception as error:
            mine._end_broken(error)
            raise

    @contextmanager
    def _own_transaction(self):
        """Give the records in a transaction that is committed on success.

        It sees one state of the network, that of its beginning.
        """
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr)).sudo()

    def _begin(self):
        """Take the files, less those that were done or cancelled meanwhile."""
        mine = self.exists().filtered(lambda publication: publication.state in BUSY)
        if mine._was_to_stop():
            mine._close("cancelled", self._cancelled_text())
            return self.browse()
        mine.write({"state": "running", "start_date": fields.Datetime.now()})
        self.env["oiconnect.publication.progress"]._begin(mine)
        return mine

    def _was_to_stop(self):
        """Tell whether a process that was killed never heard the wish to stop."""
        running = self.filtered(lambda publication: publication.state == "running")
        return any(running.progress_ids.mapped("stop_asked"))

    def _lock_plan(self):
        """Let no other files of the plan be made until the end of the transaction."""
        self.env.cr.execute(
            SQL(
                "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
                self.plan_id._name,
                self.plan_id.id,
            )
        )
        if not self.env.cr.fetchone()[0]:
            raise PlanBusy

    def _settle(self):
        """Send what was published; tell what the rules stopped."""
        done = self.filtered(lambda publication: publication.state == "done")
        done._deliver()
        done._close_tasks()
        (self - done)._tell_stopped()

    def _end(self, state, message=False):
        with self._own_transaction() as publications:
            publications._close(state, message)
            if state == "failed":
                publications._tell_stopped()

    def _close(self, state, message):
        self.write(
            {
                "state": state,
                "message": message,
                "end_date": state not in BUSY and fields.Datetime.now(),
            }
        )

    def _cancelled_text(self):
        return self.env._("Cancelled: nothing was published.")

    def _end_broken(self, error):
        """Say that the work failed, unless the job will do it again.

        :raises RetryableJobError: the database broke off; the work is as new
        """
        if _passes(error):
            self._end("waiting")
            raise RetryableJobError(
                "the database broke off", seconds=WAIT_SECONDS
            ) from error
        self._end(
            "failed",
            self.env._(
                "Nothing was published, the work broke off: %s",
                cause(self.env, error),
            ),
        )

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
        (mates - waiting).progress_ids.stop_asked = True

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


def _passes(error):
    """Tell whether the same work may succeed in a moment."""
    return isinstance(error, (OperationalError, InterfaceError)) and not isinstance(
        error, DiskFull
    )
