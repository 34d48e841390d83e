from odoo import api, models


class Network(models.Model):
    """A network begins with its plans of publication, as the protocol wants them."""

    _inherit = "oiconnect.network"

    @api.model_create_multi
    def create(self, vals_list):
        networks = super().create(vals_list)
        self.env["oiconnect.publication.plan"]._seed(networks)
        return networks
