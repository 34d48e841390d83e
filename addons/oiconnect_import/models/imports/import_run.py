import tempfile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.oiconnect_base.parameters import number
from odoo.addons.oiconnect_base.plural import plural
from odoo.addons.oiconnect_base.time_zone import local_today

from ...bulk.archive import BulkFileError, open_source
from ...protocol import FileError
from ..runs.failure_text import cause, met_another_transaction
from .import_ import APPLIED, JUDGED

#: tables of what an import found, besides the numbers that it bears itself
RESULTS = (
    "oiconnect_import_error",
    "oiconnect_import_count",
    "oiconnect_import_preview",
)
PREVIEW = 100
ALERT = "mail.mail_activity_data_warning"
MODES = [
    ("initialise", "Initialisation"),
    ("update", "Update"),
    ("removal", "Update with removals"),
]
ON_ERROR = [("skip", "Leave these lines out"), ("nothing", "Apply nothing")]
# Percentage of the objects of a kind that may be abandoned without a confirmation
ABANDONED_PARAMETER = "oiconnect_import.max_abandoned_percent"
DEFAULT_ABANDONED_LIMIT = 10


class Import(models.Model):
    """Running: a job, whose work is one transaction; undone at its end by a check."""

    _inherit = "oiconnect.import"
    _waiting_state = "queued"
    _complete_states = (*APPLIED, *JUDGED)
    _exclusive_field = "network_id"
    _reported_errors = (FileError,)

    progress_ids = fields.One2many(
        "oiconnect.import.progress", "import_id", "Course", readonly=True
    )

    mode = fields.Selection(
        MODES,
        required=True,
        default="update",
        help="Initialisation wants an empty network. An update leaves what the file "
        "does not tell as it is; with removals, what left the file is abandoned.",
    )
    on_error = fields.Selection(ON_ERROR, "On error", required=True, default="skip")
    dry_run = fields.Boolean("Check only", readonly=True, copy=False)
    removal_confirmed = fields.Boolean(readonly=True, copy=False)
    preview_ids = fields.One2many(
        "oiconnect.import.preview", "import_id", readonly=True
    )
    abandoned_alert = fields.Char(compute="_compute_alerts")
    error_verdict = fields.Char("What became of errors", compute="_compute_alerts")

    def _queue(self, dry_run=False):
        self.write({"state": "queued", "dry_run": dry_run})
        self.with_delay(
            identity_key=self._job_identity_key(),
            description=self.env._("Import %s", self.file_name),
        )._run()

    def _job_identity_key(self):
        return f"oiconnect-import-{self.id}"

    def _has_job(self):
        """Tell whether a job is there that will run, or runs, the import."""
        return bool(self._keys_with_job([self._job_identity_key()]))

    def _begin(self):
        begun = super()._begin()
        begun.activity_unlink([ALERT])
        return begun

    def _tell_closed(self, _state):
        self._alert()

    def _cancelled_text(self):
        return self.env._("Cancelled: nothing was applied.")

    def _broken_text(self, error):
        return self.env._(
            "Nothing was applied, the import broke off: %s", cause(self.env, error)
        )

    def _is_tried_again(self, error):
        return met_another_transaction(error)

    # ------------------------------------------------------------------
    # Work
    # ------------------------------------------------------------------

    def _perform(self):
        self._apply()

    def _apply(self):
        """Import the file; take it back when it was to be looked at, or is refused.

        All or nothing of the good lines is applied, with the errors and the result.
        """
        self._forget_results()
        self._refuse_founded()
        start = fields.Datetime.now()
        with self.env.cr.savepoint(flush=False) as savepoint:
            outcome = self._work()
            state, message = self._verdict(outcome)
            preview = self.dry_run and self._first_changes(start)
            if state not in APPLIED:
                self._roll_back(savepoint)
        self._keep_results(outcome, state, message)
        if preview:
            self.env["oiconnect.import.preview"].create(preview)
        if state in APPLIED:
            self.env["oiconnect.rule.run"]._ask(self.network_id)
        self._alert()

    def _reader(self):
        """Hook: return the class that imports files of this kind."""
        raise NotImplementedError

    def _format(self):
        """Hook: return the format of the lines, None if they have none.

        :raises UserError: the version is not known
        """
        return None

    def _work(self):
        work = self._reader()(
            self,
            self._format(),
            self.file_date or local_today(),
            self.env["oiconnect.import.progress"]._reporter(self),
        )
        name = self.file_name or ""
        with (
            self._open_file() as raw,
            open_source(raw, self._limits(), name) as source,
        ):
            return work.run(source)

    def _verdict(self, outcome):
        """Return the (state, message) of an import whose work is done."""
        if self.dry_run:
            return "checked", False
        if self._is_all_or_nothing() and outcome.error_line_count:
            return "refused", self.env._("Lines are in error: nothing was applied.")
        if not self.removal_confirmed and self._exceeds(outcome.counts):
            return "refused", self.env._(
                "Nothing was applied: more than %s %% of the objects of a kind left "
                "the file. Check that it is whole, then import it and confirm.",
                f"{self._abandoned_limit():g}",
            )
        return "done_errors" if outcome.error_line_count else "done", False

    def _exceeds(self, counts):
        limit = self._abandoned_limit()
        return any(100 * item.abandoned > limit * item.present for item in counts)

    def _first_changes(self, start):
        """Return the values of the preview of what was done since ``start``."""
        self.env.cr.execute(
            SQL(
                """SELECT res_model AS model, kind, reference, field, before, after
                     FROM oiconnect_change WHERE date >= %s AND batch = %s
                    ORDER BY kind DESC, id LIMIT %s""",
                start,
                self._batch(),
                PREVIEW,
            )
        )
        return [{"import_id": self.id, **row} for row in self.env.cr.dictfetchall()]

    def _roll_back(self, savepoint):
        """Undo the work, and keep the errors that it found."""
        with tempfile.TemporaryFile() as spool:
            self._save_errors(spool)
            savepoint.rollback()
            self._restore_errors(spool)
        self.env.invalidate_all(flush=False)

    def _save_errors(self, spool):
        """Copy the errors of the import to a file."""
        table = SQL.identifier(RESULTS[0])
        rows = SQL("SELECT * FROM %s WHERE import_id = %s", table, self.id)
        cr = self.env.cr
        cr.copy_expert(cr.mogrify(SQL("COPY (%s) TO STDOUT", rows)).decode(), spool)

    def _restore_errors(self, spool):
        """Copy back the errors of a file."""
        table = SQL.identifier(RESULTS[0])
        cr = self.env.cr
        spool.seek(0)
        cr.copy_expert(cr.mogrify(SQL("COPY %s FROM STDIN", table)).decode(), spool)

    @api.model
    def _result_tables(self):
        """Hook: return the tables of what an import found; that of errors is first."""
        return RESULTS

    def _forget_results(self):
        """Take away the results of an earlier run."""
        self.env.flush_all()
        for table in self._result_tables():
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE import_id = %s",
                    SQL.identifier(table),
                    self.id,
                )
            )
        self.env.invalidate_all()

    def _keep_results(self, outcome, state, message):
        self.env["oiconnect.import.count"].create(
            [{"import_id": self.id, **counts._asdict()} for counts in outcome.counts]
        )
        errors = self.env["oiconnect.import.error"]
        own = [("import_id", "=", self.id)]
        numbers = dict(errors._read_group(own, ["severity"], ["__count"]))
        now = fields.Datetime.now()
        values = {
            "state": state,
            "message": message,
            "end_date": now,
            "user_id": self.env.uid,
            "line_count": outcome.line_count,
            "error_line_count": outcome.error_line_count,
            "error_count": numbers.get("error", 0),
            "warning_count": numbers.get("warning", 0),
            "removal_confirmed": False,
        }
        if state in APPLIED:
            values["applied_date"] = now
        if not self._forced_encoding():
            values |= dict.fromkeys(("encoding", "read_encoding"), outcome.encoding)
        self.write(values)

    def _alert(self):
        """Give the one who imported a task when something is to be fixed."""
        if self.state not in ("done_errors", "refused", "failed"):
            return
        self.activity_schedule(
            ALERT,
            user_id=self.user_id.id,
            summary=self.env._("Import to look at"),
            note=self.message or self._verdict_text(),
        )

    # ------------------------------------------------------------------
    # Check, modes and removals
    # ------------------------------------------------------------------

    def action_check(self):
        """Put a file in the queue to be gone through, and nothing applied."""
        self.check_access("write")
        for record in self:
            if record._was_applied():
                record._check_may_run_again()
            record._check_startable()
            record.sudo()._queue(dry_run=True)

    def _check_mode(self):
        """Refuse to initialise a network that has objects already."""
        try:
            self._refuse_founded()
        except BulkFileError as error:
            raise UserError(self._error_text(error)) from error

    def _refuse_founded(self):
        if self.mode != "initialise":
            return
        for model in self._reader().founded_by:
            found = self.env[model].sudo().with_context(active_test=False)
            if found.search_count([("network_id", "=", self.network_id.id)], limit=1):
                raise BulkFileError("not_empty", network=self.network_id.name)

    def _is_all_or_nothing(self):
        """Tell whether one line in error leaves nothing to apply (a check looks on)."""
        return self.on_error == "nothing" and not self.dry_run

    def _abandoned_limit(self):
        return number(self.env, ABANDONED_PARAMETER, DEFAULT_ABANDONED_LIMIT)

    def _abandons_too_many(self):
        """Return the counts found last that abandon more than may go unsaid."""
        if self.mode != "removal" or self.state not in JUDGED:
            return self.count_ids.browse()
        limit = self._abandoned_limit()
        return self.count_ids.filtered(lambda count: count.abandoned_percent > limit)

    @api.depends("state", "mode", "on_error", "count_ids", "error_line_count")
    @api.depends_context("lang")
    def _compute_alerts(self):
        for record in self:
            record.abandoned_alert = record._abandoned_text()
            record.error_verdict = record._verdict_text()

    def _verdict_text(self):
        """Return the message about the valid lines of a file with errors."""
        count = self.error_line_count
        if self.state in ("refused", "failed") or self.on_error == "nothing":
            return plural(
                self.env,
                count,
                self.env._("One line is in error: none of the file is applied."),
                self.env._(
                    "%s lines are in error: none of the file is applied.", count
                ),
            )
        if self.state == "checked":
            return plural(
                self.env,
                count,
                self.env._("One line in error would be left out, the others applied."),
                self.env._(
                    "%s lines in error would be left out, the others applied.", count
                ),
            )
        return plural(
            self.env,
            count,
            self.env._("One line in error was left out, the others are applied."),
            self.env._(
                "%s lines in error were left out, the others are applied.", count
            ),
        )

    def _abandoned_text(self):
        """Say how much of the network the file would abandon, if that is much."""
        return " ".join(
            self.env._(
                "“%(kind)s”: %(count)s of %(total)s (%(percent)s %%) left the file "
                "and would be abandoned.",
                count=count.abandoned,
                total=count.present,
                kind=count.model_label,
                percent=round(count.abandoned_percent),
            )
            for count in self._abandons_too_many()
        )
