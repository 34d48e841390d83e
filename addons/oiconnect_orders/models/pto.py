from odoo import models


class Pto(models.Model):
    _name = "oiconnect.pto"
    _inherit = ["oiconnect.pto", "oiconnect.ordered.place"]
    _access_order_field = "pto_id"
