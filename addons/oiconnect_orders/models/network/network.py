from odoo import api, fields, models

from odoo.addons.oiconnect_base.bulk import next_numbers

from ...references import manual_reference

MANUAL_PREFIX_FORM = "^[A-Z0-9-]{1,12}$"
# An order that just ended may still be queried.
SHORTEST = 30


class Network(models.Model):
    """Settings of a network for orders, appointments and end customers."""

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

    person_decides = fields.Boolean(
        "A person decides on rejections",
        help="No order of the network is rejected by its study alone, whatever the "
        "reason",
    )

    check_oc_position = fields.Boolean(
        "Check operators' positions",
        help="An order that we connect names the operator's own position at the PM; it "
        "is rejected when that is unknown (FINT08) or used (FINT09)",
    )

    manual_prefix = fields.Char(
        "Prefix of orders by hand",
        size=12,
        default="HOTLINE",
        required=True,
        help="First part of the reference that an order taken by hand gets when the "
        "operator gives none",
    )

    pm_report_at_once = fields.Boolean(
        "Reports on PMs leave at once",
        help="Nobody looks at the report (CR MAD) of a PM order before it leaves",
    )
    check_adduction = fields.Boolean(
        "Check adductions",
        help="An access order is rejected (FIMP09) until the operator has told that "
        "its cable is at the PM",
    )

    link_order_scope = fields.Selection(
        [("link", "One a link"), ("operator", "One a link and operator")],
        "Link orders in progress",
        default="link",
        required=True,
        help="How many link orders may wait for their availability at once: one on "
        "each link, or one of each operator",
    )

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

    customer_days = fields.Integer(
        "Days to keep end customers",
        default=365,
        required=True,
        help="Days after the end of an order (rejected, cancelled, terminated…) at "
        "which the end customer's name, contacts and comments are erased, from the "
        "order, its messages and the stored files",
    )

    _failure_limit_positive = models.Constraint(
        "CHECK (failure_limit >= 0)", "The number of failures allowed is 0 or more."
    )

    _manual_prefix_form = models.Constraint(
        f"CHECK (manual_prefix ~ '{MANUAL_PREFIX_FORM}')",
        "The prefix of orders by hand is made of capital letters, digits and “-”.",
    )

    _appointment_hold_positive = models.Constraint(
        "CHECK (appointment_hold_hours > 0)",
        "Give at least one hour to order after an appointment is booked.",
    )
    _appointment_moves_positive = models.Constraint(
        "CHECK (appointment_move_limit >= 0)",
        "The number of moves allowed is not negative.",
    )

    _customer_days_long_enough = models.Constraint(
        f"CHECK (customer_days >= {SHORTEST})",
        f"End customers' data is kept for {SHORTEST} days at least.",
    )

    def init(self):
        self.env.cr.execute("CREATE SEQUENCE IF NOT EXISTS oiconnect_manual_reference")

    @api.private
    def _new_manual_reference(self, operator, orders=None):
        """Return a reference that ``operator`` has not used.

        :param orders: the kind of order, of an access by default
        """
        if orders is None:
            orders = self.env["oiconnect.access.order"]
        while True:
            [number] = next_numbers(self.env, "oiconnect_manual_reference", 1)
            reference = manual_reference(self.manual_prefix, number)
            if not orders._taken_references([{"oc_reference": reference}], operator):
                return reference
