from odoo import models


class AccessOrder(models.Model):
    _inherit = "oiconnect.access.order"

    def _erase_on_request(self):
        """The stored files forget the customer at once too."""
        files = self.env["oiconnect.exchange"].sudo()
        for order in self:
            files._carrying(order)._erase_customers({order.oc_reference})
        return super()._erase_on_request()
