from odoo import fields, models

# How much of a file is done when a step of it begins
SHARES = {"draw": 0.0, "check": 0.4, "write": 0.5}
STEPS = [
    ("wait", "Waiting"),
    ("check", "Checking the rules"),
    ("draw", "Drawing the lines"),
    ("write", "Writing the files"),
]


class Publication(models.Model):
    """Progress of the files of a publication."""

    _inherit = "oiconnect.publication"

    def _with_progress(self):
        """Return the files of a run with what follows their making."""
        return self.with_context(oiconnect_run_progress=RunProgress(self))

    def _tell(self, step, lines=0):
        """Report the step, and the number of new lines.

        :raises Cancelled: the user requested a stop
        """
        run_progress = self.env.context.get("oiconnect_run_progress")
        if run_progress:
            run_progress.tell(step, lines)

    def _count_written_file(self):
        run_progress = self.env.context.get("oiconnect_run_progress")
        if run_progress:
            run_progress.written += 1


class RunProgress:
    """Progress of a run, over all its files."""

    def __init__(self, publications):
        self.report = publications.env["oiconnect.publication.progress"]._reporter(
            publications
        )
        self.total = len(publications)
        self.written = self.lines = 0
        self.step = None

    def tell(self, step, lines):
        if step != self.step:
            self.step, self.lines = step, 0
        self.lines += lines
        part = (self.written + SHARES[step]) / self.total
        self.report(step, part, self.lines)


class PublicationProgress(models.Model):
    """Progress of a publication, shared by the files of a run."""

    _name = "oiconnect.publication.progress"
    _description = "Progress of a publication"
    _inherit = "oiconnect.progress.mixin"
    _log_access = False
    _rec_name = "publication_id"
    _spans = dict.fromkeys(SHARES, (0.0, 1.0))

    publication_id = fields.Many2one(
        "oiconnect.publication", required=True, ondelete="cascade"
    )
    step = fields.Selection(STEPS, required=True, default="wait")

    _publication_uniq = models.UniqueIndex(
        "(publication_id)", "A publication has one progress."
    )
