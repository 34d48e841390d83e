from odoo import fields, models


class NetworkMixin(models.AbstractModel):
    """A record that belongs to one network, and so to its company."""

    _name = "oiconnect.network.mixin"
    _description = "Belongs to a network"

    network_id = fields.Many2one(
        "oiconnect.network",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["oiconnect.network"]._default_network(),
    )
    company_id = fields.Many2one(
        related="network_id.company_id", store=True, index=True
    )
