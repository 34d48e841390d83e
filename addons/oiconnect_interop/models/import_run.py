import tempfile

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY
from odoo.tools import SQL

from ..bulk.archive import open_source
from ..bulk.cpn import CpnImport
from ..bulk.ipe import IpeImport
from ..protocol import FileError
from .breakage import cause
from .import_ import APPLIED, JUDGED

READERS = {"ipe": IpeImport, "cpn": CpnImport}
#: tables of what an import found, besides the numbers that it bears itself
RESULTS = (
    "oiconnect_import_error",
    "oiconnect_import_count",
    "oiconnect_import_preview",
)
PREVIEW = 100
ALERT = "mail.mail_activity_data_warning"


class Import(models.Model):
    """Running: a job, whose work is one transaction."""

    _name = "oiconnect.import"
    _inherit = ["oiconnect.import", "oiconnect.background.run"]
    _waiting_state = "queued"
    _complete_states = (*APPLIED, *JUDGED)
    _exclusive_field = "network_id"
    _told_errors = (FileError,)

    progress_ids = fields.One2many(
        "oiconnect.import.progress", "import_id", "Course", readonly=True
    )

    def _queue(self, dry_run=False):
        self.write({"state": "queued", "dry_run": dry_run})
        self.with_delay(
            identity_key=self._job_key(),
            description=self.env._("Import %s", self.file_name),
        )._run()

    def _job_key(self):
        return f"oiconnect-import-{self.id}"

    def _has_job(self):
        """Tell whether a job is there that will run, or runs, the import."""
        return bool(self._keys_with_job([self._job_key()]))

    def _begin(self):
        begun = super()._begin()
        begun.activity_unlink([ALERT])
        return begun

    def _close(self, state, message):
        super()._close(state, message)
        self._alert()

    def _cancelled_text(self):
        return self.env._("Cancelled: nothing was applied.")

    def _broken_text(self, error):
        return self.env._(
            "Nothing was applied, the import broke off: %s", cause(self.env, error)
        )

    def _is_tried_again(self, error):
        code = isinstance(error, OperationalError) and error.pgcode
        return code in PG_CONCURRENCY_ERRORS_TO_RETRY

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
                self._take_back(savepoint)
        self._keep_results(outcome, state, message)
        if preview:
            self.env["oiconnect.import.preview"].create(preview)
        if state in APPLIED:
            self.env["oiconnect.rule.run"]._ask(self.network_id)
        self._alert()

    def _reader(self):
        return READERS[self.kind]

    def _format(self):
        """Return the format of the lines.

        :raises UserError: the version is not known
        """
        flow = self.env["oiconnect.flow"]._by_code(self._reader().flow)
        return flow._format_for(self.env["oiconnect.operator"], self.flow_version)

    def _work(self):
        work = self._reader()(
            self,
            self._format(),
            self.file_date or fields.Date.context_today(self),
            self.env["oiconnect.import.progress"]._reporter(self),
        )
        with self._open_file() as raw, open_source(raw, self._limits()) as source:
            return work.run(source)

    def _verdict(self, outcome):
        """Return the (state, message) of an import whose work is done."""
        if self.dry_run:
            return "checked", False
        if self._takes_all_or_nothing() and outcome.error_line_count:
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

    def _take_back(self, savepoint):
        """Undo the work, and keep the errors that it found."""
        cr = self.env.cr
        table = SQL.identifier(RESULTS[0])
        rows = SQL("SELECT * FROM %s WHERE import_id = %s", table, self.id)
        with tempfile.TemporaryFile() as spool:
            cr.copy_expert(cr.mogrify(SQL("COPY (%s) TO STDOUT", rows)).decode(), spool)
            spool.seek(0)
            savepoint.rollback()
            cr.copy_expert(cr.mogrify(SQL("COPY %s FROM STDIN", table)).decode(), spool)
        self.env.invalidate_all(flush=False)

    def _forget_results(self):
        """Take away the results of an earlier run."""
        self.env.flush_all()
        for table in RESULTS:
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
        numbers = self._count_by_severity()
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

    def _count_by_severity(self):
        return dict(
            self.env["oiconnect.import.error"]._read_group(
                [("import_id", "=", self.id)], ["severity"], ["__count"]
            )
        )

    def _alert(self):
        """Give the one who imported a task when something is to be mended."""
        if self.state not in ("done_errors", "refused", "failed"):
            return
        self.activity_schedule(
            ALERT,
            user_id=self.user_id.id,
            summary=self.env._("Import to look at"),
            note=self.message or self._verdict_text(),
        )
