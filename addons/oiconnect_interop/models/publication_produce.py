from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.time_zone import local_day

from ..bulk.archive import BulkFileError
from ..bulk.publish.cells import SEPARATOR, cell
from ..bulk.publish.history import HISTORIES
from ..bulk.publish.state import Moves
from .publication_check import Stopped

FULL, DELTA, HISTORY = "full", "delta", "histo"


class Publication(models.Model):
    """Making of the files of one run: all of one moment of the network."""

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
        for form, files in self._on_course().grouped("format_id").items():
            histories = files.filtered(lambda item: item._step() == HISTORY)
            (files - histories)._produce_apart(Publication._produce_lines, form)
            for history in histories:
                history._produce_apart(Publication._produce_history, form)
        self.env.flush_all()

    def _produce_apart(self, work, form):
        """Make files by ``work``; what stops them undoes what it did, and is told."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                work(self, form)
        except Stopped as stopped:
            self._keep_issues(stopped.issues)
            self._stop(stopped.message)
        except BulkFileError as error:
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


class PublicationPlan(models.Model):
    _inherit = "oiconnect.publication.plan"

    def _day(self, moment):
        """Return the date of a UTC ``moment`` where the plan is."""
        return local_day(moment, self.tz)
