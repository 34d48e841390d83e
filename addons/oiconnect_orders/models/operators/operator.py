from odoo import fields, models

COLUMNS = [(str(number), f"Info Cmd Accès {number}") for number in range(1, 9)]


class Operator(models.Model):
    """Operator: failures allowed, and where its orders tell its position at the PM."""

    _name = "oiconnect.operator"
    _inherit = ["oiconnect.operator", "oiconnect.ordered.place"]
    _access_order_field = "operator_id"

    failure_limit = fields.Integer(
        "Failed connections allowed",
        help="The last of them ends the production of the access; 0: as many as the "
        "network allows",
    )

    rack_info = fields.Selection(
        COLUMNS,
        "Rack told in",
        default="1",
        help="Column of the order, as agreed with the operator",
    )
    drawer_info = fields.Selection(COLUMNS, "Drawer told in", default="2")
    port_info = fields.Selection(COLUMNS, "Port told in", default="3")

    _failure_limit_positive = models.Constraint(
        "CHECK (failure_limit >= 0)", "The number of failures allowed is 0 or more."
    )

    def _position_sent(self, info):
        """Return (rack, drawer, port) of the free columns of an order, or nothing."""
        columns = (self.rack_info, self.drawer_info, self.port_info)
        parts = tuple(
            str((info or {}).get(f"info_{column}") or "").strip() for column in columns
        )
        return parts if all(parts) else ()
