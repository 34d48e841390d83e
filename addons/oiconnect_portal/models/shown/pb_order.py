from odoo import models


class PbOrder(models.Model):
    _name = "oiconnect.pb.order"
    _inherit = ["oiconnect.pb.order", "oiconnect.portal.mixin"]
