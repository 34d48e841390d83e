"""Checks 14 to 17: where cables and paths end."""

from odoo.tools import SQL
from odoo.tools.json import scriptsafe as json

from .check import TOLERANCE, check
from .shapes import lines_near, shapes_of
from .words import _lt


def _ends(run, table):
    """The two ends of each line, with what lies there, if a node does."""
    key = run.key(table) if table == "t_cheminement" else "cl_cb_code"
    return run.side(
        f"ends_{table}",
        """SELECT e.line, e.code, e.rank, e.x, e.y, nd.*
             FROM (SELECT s.line, s.%(key)s, v.rank, v.x, v.y
                     FROM %(table)s s
                    CROSS JOIN LATERAL (VALUES (1, s.x1, s.y1), (2, s.x2, s.y2))
                          AS v(rank, x, y)
                    WHERE v.x IS NOT NULL) e(line, code, rank, x, y)
             LEFT JOIN LATERAL (
                  SELECT TRUE AS node, bool_or(nd.point) AS point,
                         bool_or(nd.site) AS site, bool_or(nd.box) AS box
                    FROM %(spots)s nd
                   WHERE nd.x BETWEEN e.x - %(near)s AND e.x + %(near)s
                     AND nd.y BETWEEN e.y - %(near)s AND e.y + %(near)s
                  HAVING count(*) > 0) nd ON TRUE""",
        table=run.table(table),
        key=SQL.identifier(key),
        spots=run.spots(),
        near=TOLERANCE,
    )


def _report(run, number, table, key, condition):
    run.report(
        number,
        table,
        """SELECT e.line, 'geom', e.code, %(key)s,
                  jsonb_build_object('end', e.rank, 'value', e.code,
                                     'x', round(e.x::numeric, 2),
                                     'y', round(e.y::numeric, 2)), e.x, e.y
             FROM %(ends)s e WHERE %(condition)s""",
        key=key,
        ends=_ends(run, table),
        condition=condition,
    )


@check(14, _lt("The end of a cable is not on a node"), "3", "2")
def cable_end_without_node(run):
    if "t_noeud" in run.stage:
        _report(run, 14, "t_cableline", "cable_end_without_node", SQL("e.node IS NULL"))


@check(15, _lt("The end of a cable is neither on a box nor on a site"), "3")
def cable_end_without_box(run):
    _report(
        run,
        15,
        "t_cableline",
        "cable_end_without_box",
        SQL("e.node AND NOT (e.box OR e.site)"),
    )


def _ends_on_paths(run):
    """Ends of paths that bear no point and no site, but lie on another path."""
    ends = run.fetch(
        "SELECT line, rank, x, y FROM %(ends)s WHERE (point OR site) IS NOT TRUE",
        ends=_ends(run, "t_cheminement"),
    )
    if not ends:
        return run.side("on_paths", "SELECT 0 AS line, 0 AS rank WHERE FALSE")
    near = lines_near(shapes_of(run, "t_cheminement"), ends, TOLERANCE)
    return run.side(
        "on_paths",
        """SELECT (e->>0)::int AS line, (e->>1)::int AS rank
             FROM jsonb_array_elements(%(near)s::jsonb) e""",
        "line, rank",
        near=json.dumps(near),
    )


def _off_paths(run):
    return SQL(
        "NOT EXISTS (SELECT FROM %s p WHERE p.line = e.line AND p.rank = e.rank)",
        _ends_on_paths(run),
    )


@check(16, _lt("The end of a path is neither on a node nor on a path"), "3")
def path_end_alone(run):
    if "t_noeud" in run.stage and "t_cheminement" in run.stage:
        _report(
            run,
            16,
            "t_cheminement",
            "path_end_alone",
            SQL("e.node IS NULL AND %s", _off_paths(run)),
        )


@check(17, _lt("The end of a path is neither on a technical point nor on a site"), "3")
def path_end_without_point(run):
    if "t_cheminement" in run.stage:
        _report(
            run,
            17,
            "t_cheminement",
            "path_end_without_point",
            SQL("e.node AND NOT (e.point OR e.site) AND %s", _off_paths(run)),
        )
