from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_infra.models.map.map_tile import KINDS
from odoo.addons.oiconnect_infra.rules.paths import ABANDONED

from ...rest.problem import Problem
from ...rest.resources import resource_of


class Rest(models.AbstractModel):
    """Vector tiles of the network: a layer for each resource that the key opens."""

    _inherit = "oiconnect.rest"

    @api.model
    @api.private
    def _tile(self, caller, tile):
        """Return the bytes of a tile, with the objects that the caller sees."""
        maps = caller.env["oiconnect.map"]
        layers = self._tile_layers(caller)
        states = ()
        if caller.operator_id:
            # Cells know no dates: abandoned objects are shown as points only.
            field = caller.env["oiconnect.building"]._fields["state"]
            states = tuple(set(field.get_values(caller.env)) - {ABANDONED})
        return maps._vector_tile(tile, layers, caller.network_ids, states)

    @api.model
    @api.private
    def _tile_layers(self, caller):
        """Return ``{kind of the map: (name of its layer, domain)}``.

        :raises Problem: the key opens none of them
        """
        maps = caller.env["oiconnect.map"]
        layers = {}
        for kind in KINDS:
            model = maps._model_of(kind)._name
            resource = resource_of(self.env, model)
            if resource.path not in caller.levels:
                continue
            if not caller.operator_id and caller.env[model].has_access("read"):
                layers[kind] = resource.path, Domain.TRUE
            elif caller.operator_id and resource.operator_fields:
                domain = resource.operator_domain(caller.operator_id)
                layers[kind] = resource.path, domain
        if not layers:
            raise Problem(403, "no-scope")
        return layers
