import time

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import get_lang

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ...bulk.errors import Cancelled

EVERY = 1.0


class ProgressMixin(models.AbstractModel):
    """Progress of long work, written in a separate transaction.

    A model of its own for each kind of work, with its steps; ``_rec_name`` is the field
    of the work.
    """

    _name = "oiconnect.progress.mixin"
    _description = "Progress of long work"
    _event_fields = EVERY_FIELD
    # The part of the whole of each step
    _spans = {}

    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, compute_sudo=True
    )
    percent = fields.Float(aggregator=None)
    lines = fields.Integer(aggregator=None)
    rate = fields.Integer("Lines per second", aggregator=None)
    seconds_left = fields.Integer(aggregator=None)
    stop_asked = fields.Boolean()

    @api.depends(
        lambda self: [f"{self._rec_name}.company_id"] if self._rec_name else []
    )
    def _compute_company_id(self):
        for progress in self:
            progress.company_id = progress[self._rec_name].company_id

    def _in_words(self):
        """Return "Applying: 120,000 lines, 9,500 per second, 30 s left" or so."""
        self.ensure_one()
        if self.stop_asked:
            return self.env._("Stopping…")
        step = self._step_label()
        if not self.lines:
            return f"{step}…"
        lang = self.env["res.lang"].browse(get_lang(self.env).id)
        return self.env._(
            "%(step)s: line %(lines)s, %(rate)s per second, %(seconds)s s left",
            step=step,
            lines=lang.format("%d", self.lines, grouping=True),
            rate=lang.format("%d", self.rate, grouping=True),
            seconds=self.seconds_left,
        )

    def _step_label(self):
        return dict(self._fields["step"]._description_selection(self.env))[self.step]

    @api.model
    def _begin(self, records):
        """Make the progress of ``records``, which start, or start again."""
        progress = self.sudo()
        progress.search([(self._rec_name, "in", records.ids)]).unlink()
        progress.create([{self._rec_name: record.id} for record in records])

    @api.model
    def _reporter(self, records):
        """Return the :class:`Reporter` of the work, or a function that does nothing."""
        if not records.progress_ids:
            return lambda step, fraction, lines: None
        return Reporter(records.progress_ids)


class Reporter:
    """Progress reporter: writes at most once a second; raises on a stop request."""

    def __init__(self, progress):
        self.registry = progress.env.registry
        self.table = progress._table
        self.ids = progress.ids
        self.spans = progress._spans
        self.start = self.step_start = time.monotonic()
        self.last = 0.0
        self.step = None

    def __call__(self, step, fraction, lines):
        """Tell that ``fraction`` of ``step`` is done.

        :raises Cancelled: the user requested a stop
        """
        now = time.monotonic()
        if step != self.step:
            self.step, self.step_start = step, now
        elif now - self.last < EVERY:
            return
        self.last = now
        if self._write(self._values(step, fraction, lines, now)):
            raise Cancelled

    def _values(self, step, fraction, lines, now):
        low, high = self.spans[step]
        part = low + (high - low) * fraction
        spent = now - self.start
        return {
            "step": step,
            "percent": 100 * part,
            "lines": lines,
            "rate": int(lines / max(now - self.step_start, 0.001)) if lines else 0,
            "seconds_left": int(spent * (1 - part) / part) if part > 0.05 else 0,
        }

    def _write(self, values):
        """Write the progress; return whether the user requested a stop."""
        assignments = [
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in values.items()
        ]
        query = SQL(
            "UPDATE %s SET %s WHERE id = ANY(%s) RETURNING stop_asked",
            SQL.identifier(self.table),
            SQL(", ").join(assignments),
            self.ids,
        )
        try:
            with self.registry.cursor() as cr:
                cr.execute(query, log_exceptions=False)
                return any(stop for (stop,) in cr.fetchall())
        except OperationalError:
            # The user is asking to stop at this very moment: the next report sees it.
            return False
