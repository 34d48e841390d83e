"""Routes that break off: neither a PTO nor a fibre that waits in a box ends them."""

from odoo.tools import SQL

from ..routes.graph import PLACED
from ..routes.result import ROUTES
from .places import POINTS

#: message of each reason
_MESSAGES = {
    "nothing": "apply_route_not_continued",
    "open": "apply_route_open",
    "absent": "apply_route_fibre_absent",
    "branch": "apply_route_branches",
    "long": "apply_route_long",
    "loop": "apply_route_loop",
}


def is_incomplete(alias):
    """Return the condition that a route of ``a_route`` breaks off."""
    return SQL("%s IN ('gap', 'loop')", SQL.identifier(alias, "end_kind"))


def describe(base):
    """Fill ``a_incomplete``: the routes that break off, with their last box.

    It is the drawer of the PM when they reach no box; their place is that of its node.
    """
    base.make(
        "a_incomplete",
        SQL(
            _INCOMPLETE,
            incomplete=is_incomplete("r"),
            end=base.table("a_route"),
            route=base.table(ROUTES),
            position=base.table("t_position"),
            placed=base.table(PLACED),
            box=base.table("a_box"),
            drawer=base.table("a_drawer"),
            zone=base.table("a_zone"),
            fibre=base.table("t_fibre"),
            cable=base.table("a_cable"),
            point=base.table(POINTS),
        ),
    )


def report(base, run, tell):
    """Report the routes that break off, each by its reason and at its last box.

    Those that hang on a row that is left out are reported already.
    """
    for reason, key in _MESSAGES.items():
        query = SQL(
            """SELECT i.line, i.code AS value, i.longitude, i.latitude,
                      jsonb_build_object('box', i.box, 'cable', i.cable) AS params
                 FROM %s i
                WHERE i.reason = %s AND NOT EXISTS (
                    SELECT FROM oiconnect_import_error e
                     WHERE e.import_id = %s AND e.table_name = 't_position'
                       AND e.line = i.line AND e.message_key = 'hangs_route')
                ORDER BY i.line""",
            base.table("a_incomplete"),
            reason,
            run.import_id,
        )
        tell("t_position", key, query, {}, is_placed=True)


_INCOMPLETE = """
    SELECT r.position_line AS line, s.ps_code AS code,
           COALESCE(r.reason, r.end_kind) AS reason,
           COALESCE(b.reference, k.drawer, '') AS box,
           COALESCE(c.reference, f.fo_cb_code, '') AS cable, p.longitude, p.latitude
      FROM %(end)s r
      JOIN %(route)s w ON w.position_line = r.position_line
      JOIN %(position)s s ON s.line = r.position_line
      JOIN %(placed)s k ON k.id = r.position_line
      LEFT JOIN LATERAL (
           SELECT q.box
             FROM unnest(w.position_lines) WITH ORDINALITY v (line, rank)
             JOIN %(placed)s q ON q.id = v.line AND q.box IS NOT NULL
            ORDER BY v.rank DESC LIMIT 1) l ON TRUE
      LEFT JOIN %(box)s b ON b.line = l.box
      LEFT JOIN %(drawer)s d ON d.code = k.drawer
      LEFT JOIN (SELECT reference, min(node) AS node FROM %(zone)s GROUP BY 1) z
        ON z.reference = d.pm
      LEFT JOIN %(fibre)s f ON f.line = w.fibre_lines[cardinality(w.fibre_lines)]
      LEFT JOIN %(cable)s c ON c.code = f.fo_cb_code
      LEFT JOIN %(point)s p ON p.tab = 't_noeud' AND p.code = COALESCE(b.node, z.node)
     WHERE %(incomplete)s
"""
