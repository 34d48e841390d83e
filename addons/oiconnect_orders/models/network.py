from odoo import fields, models


class Network(models.Model):
    _inherit = "oiconnect.network"

    connection_days = fields.Integer(
        "Days to connect",
        default=60,
        required=True,
        help="Days that a sub-contractor (STOC) has to connect the customer",
    )

    _connection_days_positive = models.Constraint(
        "CHECK (connection_days > 0)", "Give at least one day to connect."
    )
