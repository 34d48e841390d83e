from odoo import models


class Pto(models.Model):
    _name = "oiconnect.pto"
    _inherit = ["oiconnect.pto", "oiconnect.ticketed.place"]
    _ticket_field = "pto_id"
