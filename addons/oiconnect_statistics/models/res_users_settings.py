from odoo import fields, models


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"
    _free_fields = ("oiconnect_home_charts",)

    oiconnect_home_charts = fields.Json("Charts of the home page", readonly=True)
