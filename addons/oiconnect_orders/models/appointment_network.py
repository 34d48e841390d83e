from odoo import fields, models


class Network(models.Model):
    _inherit = "oiconnect.network"

    appointment_hold_hours = fields.Integer(
        "Hours to order",
        default=48,
        required=True,
        help="Hours after which an appointment without an order gives its slot back",
    )
    appointment_move_limit = fields.Integer(
        "Moves allowed",
        default=3,
        required=True,
        help="How often an operator may move one appointment (FRDV01 after that)",
    )
    appointment_validation = fields.Boolean(
        "Appointments validated first",
        help="An order is refused (FRDV04) until we have validated its appointment",
    )

    _appointment_hold_positive = models.Constraint(
        "CHECK (appointment_hold_hours > 0)",
        "Give at least one hour to order after an appointment is booked.",
    )
    _appointment_moves_positive = models.Constraint(
        "CHECK (appointment_move_limit >= 0)",
        "The number of moves allowed is not negative.",
    )
