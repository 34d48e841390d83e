from odoo import fields, models

STEPS = [
    ("wait", "Waiting"),
    ("read", "Reading"),
    ("compare", "Comparing the tables"),
]


class GracethdDifferenceProgress(models.Model):
    """Progress of the comparison of two deliveries."""

    _name = "oiconnect.gracethd.difference.progress"
    _description = "Progress of a comparison of GraceTHD deliveries"
    _inherit = "oiconnect.progress.mixin"
    _log_access = False
    _rec_name = "difference_id"
    _spans = {"read": (0.0, 0.6), "compare": (0.6, 1.0)}

    difference_id = fields.Many2one(
        "oiconnect.gracethd.difference",
        "Difference of deliveries",
        required=True,
        ondelete="cascade",
    )
    step = fields.Selection(STEPS, required=True, default="wait")

    _difference_uniq = models.UniqueIndex(
        "(difference_id)", "A comparison has one progress."
    )
