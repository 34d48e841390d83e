from odoo import api, fields, models

from .import_ import APPLIED, JUDGED

STEPS = [
    ("wait", "Waiting"),
    ("read", "Reading"),
    ("check", "Checking"),
    ("merge", "Applying"),
]


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
            ended = record.state in (*APPLIED, *JUDGED)
            record.progress = 100 if ended else progress.percent
            record.progress_text = progress._in_words() if progress else False

    def _ask_to_stop(self):
        self.progress_ids.stop_asked = True


class ImportProgress(models.Model):
    """How far an import is."""

    _name = "oiconnect.import.progress"
    _description = "Progress of an import"
    _inherit = "oiconnect.progress.mixin"
    _log_access = False
    _rec_name = "import_id"
    _owner = "import_id"
    _spans = {"read": (0.0, 0.25), "check": (0.25, 0.4), "merge": (0.4, 1.0)}

    import_id = fields.Many2one("oiconnect.import", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="import_id.company_id", store=True)
    step = fields.Selection(STEPS, required=True, default="wait")

    _import_uniq = models.UniqueIndex("(import_id)", "An import has one progress.")

    def _step_label(self):
        """A check writes too, but keeps nothing: it compares."""
        if self.step == "merge" and self.import_id.dry_run:
            return self.env._("Comparing with the network")
        return super()._step_label()
