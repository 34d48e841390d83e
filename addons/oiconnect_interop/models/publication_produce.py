import pytz

from odoo import fields, models
from odoo.tools import SQL

from ..bulk.archive import BulkFileError
from ..bulk.publish.cells import SEPARATOR, cell
from ..bulk.publish.history import HISTORIES
from ..bulk.publish.state import Moves

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
            with self.env.cr.savepoint():
                files._produce_format(form, as_of)
        self.env.flush_all()

    def _produce_format(self, form, as_of):
        """Make the files of one format, unless something stops them."""
        day = self.plan_id._day(as_of)
        histories = self.filtered(lambda item: item._step() == HISTORY)
        lines = self - histories
        if lines:
            lines._produce_lines(form, as_of, day)
        for history in histories:
            history._produce_history(form, day)

    def _produce_lines(self, form, as_of, day):
        series = self.env["oiconnect.publication.series"]._of(self.plan_id, form)
        is_new = not series.as_of
        self._tell("draw")
        try:
            state = series._look(day, whole=self._has_full())
        except BulkFileError as error:
            self._stop_for_format(error)
            return
        self._tell("check")
        if self._stopped_by_rules(series, state, day):
            return
        moves = state.apply()
        series.as_of = as_of
        for publication in self:
            if publication._step() == FULL:
                publication._produce_full(state)
            else:
                # With the first full file nothing has moved yet: it tells it all.
                silent = is_new and self._has_full()
                publication._produce_delta(state, Moves(0, 0, 0) if silent else moves)

    def _has_full(self):
        """Tell whether a full file is made: the occasion to look at every line."""
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
        """Return the protocol ``Format`` of the columns of a delta or history alone."""
        flow = self.env["oiconnect.flow"]._by_code(self._flow_code())
        operator = self.format_id.operator_id
        return flow._format_for(operator, self.format_id.version)

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

    def _produce_history(self, form, day):
        try:
            history = HISTORIES[self.plan_id.family](
                self.plan_id, form._protocol_format(), self._own_format(), day
            )
            query = history.lines()
        except BulkFileError as error:
            self._stop_for_format(error)
            return
        self._write_file(history.own, history.own.header, query)

    def _stop_for_format(self, error):
        """Say which column of the format cannot be written."""
        self.write(
            {
                "state": "blocked",
                "message": self.env["oiconnect.import"]._error_text(error),
                "end_date": fields.Datetime.now(),
            }
        )


class PublicationPlan(models.Model):
    _inherit = "oiconnect.publication.plan"

    def _day(self, moment):
        """Return the date of a UTC ``moment`` where the plan is."""
        zone = pytz.timezone(self.tz)
        return pytz.utc.localize(moment).astimezone(zone).date()
