from odoo import models


class Pbo(models.Model):
    _name = "oiconnect.pbo"
    _inherit = ["oiconnect.pbo", "oiconnect.ordered.place"]
    _access_order_field = "pbo_id"
