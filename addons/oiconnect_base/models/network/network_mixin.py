from odoo import fields, models


class NetworkMixin(models.AbstractModel):
    """A record that belongs to one network, and so to its company.

    In a form, the network of a new record follows from the line, place or equipment
    that is chosen: people are asked for it only where nothing says it.
    """

    _name = "oiconnect.network.mixin"
    _description = "Belongs to a network"

    # Whose records are of sandboxes by their nature: screens show them at any time
    _on_sandboxes_only = False

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

    def _has_onchange(self, field, other_fields):
        is_followed = self._implies_network(field)
        return is_followed or super()._has_onchange(field, other_fields)

    def _apply_onchange_methods(self, field_name, result):
        if not self._origin and self._implies_network(self._fields[field_name]):
            network = self[field_name].network_id
            if len(network) == 1:
                self.network_id = network
        return super()._apply_onchange_methods(field_name, result)

    def _implies_network(self, field):
        """Tell whether what is chosen in ``field`` belongs to a network itself."""
        return (
            field.type in ("many2one", "many2many")
            and not self._fields["network_id"].readonly
            and "network_id" in self.env[field.comodel_name]._fields
        )
