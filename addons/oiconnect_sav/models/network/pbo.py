from odoo import models


class Pbo(models.Model):
    _name = "oiconnect.pbo"
    _inherit = ["oiconnect.pbo", "oiconnect.ticketed.place"]
    _ticket_field = "pbo_id"
