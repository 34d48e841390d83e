from odoo import fields, models


class Reason(models.Model):
    _inherit = "oiconnect.reason"

    customer_absent = fields.Boolean(
        "Customer absent",
        help="A visit that fails for this reason was missed by the customer",
    )
