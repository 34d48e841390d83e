from odoo import models


class Building(models.Model):
    _name = "oiconnect.building"
    _inherit = ["oiconnect.building", "oiconnect.ticketed.place"]
    _ticket_field = "building_id"
