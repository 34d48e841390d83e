from odoo import fields, models


class Pto(models.Model):
    _name = "oiconnect.pto"
    _inherit = ["oiconnect.pto", "oiconnect.ordered.place"]
    _access_order_field = "pto_id"

    living_order_id = fields.Many2one(
        "oiconnect.access.order",
        "Line",
        compute="_compute_living_order_id",
        groups="oiconnect_base.group_access_read",
        help="The last order on this socket that is in progress or in service",
    )

    def _compute_living_order_id(self):
        orders = self.env["oiconnect.access.order"].search(
            [
                ("pto_id", "in", self._origin.ids),
                "|",
                ("is_open", "=", True),
                ("state", "=", "in_service"),
            ],
            order="id",
        )
        living = {order.pto_id: order for order in orders}
        for pto in self:
            pto.living_order_id = living.get(pto._origin)
