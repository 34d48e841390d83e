from odoo import api, models
from odoo.tools import SQL


class Seal(models.Model):
    """An operator that has an API key hears of the seals of its networks."""

    _inherit = "oiconnect.seal"

    @api.model
    def _used_networks(self):
        return [
            *super()._used_networks(),
            SQL(
                """SELECT r.network_id FROM oiconnect_api_key_network_rel r
                     JOIN oiconnect_api_key key ON key.id = r.api_key_id
                    WHERE key.operator_id = operator.id"""
            ),
        ]
