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
        for choice in self:
            choice.network_id = (
                choice[self._place_field].network_id
                or choice.network_id
                or self.env["oiconnect.network"]._default_network()
            )

    @api.model
    def _network_depends(self):
        has_place = self._place_field in self._fields
        return [f"{self._place_field}.network_id"] if has_place else []
