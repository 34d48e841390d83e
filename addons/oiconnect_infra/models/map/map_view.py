import json
from types import SimpleNamespace

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...geo import zone as geo
from ...geo.grid import snapped
from .kinds import KINDS

FILTERS = ("building_states", "pm_ids", "commune_ids", "network_ids", "saturation")
LABEL = 60
MAX_LINKS = 200
MAX_ZONES = 150
# Of one answer; more of it and the zones are reported, not drawn
MAX_BYTES = 40_000


class Map(models.AbstractModel):
    """Content of a viewport of the map, limited to what the user may read."""

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
            "cables": [],
            "zones": [],
            "totals": {},
        }
        kinds, hidden = self._kinds(), []
        for kind in wanted.kinds:
            if kinds[kind].limit:
                self._add_points(answer, kind, wanted)
            elif not getattr(self, f"_add_{kind}s")(answer, wanted):
                hidden.append(kind)
        return answer | {"truncated": hidden or False}

    @api.model
    def _kinds(self):
        """Hook: return ``{name: Kind}`` of what the map shows."""
        return KINDS

    @api.model
    def _filter_names(self):
        """Hook: return the names of the filters; those of ids end in ``_ids``."""
        own = (kind.filter for kind in self._kinds().values() if kind.filter)
        return (*FILTERS, *own)

    @api.model
    def _wanted(self, bounds, zoom, kinds, filters):
        """Return the request: box, zoom, kinds, networks, and values by filter."""
        try:
            box = snapped(bounds, zoom)
            chosen = {
                name: tuple(
                    map(int if name.endswith("_ids") else str, filters.get(name) or ())
                )
                for name in self._filter_names()
            }
            requested = set(kinds)
        except (TypeError, ValueError, AttributeError, OverflowError) as error:
            raise UserError(
                self.env._(
                    "The map cannot show this place: open it again from the menu."
                )
            ) from error
        readable = [
            name
            for name, kind in self._kinds().items()
            if name in requested
            and (not kind.filter or chosen[kind.filter])
            and self._may_read(name)
        ]
        networks = self._networks(chosen["network_ids"]) if readable else []
        return SimpleNamespace(
            box=box, zoom=int(zoom), kinds=readable, networks=networks, **chosen
        )

    @api.model
    def _networks(self, chosen):
        """Return the ids of the networks of the user's companies, or those chosen.

        Sandbox networks are shown to who chooses them.
        """
        domain = self.env["oiconnect.network"]._shown_by_screen()
        if chosen:
            domain = Domain("id", "in", chosen)
        if not self.env.su:
            domain &= Domain("company_id", "in", self.env.companies.ids)
        networks = self.env["oiconnect.network"].sudo().with_context(active_test=False)
        return networks.search(domain, order="id").ids

    @api.model
    def _may_read(self, kind):
        return self._model_of(kind).has_access("read")

    @api.model
    def _model_of(self, kind):
        return self.env[self._kinds()[kind].model]

    # ------------------------------------------------------------------
    # The request as a domain
    # ------------------------------------------------------------------

    @api.model
    def _kind_domain(self, kind, wanted):
        """Return the domain of the objects of ``kind`` that the filters keep."""
        declared = self._kinds()[kind]
        domain = declared.domain
        if declared.filter:
            ids = getattr(wanted, declared.filter)
            return domain & Domain(declared.filter.removesuffix("s"), "in", ids)
        if wanted.network_ids:
            domain &= Domain("network_id", "in", wanted.network_ids)
        if wanted.pm_ids:
            domain &= _at_pms(declared, "", wanted.pm_ids)
        if wanted.commune_ids:
            domain &= self._commune_domain(kind, wanted.commune_ids)
        if kind == "building" and wanted.building_states:
            domain &= Domain("state", "in", wanted.building_states)
        if kind == "pbo" and wanted.saturation:
            domain &= Domain("saturation", "in", wanted.saturation)
        return domain

    @api.model
    def _commune_domain(self, kind, ids):
        """Return the domain of what is in a commune by itself, its buildings or its PM.

        Of a large network, what buildings tell and what PMs tell is found by indexes
        one after the other; PostgreSQL reads all objects for "or".
        """
        declared = self._kinds()[kind]
        if declared.commune:
            return Domain(declared.commune, "in", ids)
        of_pm = _at_pms(declared, ".commune_id", ids)
        if not declared.buildings:
            return of_pm
        model = self._model_of(kind)
        own = model._search(Domain(f"{declared.buildings}.commune_id", "in", ids))
        others = model._search(Domain(declared.buildings, "=", False) & of_pm)
        found = SQL("(%s UNION ALL %s)", own.select(), others.select())
        return Domain("id", "in", found)

    @api.model
    def _boxed_query(self, kind, wanted):
        """Return the query of the objects of the box, their table and their place."""
        model = self._model_of(kind)
        model.flush_model()
        query = model._search(self._kind_domain(kind, wanted), order="id")
        query.order = None
        table = SQL.identifier(query.table)
        place = self._place_columns(kind, query)
        query.add_where(
            SQL("%s <> 0 AND %s", place[0], _touches(wanted.box.bounds, *place, *place))
        )
        return query, table, place

    @api.model
    def _place_columns(self, kind, query):
        """Hook: return the SQL of the latitude and the longitude of an object.

        What has no place of its own joins to ``query`` what it stands in.
        """
        table = SQL.identifier(query.table)
        return SQL("%s.latitude", table), SQL("%s.longitude", table)

    @api.model
    def _state_column(self, kind, query, wanted):
        """Hook: return the SQL of the state of an object, None where it has none."""
        state = self._kinds()[kind].state
        stored = self._model_of(kind)._fields[state].store
        return SQL.identifier(query.table, state) if stored else None

    # ------------------------------------------------------------------
    # Points
    # ------------------------------------------------------------------

    @api.model
    def _add_points(self, answer, kind, wanted):
        """Complete the answer with the objects of ``kind``, else with clusters."""
        clusters = self._clusters(kind, wanted)
        total = sum(cluster[2] for cluster in clusters)
        answer["totals"][kind] = total
        if self._shows_points(kind, total, wanted):
            answer["points"][kind] = self._points(kind, wanted) if total else []
        else:
            answer["clusters"] += clusters

    @api.model
    def _shows_points(self, kind, total, wanted):
        if total > self._kinds()[kind].limit:
            return False
        return kind != "building" or wanted.zoom >= self._building_zoom()

    @api.model
    def _points(self, kind, wanted, most=None):
        """Return ``[id, latitude, longitude, state, label]`` for each object."""
        query, alias, (latitude, longitude) = self._boxed_query(kind, wanted)
        query.limit = most
        labels = self._kinds()[kind].labels
        names = SQL(", ").join(SQL("%s.%s", alias, SQL(label)) for label in labels)
        rows = self.env.execute_query(
            query.select(
                SQL("%s.id", alias),
                SQL("round((%s)::numeric, 6)::float8", latitude),
                SQL("round((%s)::numeric, 6)::float8", longitude),
                self._state_column(kind, query, wanted) or SQL("NULL"),
                SQL("left(COALESCE(%s, ''), %s)", names, LABEL),
            )
        )
        points = [list(row) for row in rows]
        if kind == "pbo":
            ids = [point[0] for point in points]
            found = self.env["oiconnect.pbo"]._saturations(ids)
            for point in points:
                point[3] = found.get(point[0], "none")
        return points

    # ------------------------------------------------------------------
    # Links
    # ------------------------------------------------------------------

    @api.model
    def _add_links(self, answer, wanted):
        """Add the links whose box touches the viewport; return False if too many."""
        rows = self._link_rows(self._links_query(wanted), MAX_LINKS)
        total = rows[0][-1] if rows else 0
        answer["totals"]["link"] = total
        if total > MAX_LINKS:
            return False
        answer["links"] = [
            [link, ends[:2], ends[2:], state, label]
            for link, *ends, state, label, _total in rows
        ]
        return True

    @api.model
    def _link_rows(self, query, most):
        """Return the links, one more than the most at most; all have their number."""
        places = (
            SQL("round(%s::numeric, 6)::float8", SQL.identifier(end, name))
            for end in ("map_pm", "map_prdm")
            for name in ("latitude", "longitude")
        )
        link = query.table
        query.limit = most + 1
        return self.env.execute_query(
            query.select(
                SQL.identifier(link, "id"),
                *places,
                SQL.identifier(link, "state"),
                SQL.identifier(link, "reference"),
                SQL("count(*) OVER ()"),
            )
        )

    @api.model
    def _links_query(self, wanted):
        for name in ("oiconnect.pm.link", "oiconnect.pm", "oiconnect.prdm"):
            self.env[name].flush_model()
        model = self.env["oiconnect.pm.link"]
        query = model._search(self._kind_domain("link", wanted), order="id")
        query.order = None
        link = SQL.identifier(query.table)
        for end, alias in (("pm", "map_pm"), ("prdm", "map_prdm")):
            query.add_join(
                "JOIN",
                alias,
                f"oiconnect_{end}",
                SQL("%s.id = %s.%s", SQL(alias), link, SQL(f"{end}_id")),
            )
        edges = [
            SQL("%s(map_pm.%s, map_prdm.%s)", SQL(which), SQL(name), SQL(name))
            for which in ("least", "greatest")
            for name in ("latitude", "longitude")
        ]
        query.add_where(
            SQL(
                "map_pm.latitude <> 0 AND map_prdm.latitude <> 0 AND %s",
                _touches(wanted.box.bounds, *edges),
            )
        )
        return query

    # ------------------------------------------------------------------
    # Rear zones
    # ------------------------------------------------------------------

    @api.model
    def _add_zones(self, answer, wanted):
        """Add the zones that touch the viewport; return False if there are too many."""
        query = self._zones_query(wanted)
        [[total]] = self.env.execute_query(query.select(SQL("count(*)")))
        answer["totals"]["zone"] = total
        if total > MAX_ZONES:
            return False
        # Degrees of a pixel of the web map
        pixel = 360 / 256 / 2**wanted.zoom
        zones = [
            [pm, geo.as_geojson(geo.simplified(geo.parsed(geometry), pixel)), label]
            for pm, geometry, label in self._zone_rows(query)
        ]
        if len(json.dumps(zones)) > MAX_BYTES:
            return False
        answer["zones"] = zones
        return True

    @api.model
    def _zone_rows(self, query):
        """Return the PM, the outline and the name of each zone."""
        query.add_join(
            "JOIN",
            "map_pm",
            "oiconnect_pm",
            SQL("map_pm.id = %s.pm_id", SQL.identifier(query.table)),
        )
        return self.env.execute_query(
            query.select(
                SQL("map_pm.id"),
                SQL("%s.geometry", SQL.identifier(query.table)),
                SQL("map_pm.reference"),
            )
        )

    @api.model
    def _zones_query(self, wanted):
        model = self.env["oiconnect.zone"]
        model.flush_model()
        query = model._search(self._kind_domain("zone", wanted))
        zone = SQL.identifier(query.table)
        edges = (SQL("%s.%s", zone, SQL(e)) for e in ("south", "west", "north", "east"))
        query.add_where(_touches(wanted.box.bounds, *edges))
        return query

    @api.model
    @api.private
    def _save_zone(self, pm_id, geometry):
        """Keep a zone drawn on the map; return it as the map shows it."""
        zone = self.env["oiconnect.zone"]._save_drawn(pm_id, geometry)
        return [zone.pm_id.id, zone.geometry, zone.pm_id.reference] if zone else False


def _at_pms(kind, path, ids):
    """Return the domain of what is at a PM whose ``path`` is one of ``ids``."""
    return Domain.OR(Domain(f"{pm}{path}", "in", ids) for pm in kind.pms)


def _touches(bounds, south, west, north, east):
    """Return the condition that a box, SQL of its edges, touches ``bounds``."""
    bottom, left, top, right = bounds
    return SQL(
        "%s >= %s AND %s < %s AND %s >= %s AND %s < %s",
        *(north, bottom, south, top),
        *(east, left, west, right),
    )
