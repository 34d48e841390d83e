from odoo import fields, models


class Operator(models.Model):
    _name = "oiconnect.operator"
    _inherit = ["oiconnect.operator", "oiconnect.ordered.place"]
    _access_order_field = "operator_id"

    pm_service_ids = fields.One2many(
        "oiconnect.pm.service", "operator_id", "PM services"
    )
