from odoo import fields, models


class Resource(models.Model):
    _inherit = "resource.resource"

    appointment_team_ids = fields.One2many(
        "oiconnect.appointment.team", "resource_id", "Visiting teams"
    )
