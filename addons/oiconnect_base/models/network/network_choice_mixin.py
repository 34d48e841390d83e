from odoo import api, fields, models


class NetworkChoiceMixin(models.AbstractModel):
    """A dialog about one place: its network follows from that place.

    People are asked for it where there are several and nothing is chosen yet.
    """

    _name = "oiconnect.network.choice.mixin"
    _description = "Network of what is chosen"

    # The field of the place
    _place_field = "building_id"

    network_id = fields.Many2one(
        "oiconnect.network",
        compute="_compute_network_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )

    @api.depends(lambda self: self._network_depends())
    def _compute_network_id(self):
        only = self.env["oiconnect.network"]._only_network()
        for choice in self:
            network = choice[self._place_field].network_id
            choice.network_id = network or choice.network_id or only

    @api.model
    def _network_depends(self):
        has_place = self._place_field in self._fields
        return [f"{self._place_field}.network_id"] if has_place else []
