from odoo import models


class Ticket(models.Model):
    _name = "oiconnect.ticket"
    _inherit = ["oiconnect.ticket", "oiconnect.portal.mixin"]
