from odoo import fields, models


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"
    _free_fields = ("oiconnect_start_hidden",)

    oiconnect_start_hidden = fields.Boolean("First steps are hidden", readonly=True)
