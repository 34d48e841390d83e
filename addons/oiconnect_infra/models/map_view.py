from collections import namedtuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..geo.grid import snapped

MODELS = {
    "prdm": "oiconnect.prdm",
    "pm": "oiconnect.pm",
    "pbo": "oiconnect.pbo",
    "building": "oiconnect.building",
    "link": "oiconnect.pm.link",
    "zone": "oiconnect.zone",
}
# Kinds that are points of their own
POINTS = ("prdm", "pm", "pbo", "building")
# Kinds that are drawn: too many of them are told, not shown
DRAWN = ("link", "zone")
FILTERS = ("building_states", "pm_ids", "commune_ids", "network_ids", "saturation")
_PM_FIELDS = {
    "prdm": "pm_ids",
    "pm": "id",
    "pbo": "pm_id",
    "building": "pm_id",
    "link": "pm_id",
    "zone": "pm_id",
}
_COMMUNE_FIELDS = {
    "prdm": "commune_id",
    "pm": "commune_id",
    "building": "commune_id",
    "link": "pm_id.commune_id",
    "zone": "pm_id.commune_id",
}

Wanted = namedtuple("Wanted", ("box", "zoom", "kinds", "networks", *FILTERS))


class Map(models.AbstractModel):
    """What the map shows of a viewport, of what the user may read."""

    _name = "oiconnect.map"
    _description = "Map"

    @api.model
    @api.private
    def _view(self, bounds, zoom, kinds=(), filters=None):
        """Return what is in the cells that ``bounds`` touches, exactly.

        :param bounds: south, west, north, east
        :raises UserError: the request is not one that the map makes
        """
        wanted = self._wanted(bounds, zoom, kinds, filters or {})
        answer = {
            "bounds": wanted.box.bounds,
            "clusters": [],
            "points": {},
            "links": [],
            "zones": [],
            "totals": {},
        }
        for kind in wanted.kinds:
            if kind in POINTS:
                self._add_points(answer, kind, wanted)
        hidden = [
            kind
            for kind in wanted.kinds
            if kind in DRAWN and not getattr(self, f"_add_{kind}s")(answer, wanted)
        ]
        return answer | {"truncated": hidden or False}

    @api.model
    def _wanted(self, bounds, zoom, kinds, filters):
        try:
            box = snapped(bounds, zoom)
            chosen = {
                name: tuple(
                    map(int if name.endswith("_ids") else str, filters.get(name) or ())
                )
                for name in FILTERS
            }
            asked = set(kinds)
        except (TypeError, ValueError, AttributeError, OverflowError) as error:
            raise UserError(
                self.env._(
                    "The map cannot show this place: open it again from the menu."
                )
            ) from error
        readable = [kind for kind in MODELS if kind in asked and self._may_read(kind)]
        networks = self._networks(chosen["network_ids"]) if readable else []
        return Wanted(box, int(zoom), readable, networks, **chosen)

    @api.model
    def _networks(self, chosen):
        """Return the ids of the networks of the user's companies, or those chosen."""
        domain = Domain("id", "in", chosen) if chosen else Domain.TRUE
        if not self.env.su:
            domain &= Domain("company_id", "in", self.env.companies.ids)
        networks = self.env["oiconnect.network"].sudo().with_context(active_test=False)
        return networks.search(domain, order="id").ids

    @api.model
    def _may_read(self, kind):
        return self.env[MODELS[kind]].has_access("read")

    # ------------------------------------------------------------------
    # What is asked, as a domain
    # ------------------------------------------------------------------

    @api.model
    def _kind_domain(self, kind, wanted):
        """Return the domain of the objects of ``kind`` that the filters keep."""
        domain = Domain.TRUE
        if wanted.network_ids:
            domain &= Domain("network_id", "in", wanted.network_ids)
        if wanted.pm_ids:
            domain &= Domain(_PM_FIELDS[kind], "in", wanted.pm_ids)
        if wanted.commune_ids:
            domain &= self._commune_domain(kind, wanted.commune_ids)
        if kind == "building" and wanted.building_states:
            domain &= Domain("state", "in", wanted.building_states)
        if kind == "pbo" and wanted.saturation:
            domain &= Domain("saturation", "in", wanted.saturation)
        return domain

    @api.model
    def _commune_domain(self, kind, commune_ids):
        if kind != "pbo":
            return Domain(_COMMUNE_FIELDS[kind], "in", commune_ids)
        # A PBO has no address: it is where its buildings are, else where its PM is.
        return Domain("building_ids.commune_id", "in", commune_ids) | (
            Domain("building_ids", "=", False)
            & Domain("pm_id.commune_id", "in", commune_ids)
        )

    @api.model
    def _boxed_query(self, kind, wanted):
        """Return the query of the objects of the box, and the alias of their table."""
        model = self.env[MODELS[kind]]
        model.flush_model()
        query = model._search(self._kind_domain(kind, wanted), order="id")
        query.order = None
        south, west, north, east = wanted.box.bounds
        query.add_where(
            SQL(
                "%(t)s.latitude <> 0"
                " AND %(t)s.latitude >= %(south)s AND %(t)s.latitude < %(north)s"
                " AND %(t)s.longitude >= %(west)s AND %(t)s.longitude < %(east)s",
                t=SQL.identifier(query.table),
                south=south,
                north=north,
                west=west,
                east=east,
            )
        )
        return query, SQL.identifier(query.table)
