import logging
from itertools import islice, takewhile

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.tools import SQL

from odoo.addons.oiconnect_base import odoo_internals
from odoo.addons.oiconnect_base.exceptions import BusyError
from odoo.addons.oiconnect_base.isolated_savepoint import isolated_savepoint
from odoo.addons.oiconnect_base.log_redaction import redacted_traceback
from odoo.addons.oiconnect_base.workflow import Origin
from odoo.addons.oiconnect_import.models.runs.failure_text import unexpected
from odoo.addons.oiconnect_import.protocol import (
    MAX_SEQUENCE,
    CsvReader,
    FileError,
    Limits,
    Place,
)
from odoo.addons.oiconnect_orders.controls.acknowledgement import Refusal
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import DEFAULT_PRIORITY

from .inbound import Handled

_logger = logging.getLogger(__name__)

# Lines of one transaction: small enough to lose little, large enough to be fast.
BATCH = 1000
# What another moment may fix: another file brought the same reference meanwhile, or
# someone is at an order that the line names.
RETRYABLE_ERRORS = (UniqueViolation, BusyError)
# Seconds to wait after each try of such a line; then it is refused, the file goes on.
RETRY_DELAYS = (2, 30)
# Unknown columns of a file that are listed one by one
MAX_UNKNOWN_COLUMNS = 5
LIMITS = Limits(columns=512, line_length=65536, lines=1_000_000)
# Holds the present turn. Not a column: all that is processed writes it.
TURN = SQL.identifier("oiconnect_exchange_turn")


class Exchange(models.Model):
    """Processing: the file as a whole first, then its lines by batches, in turn.

    A hundred files of one operator keep no other operator waiting. Each batch of
    lines has a turn, which is the priority of its job. The batches of one operator have
    turns that follow each other; who comes after a while has the present turn. So in
    each turn every operator has one batch, whatever it sent, and every turn comes:
    turns only go up.
    """

    _inherit = "oiconnect.exchange"

    turn = fields.Integer(readonly=True, copy=False, aggregator=None)

    # The operator's last turn: max(turn) where operator_id = x and turn > 0
    _turn_idx = models.Index("(operator_id, turn) WHERE turn > 0")

    def _process(self):
        """Do the next step of a received file; plan the one after.

        Each step is one transaction under the row's lock, and writes how far it
        went: a kill between two steps loses and doubles nothing. A file of one batch
        takes one step: its operator waits for one job, not for two.
        """
        self.ensure_one()
        if self._waits_for_beginning():
            self._plan_process(5)
            return
        # Reasons are sent to the operator, in its language.
        self = self.with_context(lang=self.operator_id.lang)
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise RetryableJobError(
                self.env._("Another job has this file."), 5
            ) from error
        if self.state not in ("in_received", "in_processing"):
            return
        is_begun = self.state == "in_processing"
        try:
            if not is_begun:
                self._open_file()
            is_next = is_begun or self.line_count <= BATCH
            if self.state == "in_processing" and is_next:
                self._process_batch()
        except FileError as error:
            self._refuse(self.env["oiconnect.flow"]._error_text(error))
        except FileNotFoundError as error:
            # Disks that nodes share come back; health tells of a file that waits.
            raise self._absent_file_error() from error
        if self.state == "in_processing":
            self._plan_process(
                RETRY_DELAYS[self.try_count - 1] if self.try_count else 0
            )

    def _absent_file_error(self):
        """Return what has a job tried again in a minute."""
        return RetryableJobError(self.env._("Its file is not on this node."), 60)

    # ------------------------------------------------------------------
    # The file as a whole
    # ------------------------------------------------------------------

    def _open_file(self):
        """Check what is true of the whole file; nothing is applied before."""
        flow, file_name = self.env["oiconnect.flow"]._identify(self.name)
        if not flow:
            raise FileError("bad_name", name=self.name)
        problem = (
            self._unwanted_flow(flow)
            or self._foreign_party(file_name)
            or self._unknown_version(flow, file_name.version)
            or self._invalid_date(file_name)
            or self._oversized_number(file_name)
        )
        if problem:
            self._refuse(problem)
            return
        self.version = file_name.version
        self._read_through(self._format())

    def _unwanted_flow(self, flow):
        if self.env["oiconnect.inbound"]._takes(flow):
            return None
        return self.env._(
            "%(flow)s is not received from operators: nothing of this file is applied. "
            "Ask the operator not to drop it here; files of our own systems are loaded "
            "by the menu Imports.",
            flow=flow.code,
        )

    def _foreign_party(self, file_name):
        """A file is from the operator of this account, and for this network."""
        for code, expected in (
            (file_name.oi, self.network_id.oi_code),
            (file_name.oc, self.operator_id.interop_code),
        ):
            if code != expected:
                return self.env._(
                    "The name of the file says %(code)s where this account is of "
                    "%(expected)s: nothing is applied.",
                    code=code,
                    expected=expected,
                )
        return None

    def _unknown_version(self, flow, version):
        if flow._has_version(version, self.operator_id):
            return None
        return self.env._(
            "The version %(version)s of %(flow)s is unknown: send it in one of "
            "%(versions)s.",
            version=version,
            flow=flow.code,
            versions=", ".join(flow._versions()),
        )

    def _invalid_date(self, file_name):
        if not file_name.bad_date:
            return None
        return self.env._(
            "The name of the file says %s, which is no date: write the day of the file "
            "AAAAMMJJ, and send it again.",
            file_name.bad_date,
        )

    def _oversized_number(self, file_name):
        if not file_name.has_oversized_number:
            return None
        return self.env._(
            "The number at the end of the name of the file is larger than %s: number "
            "the file of the day anew, and send it again.",
            MAX_SEQUENCE,
        )

    def _format(self):
        return self.flow_id._format_for(self.operator_id, self.version)

    def _reader(self, stream, protocol_format, place=None):
        return CsvReader(
            stream, separator=protocol_format.separator, limits=LIMITS, place=place
        )

    def _read_through(self, protocol_format):
        """Read to the end: a file that breaks off is refused, not half applied."""
        with self._open_content() as stream:
            reader = self._reader(stream, protocol_format)
            protocol_format.check_header(reader.header)
            count = sum(1 for _row in reader)
        unknown_columns = protocol_format.unknown_columns(reader.header)
        self.write(
            {
                "state": "in_processing",
                "line_count": count,
                "encoding": reader.encoding,
                "message": self._warnings_text(unknown_columns, reader.warnings),
            }
        )
        if self.grown_from_id:
            self._pass_handled_lines(protocol_format)

    def _warnings_text(self, unknown_columns, warnings):
        flow = self.env["oiconnect.flow"]
        shown = unknown_columns[:MAX_UNKNOWN_COLUMNS] + warnings[:3]
        texts = [flow._error_text(warning) for warning in shown]
        if (more := len(unknown_columns) - MAX_UNKNOWN_COLUMNS) > 0:
            texts.append(self.env._("Other columns that are not known: %s.", more))
        return " ".join(texts) or False

    # ------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------

    def _process_batch(self):
        self._note_turn()
        protocol_format = self._format()
        start = Place(**self.next_place) if self.next_place else None
        with self._open_content() as stream:
            reader = self._reader(stream, protocol_format, start)
            lines = self._next_lines(reader, protocol_format)
            handled = self._handle_lines(lines)
            following = lines[len(handled) :]
            place = reader.place(following[0].number if following else None)
        self._keep_errors(handled)
        self.env["oiconnect.exchange.line"]._append(self, handled)
        refused = sum(bool(item.refusals) for item in handled)
        self.write(
            {
                "done_count": self.done_count + len(handled),
                "refused_count": self.refused_count + refused,
                "try_count": self.try_count + 1 if following else 0,
                "next_place": place._asdict(),
            }
        )
        if self.done_count >= self.line_count:
            self._finish()
        else:
            self._take_turns()

    def _next_lines(self, reader, protocol_format):
        # A file that was begun before places were stored has none.
        skip = 0 if self.next_place else self.done_count
        rows = protocol_format.parse_rows(reader, skip=skip)
        # A line that waits is tried alone.
        return list(islice(rows, 1 if self.try_count else BATCH))

    def _event_origin(self):
        """Return what the records that the file touches know of it."""
        return Origin(
            channel="file",
            name=self.name,
            group=f"exchange:{self.id}",
            version=self.version,
            arrival=self.create_date,
        )

    def _handle_lines(self, lines):
        """Return one ``Handled`` a line, up to the first that has to wait."""
        handler = self.env["oiconnect.inbound"]
        with isolated_savepoint(self.env.cr) as attempt:
            handled = handler._handle(self, lines)
        if not attempt.error:
            return handled
        _logger.warning(
            "%s: a line breaks its batch: %s",
            self.name,
            redacted_traceback(attempt.error),
        )
        alone = (self._handle_isolated(handler, line) for line in lines)
        return list(takewhile(bool, alone))

    def _handle_isolated(self, handler, line):
        """Handle one line after its batch failed; return nothing if it has to wait."""
        with isolated_savepoint(self.env.cr) as attempt:
            [handled] = handler._handle(self, [line])
        error = attempt.error
        if isinstance(error, RETRYABLE_ERRORS) and self.try_count < len(RETRY_DELAYS):
            return None
        return self._abandon_line(handler, line, error) if error else handled

    def _abandon_line(self, handler, line, error):
        """Answer a line that raised an error, and give staff a task."""
        _logger.error(
            "%s: line %s cannot be handled: %s",
            self.name,
            line.number,
            redacted_traceback(error),
        )
        refusal = self._last_refusal(error)
        handler._answer_line(self, line, refusal)
        self._notify_staff(line, error)
        return Handled(line, [refusal])

    def _notify_staff(self, line, error):
        """Leave a task, in the language of who reads it."""
        staff = self.with_context(lang=self.endpoint_id._staff_language())
        task = staff.env._(
            "Line %(line)s could not be applied. %(reason)s",
            line=line.number,
            reason=staff._last_refusal(error).message,
        )
        staff.endpoint_id._give_task(staff, task)

    def _last_refusal(self, error):
        if isinstance(error, UniqueViolation):
            return Refusal("FIMP16", None, self._constraint_text(error))
        if isinstance(error, BusyError):
            return Refusal("FAUT01", None, str(error))
        return Refusal("FAUT01", None, unexpected(self.env, error))

    def _constraint_text(self, error):
        """Return what the constraint that a line breaks says to people."""
        constraint = error.diag.constraint_name
        name = odoo_internals.model_of_constraint(self.env.registry, constraint)
        if name:
            return self.env[name]._sql_error_to_message(error)
        return self.env._("What this line says belongs to another record.")

    def _keep_errors(self, handled):
        headers = {column.field: column.name for column in self._format().columns}
        vals = [
            self._error_vals(item.line, refusal, headers)
            for item in handled
            for refusal in item.refusals
        ]
        self.env["oiconnect.exchange.error"].create(vals)

    def _error_vals(self, line, refusal, headers):
        column = headers.get(refusal.field) or refusal.field
        # A value that could not be read stands in the error, not in the payload.
        unread = {error.column: error.value for error in line.errors}
        value = unread.get(column, line.payload.get(refusal.field))
        return {
            "exchange_id": self.id,
            "line": line.number,
            "column": column,
            "value": None if value is None else str(value),
            "code": refusal.code,
            "message": str(refusal.message),
        }

    # ------------------------------------------------------------------
    # Ends
    # ------------------------------------------------------------------

    def _finish(self):
        self.state = "in_partial" if self.refused_count else "in_done"
        self._after_end()

    def _refuse(self, message):
        """Refuse the whole file: answered where the flow has an answer."""
        self.state = "in_refused"
        self._alert(message)
        self.env["oiconnect.inbound"]._answer_file(self, message)
        self._after_end()

    def _after_end(self):
        """Send the answers; put the operator's file away before the next look."""
        self._acknowledge()
        self.env["oiconnect.event"]._wake_drain()
        if self.endpoint_id.active:
            self.endpoint_id._plan_poll()

    # ------------------------------------------------------------------
    # Turns
    # ------------------------------------------------------------------

    def init(self):
        self.env.cr.execute(
            SQL("CREATE SEQUENCE IF NOT EXISTS %s MINVALUE 0 START 0", TURN)
        )
        return super().init()

    def _take_turns(self):
        """Queue behind what the operator has sent, from the present turn on."""
        for operator, exchanges in self.grouped("operator_id").items():
            first = self._next_turn(operator)
            for turn, exchange in enumerate(exchanges, first):
                exchange.turn = turn

    def _next_turn(self, operator):
        self.flush_model(["turn", "operator_id"])
        self.env.cr.execute(
            SQL(
                """
                SELECT GREATEST(1, (SELECT last_value FROM %s), (
                    SELECT max(turn) + 1 FROM oiconnect_exchange
                    WHERE operator_id = %s AND turn > 0
                ))
                """,
                TURN,
                operator.id,
            )
        )
        [(turn,)] = self.env.cr.fetchall()
        return turn

    def _note_turn(self):
        """Advance the turn to this file: later files queue after it."""
        self.env.cr.execute(
            SQL(
                "SELECT setval('oiconnect_exchange_turn', %s) FROM %s"
                " WHERE last_value < %s",
                self.turn,
                TURN,
                self.turn,
            )
        )

    def _job_priority(self):
        return DEFAULT_PRIORITY + self.turn

    @api.model
    def _present_priority(self):
        """Return the priority of what is to be done now, among the files that wait.

        What makes files come and go must neither wait for all of them nor keep them
        waiting.
        """
        self.env.cr.execute(SQL("SELECT last_value FROM %s", TURN))
        return DEFAULT_PRIORITY + self.env.cr.fetchone()[0]
