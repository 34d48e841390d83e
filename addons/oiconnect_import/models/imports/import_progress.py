from odoo import fields, models

STEPS = [
    ("wait", "Waiting"),
    ("read", "Reading"),
    ("check", "Checking"),
    ("merge", "Applying"),
]


class ImportProgress(models.Model):
    """Progress of an import."""

    _name = "oiconnect.import.progress"
    _description = "Progress of an import"
    _inherit = "oiconnect.progress.mixin"
    _log_access = False
    _rec_name = "import_id"
    _spans = {"read": (0.0, 0.25), "check": (0.25, 0.4), "merge": (0.4, 1.0)}

    import_id = fields.Many2one("oiconnect.import", required=True, ondelete="cascade")
    step = fields.Selection(STEPS, required=True, default="wait")

    _import_uniq = models.UniqueIndex("(import_id)", "An import has one progress.")

    def _step_label(self):
        """A check writes too, but keeps nothing: it compares."""
        if self.step == "merge" and self.import_id.dry_run:
            return self.env._("Comparing with the network")
        return super()._step_label()
