from odoo import fields, models


class Network(models.Model):
    """What a network decides on link orders."""

    _inherit = "oiconnect.network"

    link_order_scope = fields.Selection(
        [
            ("link", "One a link"),
            ("operator", "One a link and operator"),
        ],
        "Link orders in progress",
        default="link",
        required=True,
        help="How many link orders may wait for their availability at once: one on "
        "each link, or one of each operator",
    )
