from odoo import fields, models


class OrderedPlace(models.AbstractModel):
    """What access orders name: a smart button leads to them."""

    _name = "oiconnect.ordered.place"
    _description = "Named by access orders"

    # Field of the access order that names this record
    _access_order_field = None

    access_order_count = fields.Integer(
        "Access orders", compute="_compute_access_order_count"
    )

    def _compute_access_order_count(self):
        """Count the orders; nothing of what the user may not read."""
        orders, field = self.env["oiconnect.access.order"], self._access_order_field
        counts = {}
        if orders.has_access("read"):
            domain = [(field, "in", self._origin.ids)]
            counts = dict(orders._read_group(domain, [field], ["__count"]))
        for record in self:
            record.access_order_count = counts.get(record._origin, 0)

    def action_view_access_orders(self):
        """Open all orders of this record, finished ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.access_order_action"
        )
        domain = [(self._access_order_field, "=", self.id)]
        return action | {"domain": domain, "context": {}}
