from odoo import fields, models

# An order that just ended may still be asked about.
SHORTEST = 30


class Network(models.Model):
    _inherit = "oiconnect.network"

    customer_days = fields.Integer(
        "Days to keep end customers",
        default=365,
        required=True,
        help="Days after the end of an order (rejected, cancelled, terminated…) at "
        "which the end customer's name, contacts and comments are erased, from the "
        "order, its messages and the stored files",
    )

    _customer_days_long_enough = models.Constraint(
        f"CHECK (customer_days >= {SHORTEST})",
        f"End customers' data is kept for {SHORTEST} days at least.",
    )
