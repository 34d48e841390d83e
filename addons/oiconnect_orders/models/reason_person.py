from odoo import fields, models


class Reason(models.Model):
    _inherit = "oiconnect.reason"

    person_decides = fields.Boolean(
        "A person decides",
        help="The study does not reject for this reason by itself: it proposes to, "
        "and somebody confirms or sets the control aside",
    )
