from odoo import fields, models

STEPS = [
    ("wait", "Waiting"),
    ("prepare", "Giving the codes"),
    ("write", "Writing the tables"),
]


class GracethdExportProgress(models.Model):
    """Progress of a GraceTHD export."""

    _name = "oiconnect.gracethd.export.progress"
    _description = "Progress of a GraceTHD export"
    _inherit = "oiconnect.progress.mixin"
    _log_access = False
    _rec_name = "export_id"
    _spans = {"prepare": (0.0, 0.4), "write": (0.4, 1.0)}

    export_id = fields.Many2one(
        "oiconnect.gracethd.export",
        "GraceTHD export",
        required=True,
        ondelete="cascade",
    )
    step = fields.Selection(STEPS, required=True, default="wait")

    _export_uniq = models.UniqueIndex("(export_id)", "An export has one progress.")
