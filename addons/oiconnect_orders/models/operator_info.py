from odoo import fields, models

COLUMNS = [(str(number), f"Info Cmd Accès {number}") for number in range(1, 9)]


class Operator(models.Model):
    """In which free columns of its orders an operator tells its position at the PM."""

    _inherit = "oiconnect.operator"

    rack_info = fields.Selection(
        COLUMNS,
        "Rack told in",
        default="1",
        help="Column of the order, as agreed with the operator",
    )
    drawer_info = fields.Selection(COLUMNS, "Drawer told in", default="2")
    port_info = fields.Selection(COLUMNS, "Port told in", default="3")

    def _told_position(self, info):
        """Return (rack, drawer, port) of the free columns of an order, or nothing."""
        columns = (self.rack_info, self.drawer_info, self.port_info)
        told = tuple(
            str((info or {}).get(f"info_{column}") or "").strip() for column in columns
        )
        return told if all(told) else ()
