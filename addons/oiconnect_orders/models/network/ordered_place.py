from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderedPlace(models.AbstractModel):
    """Object that access orders name, with a smart button to them."""

    _name = "oiconnect.ordered.place"
    _description = "Named by access orders"

    # Field of the access order that names this record
    _access_order_field = None

    access_order_count = fields.Integer(
        "Access orders", compute="_compute_access_order_count"
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ordered(self):
        """Orders keep what they name: refuse, and tell which."""
        orders = self.env["oiconnect.access.order"].sudo()
        field = self._access_order_field
        counts = orders._read_group([(field, "in", self.ids)], [field], ["__count"])
        for record, count in counts:
            first = orders.search([(field, "=", record.id)], limit=3)
            names = ", ".join(first.mapped("display_name"))
            raise UserError(
                self.env._(
                    "%(record)s cannot be deleted: access orders name it (%(count)s: "
                    "%(orders)s), and it is kept as long as they are.",
                    record=record.display_name,
                    count=count,
                    orders=names + (", …" if count > len(first) else ""),
                )
            )

    @api.depends_context("uid", "allowed_company_ids")
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
