from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..map import map_settings


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oiconnect_map_building_zoom = fields.Integer(
        "Buildings from zoom",
        config_parameter=map_settings.BUILDING_ZOOM,
        default=map_settings.DEFAULT_BUILDING_ZOOM,
        help="Buildings are shown one by one from this zoom on, grouped before it",
    )
    oiconnect_map_address_search = fields.Boolean(
        "Search addresses",
        config_parameter=map_settings.ADDRESS_SEARCH,
        help="What is searched on the map is sent to the French address service",
    )
    oiconnect_map_address_url = fields.Char(
        "Address service",
        config_parameter=map_settings.ADDRESS_URL,
        default=map_settings.DEFAULT_ADDRESS_URL,
    )

    @api.constrains("oiconnect_map_building_zoom")
    def _check_oiconnect_map_building_zoom(self):
        for settings in self:
            if not 10 <= settings.oiconnect_map_building_zoom <= 20:
                raise ValidationError(
                    self.env._(
                        "Buildings are shown from zoom %s: choose a zoom between 10 "
                        "and 20.",
                        settings.oiconnect_map_building_zoom,
                    )
                )

    @api.constrains("oiconnect_map_address_url")
    def _check_oiconnect_map_address_url(self):
        for settings in self:
            url = settings.oiconnect_map_address_url or ""
            if url and not url.startswith(("https://", "http://")):
                raise ValidationError(
                    self.env._(
                        "The address service “%s” is not a web address: begin it with "
                        "https://.",
                        url,
                    )
                )
