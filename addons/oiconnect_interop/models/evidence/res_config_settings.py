from odoo import fields, models

from .seal_timestamp import SERVICE


class ResConfigSettings(models.TransientModel):
    """Evidence: who says when a seal was there."""

    _inherit = "res.config.settings"

    oiconnect_timestamp_url = fields.Char(
        "Timestamping service", config_parameter=SERVICE
    )
