from odoo import models


class Appointment(models.Model):
    _name = "oiconnect.appointment"
    _inherit = ["oiconnect.appointment", "oiconnect.portal.mixin"]
