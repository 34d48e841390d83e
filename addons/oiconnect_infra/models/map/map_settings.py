from odoo import api, models
from odoo.tools import SQL, str2bool

from ...geo.grid import FINEST, per_degree
from .map_cell import COUNTED

BUILDING_ZOOM = "oiconnect.map_building_zoom"
ADDRESS_SEARCH = "oiconnect.map_address_search"
ADDRESS_URL = "oiconnect.map_address_url"
DEFAULT_BUILDING_ZOOM = 16
DEFAULT_ADDRESS_URL = "https://api-adresse.data.gouv.fr"
# Where the map opens before the network has any place: metropolitan France
FRANCE = (41.3, -5.2, 51.1, 9.6)
# Levels of the cells that bound the network: an eighth of a degree, and a 128th for
# one that is no larger than SMALL degrees
COARSE, FINE, SMALL = 9, 13, 0.5


class MapSettings(models.AbstractModel):
    """Initial settings of the map."""

    _inherit = "oiconnect.map"

    @api.model
    @api.private
    def _settings(self):
        tiles = self.env["oiconnect.map.layer"]._tiles()
        home = self._home()
        return {
            "tiles": [
                {key: value for key, value in tile.items() if key != "id"}
                for tile in tiles
            ],
            "building_zoom": self._building_zoom(),
            "home": home,
            "unplaced": home is FRANCE,
            "states": {
                name: self._states(kind)
                for name, kind in self._kinds().items()
                if kind.shape and self._may_read(name)
            },
            "zones": self._may_read("zone"),
            "address_search": self._is_address_search_allowed(),
            "communes": not tiles,
        }

    @api.model
    def _building_zoom(self):
        value = self._parameter(BUILDING_ZOOM, "")
        return int(value) if value.isdigit() else DEFAULT_BUILDING_ZOOM

    @api.model
    def _is_address_search_allowed(self):
        return str2bool(self._parameter(ADDRESS_SEARCH, ""), False)

    @api.model
    def _parameter(self, name, default):
        return self.env["ir.config_parameter"].sudo().get_param(name) or default

    @api.model
    def _states(self, kind):
        """Return ``[key, label, colour, shape]`` of each state, in its order.

        A fifth value, where there is one, says how the shape is filled.
        """
        field = self.env[kind.model]._fields[kind.state]
        return [
            [key, label, kind.styles[key][0], kind.shape, *kind.styles[key][1:]]
            for key, label in field._description_selection(self.env)
            if key in kind.styles
        ]

    @api.model
    def _home(self):
        """Return the bounds of the networks that the user may see.

        A small network is not shown in the middle of nowhere: finer cells bound it.
        """
        edges = self._edges(COARSE)
        if edges is None:
            return FRANCE
        south, west, north, east = edges
        if max(north - south, east - west) <= SMALL:
            edges = self._edges(FINE, edges)
        return edges

    @api.model
    def _edges(self, level, within=(-90, -180, 90, 180)):
        """Return the bounds, in degrees, of the cells that hold anything.

        :param within: bounds to look in: the fine cells of other networks are many
        """
        self.env["oiconnect.pm"].flush_model(["latitude", "longitude", "network_id"])
        [edges] = self.env.execute_query(
            SQL(
                """
                SELECT min(y), min(x), max(y) + 1, max(x) + 1 FROM (
                    SELECT y, x FROM oiconnect_map_cell
                     WHERE level = %(level)s AND kind IN %(kinds)s
                       AND y BETWEEN %(bottom)s AND %(top)s
                       AND network_id = ANY(%(networks)s)
                     UNION ALL
                    SELECT y >> %(shift)s, x >> %(shift)s FROM oiconnect_map_delta
                     WHERE network_id = ANY(%(networks)s) AND count > 0
                     UNION ALL
                    SELECT floor(latitude * %(number)s)::int,
                           floor(longitude * %(number)s)::int
                      FROM oiconnect_pm
                     WHERE network_id = ANY(%(networks)s) AND latitude <> 0
                ) AS cell
                """,
                level=level,
                kinds=tuple(COUNTED),
                shift=FINEST - level,
                number=per_degree(level),
                bottom=int(within[0] * per_degree(level)),
                top=int(within[2] * per_degree(level)),
                networks=self._networks(()),
            )
        )
        if edges[0] is None:
            return None
        return [edge / per_degree(level) for edge in edges]
