from odoo import models


class Pm(models.Model):
    _name = "oiconnect.pm"
    _inherit = ["oiconnect.pm", "oiconnect.ordered.place"]
    _access_order_field = "pm_id"
