from odoo import fields, models


class Network(models.Model):
    _inherit = "oiconnect.network"

    check_oc_position = fields.Boolean(
        "Check operators' positions",
        help="An order that we connect names the operator's own position at the PM; it "
        "is rejected when that is unknown (FINT08) or used (FINT09)",
    )
