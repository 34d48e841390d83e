from odoo import api, models


class Network(models.Model):
    """A network begins with all the rules of the catalogue."""

    _inherit = "oiconnect.network"

    @api.model_create_multi
    def create(self, vals_list):
        networks = super().create(vals_list)
        self.env["oiconnect.rule"]._seed(networks)
        return networks
