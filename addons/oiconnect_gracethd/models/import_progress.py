from odoo import models


class ImportProgress(models.Model):
    """An undoing writes too, in the other direction."""

    _inherit = "oiconnect.import.progress"

    def _step_label(self):
        if self.step == "merge" and self.import_id.gracethd_undo_asked:
            return self.env._("Undoing")
        return super()._step_label()
