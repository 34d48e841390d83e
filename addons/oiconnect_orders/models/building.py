from odoo import models


class Building(models.Model):
    _name = "oiconnect.building"
    _inherit = ["oiconnect.building", "oiconnect.ordered.place"]
    _access_order_field = "building_id"
