from odoo import models


class PmOrder(models.Model):
    _name = "oiconnect.pm.order"
    _inherit = ["oiconnect.pm.order", "oiconnect.portal.mixin"]
