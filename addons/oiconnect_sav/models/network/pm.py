from odoo import models


class Pm(models.Model):
    _name = "oiconnect.pm"
    _inherit = ["oiconnect.pm", "oiconnect.ticketed.place"]
    _ticket_field = "pm_id"
