from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError

from ...bulk.errors import Cancelled

WAIT_SECONDS = 20
# A job that will run, or runs
JOB_STATES = ("wait_dependencies", "pending", "enqueued", "started")


class RunBusy(Exception):
    """Another run has what this one needs for itself."""


class BackgroundRun(models.AbstractModel):
    """Work that a job does in one transaction: whole, or rolled back.

    Its model has ``state`` (with "running", "failed" and "cancelled"), ``message``,
    ``start_date``, ``end_date`` and ``progress_ids`` (``oiconnect.progress.mixin``). It
    says what the work is (``_perform``) and what its end is called.
    """

    _name = "oiconnect.background.run"
    _description = "Work in the background"
    _inherit = "oiconnect.own.transaction"

    # State of a run that waits for its job
    _waiting_state = None
    # States of a run whose whole work is done
    _complete_states = ()
    # Field whose record has one run at a time
    _exclusive_field = None
    # Exceptions that end the run, not its job: people read what ``_error_text`` says
    _reported_errors = ()

    progress = fields.Float(compute="_compute_progress")
    progress_text = fields.Char("Progress in words", compute="_compute_progress")

    @api.depends("state", "progress_ids")
    @api.depends_context("lang")
    def _compute_progress(self):
        for run in self:
            progress = run.progress_ids[:1]
            ended = run.state in self._complete_states
            run.progress = 100 if ended else progress.percent
            run.progress_text = progress._in_words() if progress else False

    def _run(self):
        """Job: do the work, in a transaction of its own.

        A job that is killed leaves everything as it was, and is done again.
        """
        with self._own_transaction() as runs:
            begun = runs._begin().ids
        if not begun:
            return
        mine = self.browse(begun)
        try:
            with mine._own_transaction() as runs:
                runs._lock_exclusively()
                runs._perform()
        except self._reported_errors as error:
            mine._end("failed", mine._error_text(error))
        except Cancelled:
            mine._end("cancelled", mine._cancelled_text())
        except RunBusy as error:
            mine._end(self._waiting_state)
            raise RetryableJobError(
                self.env._("Another run has to end first."),
                seconds=WAIT_SECONDS,
                ignore_retry=True,
            ) from error
        except Exception as error:
            mine._end_broken(error)
            raise

    def _begin(self):
        """Take the runs, less those that were done or cancelled meanwhile."""
        busy = (self._waiting_state, "running")
        mine = self.exists().filtered(lambda run: run.state in busy)
        if mine._was_to_stop():
            mine._close("cancelled", self._cancelled_text())
            return self.browse()
        mine.write({"state": "running", "start_date": fields.Datetime.now()})
        mine.progress_ids._begin(mine)
        return mine

    def _was_to_stop(self):
        """Tell whether the process was killed before it saw the stop request."""
        running = self.filtered(lambda run: run.state == "running")
        return any(running.progress_ids.mapped("stop_asked"))

    def _ask_to_stop(self):
        """Request a stop; the work stops at its next progress report."""
        self.progress_ids.stop_asked = True

    def _lock_exclusively(self):
        """Let no other run on the same record go on until the transaction ends.

        :raises RunBusy: another one goes on
        """
        query = SQL(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
            self._name,
            self[self._exclusive_field].id,
        )
        if not self.env.execute_query(query)[0][0]:
            raise RunBusy

    def _perform(self):
        """Hook: do the work of these runs."""
        raise NotImplementedError

    def _end(self, state, message=False):
        with self._own_transaction() as runs:
            runs._close(state, message)

    def _close(self, state, message):
        self.write(
            {
                "state": state,
                "message": message,
                "end_date": state != self._waiting_state and fields.Datetime.now(),
            }
        )
        self._tell_closed(state)

    def _tell_closed(self, state):
        """Hook: tell people that the runs are in ``state``, their work not done."""

    def _end_broken(self, error):
        """Say that the work failed, unless the job will do it again."""
        if self._is_tried_again(error):
            self._end(self._waiting_state)
        else:
            self._end("failed", self._broken_text(error))

    def _is_tried_again(self, error):
        """Hook: tell whether the job does the work again after ``error``."""
        return False

    @api.model
    def _keys_with_job(self, keys):
        """Return those of the identity keys whose job will run, or runs."""
        domain = [("identity_key", "in", list(keys)), ("state", "in", JOB_STATES)]
        return set(self.env["queue.job"].sudo().search(domain).mapped("identity_key"))

    # ------------------------------------------------------------------
    # Messages to users
    # ------------------------------------------------------------------

    def _cancelled_text(self):
        """Hook: return what a run that was stopped says."""
        return False

    def _broken_text(self, error):
        """Hook: return what a run that broke off says."""
        return False
