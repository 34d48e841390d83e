from odoo import fields, models


class Network(models.Model):
    _inherit = "oiconnect.network"

    person_decides = fields.Boolean(
        "A person decides on rejections",
        help="No order of the network is rejected by its study alone, whatever the "
        "reason",
    )
