from odoo import models


class AccessOrder(models.Model):
    _name = "oiconnect.access.order"
    _inherit = ["oiconnect.access.order", "oiconnect.portal.mixin"]
