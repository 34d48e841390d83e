from contextlib import contextmanager

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError

from ..bulk.archive import open_source
from ..bulk.errors import Cancelled
from ..bulk.ipe import IpeImport
from ..protocol import FileError
from .import_ import BUSY

READERS = {"ipe": IpeImport}
WAIT_SECONDS = 20


class NetworkBusy(Exception):
    """Another import of the same network is running."""


class Import(models.Model):
    """Running: a job, whose work is one transaction."""

    _inherit = "oiconnect.import"

    def _queue(self):
        self.state = "queued"
        self.with_delay(
            identity_key=self._job_key(),
            description=self.env._("Import %s", self.file_name),
        )._run()

    def _job_key(self):
        return f"oiconnect-import-{self.id}"

    def _has_job(self):
        """Tell whether a job is there that will run, or runs, the import."""
        jobs = self.env["queue.job"].sudo()
        states = ("wait_dependencies", "pending", "enqueued", "started")
        return bool(
            jobs.search_count(
                [("identity_key", "=", self._job_key()), ("state", "in", states)],
                limit=1,
            )
        )

    def _run(self):
        """Job: import the file, in a transaction of its own.

        All or nothing of the good lines is applied, with the errors and the result.
        A job that is killed leaves the import as it was, and is done again.
        """
        self.ensure_one()
        with self._own_transaction() as record:
            if not record._begin():
                return
        try:
            with self._own_transaction() as record:
                record._apply()
        except FileError as error:
            self._end("failed", self._error_text(error))
        except Cancelled:
            self._end("cancelled", self.env._("Cancelled: nothing was applied."))
        except NetworkBusy as error:
            self._end("queued")
            raise RetryableJobError(
                "another import of the network is running",
                seconds=WAIT_SECONDS,
                ignore_retry=True,
            ) from error
        except Exception as error:
            self._end_broken(error)
            raise

    @contextmanager
    def _own_transaction(self):
        """Give the record in a transaction that is committed on success."""
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr)).sudo()

    def _begin(self):
        """Take the import, unless it was done or cancelled meanwhile."""
        if self.state not in BUSY:
            return False
        self.write({"state": "running", "start_date": fields.Datetime.now()})
        self.env["oiconnect.import.progress"]._begin(self)
        return True

    def _end(self, state, message=False):
        with self._own_transaction() as record:
            record.write(
                {
                    "state": state,
                    "message": message,
                    "end_date": state not in BUSY and fields.Datetime.now(),
                }
            )

    def _end_broken(self, error):
        """Say that the import failed, unless the job will be tried again."""
        code = isinstance(error, OperationalError) and error.pgcode
        if code in PG_CONCURRENCY_ERRORS_TO_RETRY:
            self._end("queued")
            return
        self._end(
            "failed",
            self.env._(
                "Nothing was applied, the import broke off: %s",
                str(error).strip().split("\n")[0],
            ),
        )

    # ------------------------------------------------------------------
    # Work
    # ------------------------------------------------------------------

    def _apply(self):
        self.env.flush_all()
        self._lock_network()
        self._forget_results()
        flow = self.env["oiconnect.flow"]._by_code(READERS[self.kind].flow)
        work = READERS[self.kind](
            self,
            flow._format_for(self.env["oiconnect.operator"], self.flow_version),
            self.file_date or fields.Date.context_today(self),
            self.env["oiconnect.import.progress"]._reporter(self),
        )
        with self._open_file() as raw, open_source(raw, self._limits()) as source:
            self._keep_results(work.run(source))

    def _lock_network(self):
        """Let no other import of the network run until the end of the transaction."""
        self.env.cr.execute(
            SQL(
                "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
                self._name,
                self.network_id.id,
            )
        )
        if not self.env.cr.fetchone()[0]:
            raise NetworkBusy

    def _forget_results(self):
        """Take away the results of an earlier run."""
        for table in ("oiconnect_import_error", "oiconnect_import_count"):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE import_id = %s",
                    SQL.identifier(table),
                    self.id,
                )
            )

    def _keep_results(self, outcome):
        self.env["oiconnect.import.count"].create(
            [{"import_id": self.id, **counts._asdict()} for counts in outcome.counts]
        )
        numbers = self._count_by_severity()
        self.write(
            {
                "state": "done_errors" if numbers.get("error") else "done",
                "message": False,
                "end_date": fields.Datetime.now(),
                "user_id": self.env.uid,
                "encoding": outcome.encoding,
                "line_count": outcome.line_count,
                "error_line_count": outcome.error_line_count,
                "error_count": numbers.get("error", 0),
                "warning_count": numbers.get("warning", 0),
            }
        )

    def _count_by_severity(self):
        return dict(
            self.env["oiconnect.import.error"]._read_group(
                [("import_id", "=", self.id)], ["severity"], ["__count"]
            )
        )
