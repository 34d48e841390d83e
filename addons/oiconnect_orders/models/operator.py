from odoo import fields, models


class Operator(models.Model):
    _name = "oiconnect.operator"
    _inherit = ["oiconnect.operator", "oiconnect.ordered.place"]
    _access_order_field = "operator_id"

    failure_limit = fields.Integer(
        "Failed connections allowed",
        help="The last of them ends the production of the access; 0: as many as the "
        "network allows",
    )

    _failure_limit_positive = models.Constraint(
        "CHECK (failure_limit >= 0)", "The number of failures allowed is 0 or more."
    )
