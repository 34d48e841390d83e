from odoo import api, fields, models


class AccessOrder(models.Model):
    """Where the line is patched in the operator's own bay at the PM."""

    _inherit = "oiconnect.access.order"

    oc_position_id = fields.Many2one(
        "oiconnect.operator.position",
        "Operator's position",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    oc_position_told = fields.Char(
        "Position told by the operator",
        compute="_compute_oc_position_told",
        compute_sudo=True,
    )

    # Two live orders are never patched to one position. Also the orders of a position.
    _oc_position_uniq = models.UniqueIndex(
        "(oc_position_id) WHERE oc_position_id IS NOT NULL AND state IN"
        " ('cr_ok', 'connecting', 'connect_ko', 'delivered', 'in_service')",
        "Another order uses this position of the operator at the PM.",
    )

    @api.depends("info", "operator_id")
    def _compute_oc_position_told(self):
        for order in self:
            told = order._told_position()
            order.oc_position_told = " / ".join(told) or False

    def _told_position(self):
        return self.operator_id._told_position(self.info)

    def _keep_positions(self, transition, values, origin):
        if transition.event == "accept":
            self._take_positions()

    def _take_positions(self):
        """Keep the position that each accepted order named, when it is free."""
        orders = self.filtered("info")
        named = self.env["oiconnect.operator.position"]._named_by(orders)
        for order in orders if named else ():
            # Taken out: of two orders that name one position, the first has it.
            place = (order.pm_service_id.id, *order._told_position())
            position = named.pop(place, None)
            if position and not position.order_ids:
                order.oc_position_id = position
