from odoo import fields, models


class Network(models.Model):
    _inherit = "oiconnect.network"

    failure_limit = fields.Integer(
        "Failed connections allowed",
        default=3,
        required=True,
        help="The last of them ends the production of the access; 0: as many as it "
        "takes",
    )
    deliver_at_once = fields.Boolean(
        "Make available at once",
        default=True,
        help="An operator that patches an existing socket itself has its line with "
        "the report on its order; its report of connection is awaited else",
    )
    takeover = fields.Boolean(
        "Lines can be taken over",
        default=True,
        help="An order on a socket of one fibre that another operator holds takes its "
        "line over, once it is connected; it is refused else",
    )

    _failure_limit_positive = models.Constraint(
        "CHECK (failure_limit >= 0)", "The number of failures allowed is 0 or more."
    )
