from odoo import models


class LinkOrder(models.Model):
    _name = "oiconnect.link.order"
    _inherit = ["oiconnect.link.order", "oiconnect.portal.mixin"]
