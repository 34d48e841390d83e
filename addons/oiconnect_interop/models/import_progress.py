import time

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import get_lang

from ..bulk.errors import Cancelled
from .import_ import APPLIED

STEPS = [
    ("wait", "Waiting"),
    ("read", "Reading"),
    ("check", "Checking"),
    ("merge", "Applying"),
]
# Part of the whole where each step begins and ends
SPANS = {"read": (0.0, 0.25), "check": (0.25, 0.4), "merge": (0.4, 1.0)}
EVERY = 1.0


class Import(models.Model):
    """How far the import is, and the wish to stop it."""

    _inherit = "oiconnect.import"

    progress_ids = fields.One2many(
        "oiconnect.import.progress", "import_id", "Course", readonly=True
    )
    progress = fields.Float(compute="_compute_progress")
    progress_text = fields.Char("Progress in words", compute="_compute_progress")

    @api.depends("state", "progress_ids")
    @api.depends_context("lang")
    def _compute_progress(self):
        for record in self:
            progress = record.progress_ids[:1]
            record.progress = 100 if record.state in APPLIED else progress.percent
            record.progress_text = progress._in_words() if progress else False

    def _ask_to_stop(self):
        self.progress_ids.stop_asked = True


class ImportProgress(models.Model):
    """How far an import is, written beside the transaction that does the work."""

    _name = "oiconnect.import.progress"
    _description = "Progress of an import"
    _log_access = False
    _rec_name = "import_id"

    import_id = fields.Many2one("oiconnect.import", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="import_id.company_id", store=True)
    step = fields.Selection(STEPS, required=True, default="wait")
    percent = fields.Float(aggregator=None)
    lines = fields.Integer(aggregator=None)
    rate = fields.Integer("Lines per second", aggregator=None)
    seconds_left = fields.Integer(aggregator=None)
    stop_asked = fields.Boolean()

    _import_uniq = models.UniqueIndex("(import_id)", "An import has one progress.")

    def _in_words(self):
        """Return "Applying: 120,000 lines, 9,500 per second, 30 s left" or so."""
        self.ensure_one()
        if self.stop_asked:
            return self.env._("Stopping…")
        step = dict(self._fields["step"]._description_selection(self.env))[self.step]
        if not self.lines:
            return f"{step}…"
        lang = self.env["res.lang"].browse(get_lang(self.env).id)
        return self.env._(
            "%(step)s: %(lines)s lines, %(rate)s per second, %(seconds)s s left",
            step=step,
            lines=lang.format("%d", self.lines, grouping=True),
            rate=lang.format("%d", self.rate, grouping=True),
            seconds=self.seconds_left,
        )

    @api.model
    def _begin(self, record):
        """Make the progress of an import that starts, or starts again."""
        values = {
            "step": "wait",
            "percent": 0,
            "lines": 0,
            "rate": 0,
            "seconds_left": 0,
            "stop_asked": False,
        }
        progress = self.sudo().search([("import_id", "=", record.id)])
        if progress:
            progress.write(values)
        else:
            self.sudo().create({"import_id": record.id, **values})

    @api.model
    def _reporter(self, record):
        """Return what the work calls as it goes; it is mute when nobody looks on."""
        if not record.progress_ids:
            return lambda step, fraction, lines: None
        return Reporter(self.env.registry, record.id)


class Reporter:
    """What the work calls as it goes: writes at most once a second, and stops it."""

    def __init__(self, registry, import_id):
        self.registry = registry
        self.import_id = import_id
        self.start = self.step_start = time.monotonic()
        self.last = 0.0
        self.step = None

    def __call__(self, step, fraction, lines):
        """Tell that ``fraction`` of ``step`` is done.

        :raises Cancelled: the user asked to stop
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
        low, high = SPANS[step]
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
        """Write the progress; return whether the user asked to stop."""
        assignments = [
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in values.items()
        ]
        query = SQL(
            "UPDATE oiconnect_import_progress SET %s WHERE import_id = %s "
            "RETURNING stop_asked",
            SQL(", ").join(assignments),
            self.import_id,
        )
        try:
            with self.registry.cursor() as cr:
                cr.execute(query, log_exceptions=False)
                return bool((cr.fetchone() or (False,))[0])
        except OperationalError:
            # The user is asking to stop at this very moment: the next report sees it.
            return False
