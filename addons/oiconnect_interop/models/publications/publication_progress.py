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
    """How far the files are."""

    _inherit = "oiconnect.publication"

    def _on_course(self):
        """Return the files of a run with what follows their making."""
        return self.with_context(oiconnect_course=Course(self))

    def _tell(self, step, lines=0):
        """Tell how far the work is, and that so many more lines are there.

        :raises Cancelled: the user asked to stop
        """
        course = self.env.context.get("oiconnect_course")
        if course:
            course.tell(step, lines)

    def _tell_written(self):
        course = self.env.context.get("oiconnect_course")
        if course:
            course.written += 1


class Course:
    """How far a run is: its files are made one after the other."""

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
    """How far a publication is: files that are made together go on together."""

    _name = "oiconnect.publication.progress"
    _description = "Progress of a publication"
    _inherit = "oiconnect.progress.mixin"
    _log_access = False
    _rec_name = "publication_id"
    _owner = "publication_id"
    _spans = dict.fromkeys(SHARES, (0.0, 1.0))

    publication_id = fields.Many2one(
        "oiconnect.publication", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="publication_id.company_id", store=True)
    step = fields.Selection(STEPS, required=True, default="wait")

    _publication_uniq = models.UniqueIndex(
        "(publication_id)", "A publication has one progress."
    )
