import hashlib

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_import.models.ir_attachment import measure

from ...bulk.messages import PublicationError
from ...bulk.publish.cells import SEPARATOR, cell
from ...bulk.publish.history import HISTORIES
from ...bulk.publish.output import Wire, copy_lines, zipped
from ...bulk.publish.state import Moves
from .publication import FLOW_CODES
from .publication_check import Stopped

FULL, HISTORY = "full", "histo"
# Files of one kind that have a name of their own on one day
_A_DAY = 100


class Publication(models.Model):
    """Production of the files of a run, from one snapshot of the network."""

    _inherit = "oiconnect.publication"

    def _produce(self):
        """Make the files of a run, in one transaction that sees one moment.

        Whatever is published of a format brings its published lines to the present:
        what moved is what the delta tells, and a full file holds them all. A format
        whose lines cannot be published stops its files, not those of the others.
        """
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL work_mem = '128MB'")
        as_of = self.env.cr.now()
        self.write({"as_of": as_of})
        for form, files in self._with_progress().grouped("format_id").items():
            histories = files.filtered(lambda item: item._step() == HISTORY)
            (files - histories)._produce_isolated(Publication._produce_lines, form)
            for history in histories:
                history._produce_isolated(Publication._produce_history, form)
        self.env.flush_all()

    def _produce_isolated(self, work, form):
        """Produce files by ``work`` in a savepoint; record what stops them."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                work(self, form)
        except Stopped as stopped:
            self._keep_issues(stopped.issues)
            self._stop(stopped.message)
        except PublicationError as error:
            self._stop(self.env["oiconnect.import"]._error_text(error))

    def _stop(self, message):
        self.write(
            {
                "state": "blocked",
                "message": message,
                "end_date": fields.Datetime.now(),
            }
        )

    def _produce_lines(self, form):
        series = self.env["oiconnect.publication.series"]._of(self.plan_id, form)
        day = self.plan_id._day(self.env.cr.now())
        self._tell("draw")
        source = series._source(day)
        is_new = not series.as_of
        state, moves = series._look(source, may_be_whole=self._has_full())
        self._tell("check")
        self._check_rules(source, state)
        if not is_new:
            state.apply()
        for publication in self:
            if publication._step() == FULL:
                publication._produce_full(state)
            else:
                # With the first full file nothing has moved yet: it tells it all.
                silent = is_new and self._has_full()
                publication._produce_delta(state, Moves(0, 0, 0) if silent else moves)

    def _has_full(self):
        """Tell whether a full file is made."""
        return any(publication._step() == FULL for publication in self)

    def _step(self):
        """Return which file of its family this is."""
        step, _underscore, _family = self.kind.rpartition("_")
        return step or FULL

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def _produce_full(self, state):
        form = self.format_id._protocol_format()
        self._write_file(form, form.header, state.lines())

    def _produce_delta(self, state, moves):
        form = self.format_id._protocol_format()
        own = self._own_format()
        nothing = SQL("SELECT ''::text AS line WHERE FALSE")
        query = state.moved_lines(lambda kind: self._move_cells(own, kind))
        self._write_file(
            form, (*own.header, *form.header), query if any(moves) else nothing
        )
        self.write(
            {
                "created_count": moves.created,
                "modified_count": moves.modified,
                "removed_count": moves.removed,
            }
        )

    def _own_format(self):
        """Return the protocol ``Format`` of the columns of a delta or history alone.

        A version that says nothing of them has those of the newest that does.
        """
        flow, operator = self._flow(), self.format_id.operator_id
        version = self.format_id.version
        if not flow._has_version(version, operator):
            version = next(iter(flow._versions()), version)
        return flow._format_for(operator, version)

    def _move_cells(self, own, kind):
        """Return the SQL text that a line of a delta begins with."""
        values = {
            "move.kind": (SQL("%s::text", kind), "char"),
            "move.date": (SQL("%s::date", self.plan_id._day(self.as_of)), "date"),
        }
        parts = [
            cell(column, *values[column.field], own.decimal_mark)
            if column.field in values
            else SQL("''")
            for column in own.columns
        ]
        return SQL(
            "(%s)", SQL(" || ").join(SQL("%s || %s", p, SEPARATOR) for p in parts)
        )

    def _produce_history(self, form):
        history = HISTORIES[self.plan_id.family](
            self.plan_id,
            form._protocol_format(),
            self._own_format(),
            self.plan_id._day(self.as_of),
        )
        self._write_file(history.own, history.own.header, history.lines())

    # ------------------------------------------------------------------
    # The file
    # ------------------------------------------------------------------

    def _write_file(self, form, header, query):
        """Make the zip of the lines of ``query``, and say that it is published."""
        self.ensure_one()
        name = self._file_name()
        wire = Wire(form)
        attachments = self.env["ir.attachment"].sudo()
        with attachments._oiconnect_new_file() as raw:
            with zipped(raw, name) as put:
                put(wire.header(header))
                self._tell("write")
                lines = copy_lines(
                    self.env.cr,
                    query,
                    lambda block: put(self._encode_block(wire, block)),
                )
            digest, size = measure(raw, hashlib.sha256())
            attachments._oiconnect_keep_file(
                raw, self, "file", name=_packed(name), mimetype="application/zip"
            )
        self._keep(name, digest, size, lines, wire.replaced)

    def _encode_block(self, wire, block):
        """Return the bytes of a block of lines; report the progress."""
        self._tell("write", block.count(b"\n"))
        return wire.lines(block)

    def _keep(self, name, digest, size, lines, replaced):
        self.invalidate_recordset(["file"])
        self.write(
            {
                "name": _packed(name),
                "sha256": digest,
                "size": size,
                "line_count": lines,
                "state": "done",
                "message": bool(replaced)
                and self.env._(
                    "Characters that %(encoding)s does not have, replaced by the "
                    "nearest ones: %(count)s.",
                    count=replaced,
                    encoding=self._encoding(),
                ),
                "end_date": fields.Datetime.now(),
            }
        )
        self._count_written_file()

    def _flow(self):
        """Return the flow of this kind of file."""
        return self.env["oiconnect.flow"]._by_code(FLOW_CODES[self.kind])

    def _encoding(self):
        """Return the encoding of the file, False once its format is no more."""
        return self.format_id and self.format_id._protocol_format().encoding

    def _file_name(self):
        """Return the name of the csv file: the next one of its day."""
        flow = self._flow()
        day = self.plan_id._day(self.as_of)
        names = [
            flow._build_file_name(
                self.operator_id, self.network_id, self.version, day, rank
            )
            for rank in range(_A_DAY)
        ]
        return next((name for name in names if not self._is_taken(name)), names[-1])

    def _is_taken(self, name):
        domain = [("name", "=", _packed(name)), ("network_id", "=", self.network_id.id)]
        return bool(self.search_count(domain, limit=1))


def _packed(name):
    """Return the name of the zip file that holds ``name``."""
    return f"{name.removesuffix('.csv')}.zip"
