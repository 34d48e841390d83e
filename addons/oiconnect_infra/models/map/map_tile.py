from types import SimpleNamespace

from shapely import LineString, clip_by_rect

from odoo import api, models
from odoo.fields import Domain

from ...geo import mvt
from ...geo.grid import DEEPEST, covering
from ...geo.tile import EXTENT
from .map_cell import COUNTED

#: kinds of a tile, and the zoom from which it has them
KINDS = {"prdm": 5, "pm": 8, "link": 8, "pbo": 0, "building": 0}
#: the zoom from which objects are sent one by one, not counted by cells
POINT_ZOOM = 14
# Objects of a kind in one tile; with more of them it has numbers.
MOST = 5000
# Lines go on so far outside, in units of a tile: their ends are not seen.
_MARGIN = 64


class MapTile(models.AbstractModel):
    """Vector tiles of the map, for other systems."""

    _inherit = "oiconnect.map"

    @api.model
    @api.private
    def _vector_tile(self, tile, layers, networks, counted_states=()):
        """Return the bytes of a vector tile.

        :param layers: ``{kind: (name of its layer, domain of its objects)}``
        :param networks: ids of the networks whose objects are sent
        :param counted_states: states of the buildings that are counted, all if none
        """
        wanted = self._tile_wanted(tile, layers, networks)
        counted = SimpleNamespace(**vars(wanted) | {"building_states": counted_states})
        parts = []
        for kind, (name, _domain) in layers.items():
            if tile.z < KINDS[kind]:
                continue
            if kind == "link":
                features = self._tile_lines(tile, wanted)
            else:
                features = self._tile_points(kind, tile, wanted, counted)
            parts.append(mvt.layer(name, features))
        return b"".join(parts)

    @api.model
    def _tile_wanted(self, tile, layers, networks):
        return SimpleNamespace(
            **dict.fromkeys(self._filter_names(), ())
            | {"network_ids": tuple(networks)},
            box=covering(tile.bounds, min(tile.level, DEEPEST)),
            zoom=tile.z,
            networks=list(networks),
            domains={kind: domain for kind, (_name, domain) in layers.items()},
        )

    @api.model
    def _kind_domain(self, kind, wanted):
        layer = getattr(wanted, "domains", {}).get(kind, Domain.TRUE)
        return super()._kind_domain(kind, wanted) & layer

    @api.model
    def _tile_points(self, kind, tile, wanted, counted):
        if kind not in COUNTED or tile.z >= POINT_ZOOM:
            rows = self._points(kind, wanted, MOST + 1)
            if len(rows) <= MOST:
                return list(_points_of(tile, rows))
        return list(_numbers_of(tile, self._clusters(kind, counted)))

    @api.model
    def _tile_lines(self, tile, wanted):
        rows = self._link_rows(self._links_query(wanted), MOST)
        features = []
        for link, *ends, state, label, _total in rows:
            line = LineString([tile.place(*ends[:2]), tile.place(*ends[2:])])
            shown = clip_by_rect(line, *[-_MARGIN] * 2, *[EXTENT + _MARGIN] * 2)
            places = () if shown.is_empty else shown.coords
            places = [(round(x), round(y)) for x, y in places]
            if len(set(places)) > 1:
                features.append((link, places, {"state": state, "label": label}))
        return features


def _points_of(tile, rows):
    for record_id, latitude, longitude, state, label in rows:
        place = tile.place(latitude, longitude)
        if tile.holds(*place):
            yield record_id, [place], {"state": state, "label": label}


def _numbers_of(tile, clusters):
    """Yield clusters: how many objects, also of each state."""
    for latitude, longitude, count, _kind, states in clusters:
        place = tile.place(latitude, longitude)
        if tile.holds(*place):
            yield None, [place], {"count": count, **states}
