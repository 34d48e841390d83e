from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The brand among the settings."""

    _inherit = "res.config.settings"

    oiconnect_logo = fields.Binary(
        related="company_id.logo", string="Logo", readonly=False
    )
    oiconnect_color = fields.Char(
        related="company_id.primary_color", string="Color", readonly=False
    )
