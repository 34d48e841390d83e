from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...optical import sql
from ...optical.path import Ends, Gap, Key, Path, Strand, assemble

# Link fibres and what they feed; those that feed nothing are paths of their own.
_FED = """
    SELECT CASE WHEN position.id IS NULL THEN 'link_fibre' ELSE 'position' END,
        COALESCE(position.id, fibre.id)
    FROM oiconnect_pm_link_fibre fibre
    LEFT JOIN oiconnect_pm_position position ON position.link_fibre_id = fibre.id
    WHERE fibre.{} = ANY(%s)
    ORDER BY fibre.link_id, fibre.number, position.module_id, position.sequence,
        position.id
"""
# Fibres that end at a place, and those that are spliced there
_AT = """
    SELECT 'fibre', id FROM (
        SELECT id, cable_id, sequence FROM oiconnect_pbo_fibre WHERE {0} = ANY(%s)
        UNION
        SELECT fibre.id, fibre.cable_id, fibre.sequence
        FROM oiconnect_splice splice
        JOIN oiconnect_pbo_fibre fibre ON fibre.id = splice.upstream_id
        WHERE splice.{0} = ANY(%s)
    ) at_place ORDER BY cable_id, sequence, id
"""
# Kind of point: the query of its parts (kind, id), in the order of the drawing.
_PARTS = {
    "route": "SELECT 'route', id FROM oiconnect_route WHERE id = ANY(%s) ORDER BY id",
    "fibre": """
        SELECT 'fibre', id FROM oiconnect_pbo_fibre WHERE id = ANY(%s)
        ORDER BY cable_id, sequence, id
    """,
    "splice": "SELECT 'fibre', upstream_id FROM oiconnect_splice WHERE id = ANY(%s)",
    "position": """
        SELECT 'position', id FROM oiconnect_pm_position WHERE id = ANY(%s)
        ORDER BY module_id, sequence, id
    """,
    "module": """
        SELECT 'position', id FROM oiconnect_pm_position WHERE module_id = ANY(%s)
        ORDER BY module_id, sequence, id
    """,
    "link_fibre": _FED.format("id"),
    "link": _FED.format("link_id"),
    "prdm": _FED.format("prdm_id"),
    "pto": """
        SELECT CASE WHEN route.id IS NULL THEN 'pto' ELSE 'route' END,
            COALESCE(route.id, pto.id)
        FROM oiconnect_pto pto LEFT JOIN oiconnect_route route ON route.pto_id = pto.id
        WHERE pto.id = ANY(%s) ORDER BY pto.id, route.connector_number
    """,
    "pbo": _AT.format("pbo_id"),
    "box": _AT.format("splice_box_id"),
    "cable": """
        SELECT kind, id FROM (
            SELECT 'fibre' AS kind, id, cable_id, sequence FROM oiconnect_pbo_fibre
            WHERE cable_id = ANY(%s)
            UNION ALL
            SELECT 'position', position.id, position.cable_id, position.sequence
            FROM oiconnect_pm_position position
            WHERE position.cable_id = ANY(%s) AND NOT EXISTS (
                SELECT FROM oiconnect_pbo_fibre fibre
                WHERE fibre.cable_id = position.cable_id
                    AND fibre.tube = position.tube AND fibre.fibre = position.fibre
            )
        ) of_cable ORDER BY cable_id, kind, sequence, id
    """,
}
# Models from which a path can be followed: kind of point in the tracing.
KINDS = {
    "oiconnect.pto": "pto",
    "oiconnect.route": "route",
    "oiconnect.pbo": "pbo",
    "oiconnect.pbo.fibre": "fibre",
    "oiconnect.pbo.cable": "cable",
    "oiconnect.splice": "splice",
    "oiconnect.splice.box": "box",
    "oiconnect.pm.position": "position",
    "oiconnect.pm.module": "module",
    "oiconnect.pm.link.fibre": "link_fibre",
    "oiconnect.pm.link": "link",
    "oiconnect.prdm": "prdm",
}


class Trace(models.AbstractModel):
    """Follows fibres from any point, to both ends.

    **What is one path.** Fibres that splices join make a *strand*: a simple chain
    from its head (towards the PM) to its tail (towards the customer). A position is
    tied to its first fibre by cable, tube and fibre; a route to its position, to its
    last fibre and to a connector. From these ties every part gets one *key*:

    - a route is its own key;
    - a strand has that of the last route that ends on it; without any, that of the
      position on its head; without any, its head is the key;
    - a position has that of its route, else that of the strand whose head is its
      first fibre, else it is the key itself.

    A path is all parts with the same key: each part is on exactly one path, and
    whatever part one starts from, the path is the same, also where the wiring is
    incomplete (``missing_splice``) or contradicts itself (``crossed``). Splices that
    would join two routes are refused by ``oiconnect.splice``; if another path made
    some, each route keeps its own parts and tells the contradiction.

    PTOs with several connectors, tubes, cables, link fibres behind a splitter,
    modules, links and PBOs are on several paths: these are the branches.
    """

    _name = "oiconnect.trace"
    _description = "Tracing of optical paths"

    @api.model
    @api.private
    def _trace(self, points):
        """Return the paths through ``[(kind, id)]``, each one once, in order.

        Kinds: see ``_PARTS``. A tube is ``("tube", (cable id, tube))``.
        """
        return self._paths(self._keys(points))

    @api.model
    @api.private
    def _keys(self, points):
        """Return the keys of the paths through the points, each one once."""
        self._flush()
        by_kind = defaultdict(list)
        for kind, point in points:
            by_kind[kind].append(point)
        parts = [part for item in by_kind.items() for part in self._parts(*item)]
        found = self._keys_of_parts(parts)
        return list(dict.fromkeys(found[part] for part in parts))

    def _flush(self):
        for name in (
            "pbo.cable",
            "pbo.fibre",
            "pm.position",
            "pm.link.fibre",
            "route",
            "splice",
        ):
            self.env[f"oiconnect.{name}"].flush_model()

    def _parts(self, kind, ids):
        """Return the parts ``(kind, id)`` that points of one kind are made of."""
        if kind == "tube":
            return self._tube_parts(ids)
        query = _PARTS[kind]
        self.env.cr.execute(query, [ids] * query.count("%s"))
        return [tuple(row) for row in self.env.cr.fetchall()]

    def _tube_parts(self, tubes):
        self.env.cr.execute(
            SQL(
                """
                SELECT 'fibre', fibre.id FROM unnest(%s, %s) AS given(cable_id, tube)
                JOIN oiconnect_pbo_fibre fibre USING (cable_id, tube)
                ORDER BY fibre.cable_id, fibre.sequence, fibre.id
                """,
                [cable for cable, _tube in tubes],
                [tube for _cable, tube in tubes],
            )
        )
        return [tuple(row) for row in self.env.cr.fetchall()]

    def _keys_of_parts(self, parts):
        """Return ``{part: key of its path}``."""
        keys = {part: Key(*part) for part in parts}
        positions = [part_id for kind, part_id in parts if kind == "position"]
        ties = self._position_ties(positions)
        fibres = {part_id for kind, part_id in parts if kind == "fibre"}
        fibres |= {fibre for route, fibre in ties.values() if fibre and not route}
        strands = self._strands(fibres)
        for part in parts:
            kind, part_id = part
            route_id, fibre_id = ties.get(part_id, (None, None))
            if kind == "position" and route_id:
                keys[part] = Key("route", route_id)
            elif kind == "position" and fibre_id:
                strand = strands[fibre_id]
                keys[part] = strand.key if strand.head_id == fibre_id else keys[part]
            elif kind == "fibre":
                keys[part] = strands[part_id].key
        return keys

    def _position_ties(self, position_ids):
        """Return ``{position id: (route id, first fibre id)}``."""
        if not position_ids:
            return {}
        self.env.cr.execute(
            SQL(
                """
                SELECT position.id, route.id, fibre.id
                FROM oiconnect_pm_position position
                LEFT JOIN oiconnect_route route ON route.position_id = position.id
                LEFT JOIN oiconnect_pbo_fibre fibre
                    ON fibre.cable_id = position.cable_id
                    AND fibre.tube = position.tube AND fibre.fibre = position.fibre
                WHERE position.id = ANY(%s)
                """,
                position_ids,
            )
        )
        return {position: ties for position, *ties in self.env.cr.fetchall()}

    def _strands(self, fibre_ids):
        """Return ``{fibre id: its strand}``."""
        if not fibre_ids:
            return {}
        rows = self._read(sql.strands(list(fibre_ids)), len(fibre_ids))
        strands = [Strand.of(*row) for row in rows]
        return {fibre_id: strand for strand in strands for fibre_id in strand.fibres}

    def _strands_between(self, ends):
        """Return ``{fibre id: its strand}`` of both ends of paths.

        Most strands start at a position: the others are few.
        """
        found = self._strands({end.first_id for end in ends if end.first_id})
        left = {end.last_id for end in ends if end.last_id} - found.keys()
        return found | self._strands(left)

    def _read(self, query, number):
        """Return the rows of a query about ``number`` parts."""
        cr = self.env.cr
        cr.execute(sql.plan(number))
        cr.execute(query)
        rows = cr.fetchall()
        cr.execute(sql.AS_USUAL)
        return rows

    @api.model
    @api.private
    def _paths(self, keys):
        """Return the paths of the keys, in their order."""
        found = {key: _alone(key) for key in keys if key.kind in _ALONE}
        known = [
            [key.id for key in keys if key.kind == kind]
            for kind in ("route", "position", "fibre")
        ]
        if any(known):
            ends = [Ends(*row) for row in self._read(sql.ends(*known), len(keys))]
            strands = self._strands_between(ends)
            feeds = self._found_feeds(ends, strands)
            for end in ends:
                path = assemble(end, strands, feeds)
                found[path.key] = path
        return [found[key] for key in keys if key in found]

    def _found_feeds(self, ends, strands):
        """Return ``{position id: link fibre id}`` of positions no route names."""
        positions = {
            strands[end.last_id].position_id
            for end in ends
            if end.last_id and not end.position_id
        }
        positions.discard(None)
        if not positions:
            return {}
        self.env.cr.execute(
            SQL(
                "SELECT id, link_fibre_id FROM oiconnect_pm_position"
                " WHERE id = ANY(%s)",
                list(positions),
            )
        )
        return dict(self.env.cr.fetchall())


class InfraMixin(models.AbstractModel):
    """The button that follows the fibres of an object."""

    _inherit = "oiconnect.infra.mixin"

    def action_trace(self):
        """Open the optical paths through the record."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id(
            "oiconnect_infra.trace_action"
        )
        return action | {"params": {"trace_model": self._name, "trace_id": self.id}}


def _alone(key):
    """Return the path of a link fibre that feeds nothing, or of a bare PTO."""
    parts = {"key": key, f"{key.kind}_id": key.id, "gaps": (Gap(_ALONE[key.kind]),)}
    return Path(**dict.fromkeys(Path._fields) | parts)


# What is missing there
_ALONE = {"link_fibre": "unused_link_fibre", "pto": "bare"}
