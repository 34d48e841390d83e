from odoo import api, fields, models

STEPS = [
    ("wait", "Waiting"),
    ("check", "Checking the rules"),
    ("draw", "Drawing the lines"),
    ("write", "Writing the files"),
]


class Publication(models.Model):
    """How far the files are, and the wish to stop."""

    _inherit = "oiconnect.publication"

    progress_ids = fields.One2many(
        "oiconnect.publication.progress", "publication_id", "Course", readonly=True
    )
    progress = fields.Float(compute="_compute_progress")
    progress_text = fields.Char("Progress in words", compute="_compute_progress")

    @api.depends("state", "progress_ids")
    @api.depends_context("lang")
    def _compute_progress(self):
        for publication in self:
            progress = publication.progress_ids[:1]
            done = publication.state == "done"
            publication.progress = 100 if done else progress.percent
            publication.progress_text = progress._in_words() if progress else False

    def _reporter(self):
        """Return what the work on these files calls as it goes: (step, part, lines).

        It raises ``Cancelled`` once the user has asked to stop.
        """
        return self.env["oiconnect.publication.progress"]._reporter(self)


class PublicationProgress(models.Model):
    """How far a publication is: files that are made together go on together."""

    _name = "oiconnect.publication.progress"
    _description = "Progress of a publication"
    _inherit = "oiconnect.progress.mixin"
    _log_access = False
    _rec_name = "publication_id"
    _owner = "publication_id"
    _spans = {"check": (0.0, 0.2), "draw": (0.2, 0.6), "write": (0.6, 1.0)}

    publication_id = fields.Many2one(
        "oiconnect.publication", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="publication_id.company_id", store=True)
    step = fields.Selection(STEPS, required=True, default="wait")

    _publication_uniq = models.UniqueIndex(
        "(publication_id)", "A publication has one progress."
    )
