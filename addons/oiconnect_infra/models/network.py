from odoo import fields, models


class Network(models.Model):
    """From when on the objects of a network are said to be nearly full."""

    _inherit = "oiconnect.network"

    saturation_low_percent = fields.Integer(
        "Nearly full below (%)",
        default=10,
        required=True,
        help="Nearly full when less than this share of the routes is free",
    )
    saturation_low_count = fields.Integer(
        "Nearly full from (routes)",
        default=1,
        required=True,
        help="Nearly full when at most this number of routes is free",
    )

    _saturation_thresholds = models.Constraint(
        "CHECK (saturation_low_percent BETWEEN 0 AND 100"
        " AND saturation_low_count >= 0)",
        "The thresholds of saturation are a percentage and a number of routes.",
    )
