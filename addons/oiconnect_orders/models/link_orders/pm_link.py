from odoo import fields, models

from odoo.addons.oiconnect_infra.models.inventory import pm_link
from odoo.addons.oiconnect_infra.models.mixins.neighbours import neighbour_count


class PmLink(models.Model):
    """Links keep their orders, and open them."""

    _inherit = "oiconnect.pm.link"
    _used_by_fields = (*pm_link.PmLink._used_by_fields, "link_order_ids")

    link_order_ids = fields.One2many("oiconnect.link.order", "link_id", "Link orders")
    link_order_count = neighbour_count("Number of link orders")
    link_service_ids = fields.One2many(
        "oiconnect.link.service", "link_id", "Link services"
    )

    def action_view_link_orders(self):
        """Open all orders of the link, finished ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.link_order_action"
        )
        return action | {"domain": [("link_id", "=", self.id)], "context": {}}
