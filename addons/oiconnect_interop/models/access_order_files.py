from odoo import models


class AccessOrder(models.Model):
    _inherit = "oiconnect.access.order"

    def _erase_on_request(self):
        """The stored files forget the customer at once too."""
        files = self.env["oiconnect.exchange"].sudo()
        for order in self:
            told = files._carrying(order).filtered_domain(
                files._with_customers(order.network_id)
            )
            told._erase_customers({order.oc_reference})
        return super()._erase_on_request()
