"""Checks 18 to 25: areas of NROs, SROs and PBOs, and what lies in them."""

import shapely

from odoo.tools import SQL
from odoo.tools.json import scriptsafe as json

from .check import TOLERANCE, check
from .shapes import pages_of, pairs_of, shapes_of
from .words import _lt

#: square metres that two areas may share: their borders are drawn apart
_SHARED = 1.0


def _valid(run, table):
    lines, keys, geometries = shapes_of(run, table)
    return lines, keys, shapely.make_valid(geometries)


def _report(run, number, table, column, key, found):
    """Keep ``found``: [(line, value, params, x, y)]."""
    if not found:
        return
    run.report(
        number,
        table,
        """SELECT (f->>0)::int, %(column)s, f->>1, %(key)s, f->2,
                  (f->>3)::float8, (f->>4)::float8
             FROM jsonb_array_elements(%(found)s::jsonb) f""",
        column=column,
        key=key,
        found=json.dumps(found),
    )


def _leaves(run, number, table, owner, column):
    """An area goes beyond that which it belongs to."""
    if not (table in run.stage and owner in run.stage):
        return
    _lines, owner_keys, owners = _valid(run, owner)
    by_key = dict(zip(owner_keys, owners, strict=True))
    for rows, areas in pages_of(run, table, SQL.identifier("s", column)):
        found = []
        for (line, key, code), area in zip(rows, areas, strict=True):
            whole = by_key.get(code)
            if whole is None or area is None:
                continue
            outside = shapely.difference(area, shapely.buffer(whole, TOLERANCE))
            if outside.area > _SHARED:
                place = outside.representative_point()
                params = {"owner": code, "metres": round(outside.area)}
                found.append((line, key, params, place.x, place.y))
        _report(run, number, table, "geom", "area_leaves", found)


@check(18, _lt("An SRO zone leaves its NRO zone"), "3")
def zsro_leaves(run):
    _leaves(run, 18, "t_zsro", "t_znro", "zs_zn_code")


@check(19, _lt("A PBO zone leaves its SRO zone"), "3")
def zpbo_leaves(run):
    _leaves(run, 19, "t_zpbo", "t_zsro", "zp_zs_code")


def _overlap(run, number, table, left_out=frozenset()):
    """Two areas of a kind overlap: reported on the second."""
    if table not in run.stage:
        return
    lines, keys, areas = _valid(run, table)
    found = []
    for second, firsts in pairs_of(areas):
        for first in firsts:
            if {keys[first], keys[second]} & left_out:
                continue
            shared = shapely.intersection(areas[first], areas[second])
            if shared.area > _SHARED:
                place = shared.representative_point()
                params = {"other": keys[first], "metres": round(shared.area)}
                found.append((lines[second], keys[second], params, place.x, place.y))
    _report(run, number, table, "geom", "areas_overlap", found)


@check(20, _lt("Two NRO zones overlap"), "3")
def znro_overlap(run):
    _overlap(run, 20, "t_znro")


@check(21, _lt("Two SRO zones overlap"), "3")
def zsro_overlap(run):
    _overlap(run, 21, "t_zsro")


@check(22, _lt("Two PBO zones overlap"), "4")
def zpbo_overlap(run):
    # Those of the PBOs of one building are drawn one over the other.
    inner = run.fetch(
        """SELECT zp.zp_code FROM %(t_zpbo)s zp
             JOIN %(one_t_ebp)s bp ON bp.bp_code = zp.zp_bp_code
            WHERE COALESCE(bp.bp_lt_code, bp.bp_lc_code, bp.bp_sf_code) IS NOT NULL"""
    )
    _overlap(run, 22, "t_zpbo", frozenset(code for (code,) in inner))


def _far(run, number, table, column, node):
    """The node of an area's own point lies outside it."""
    if table not in run.stage:
        return
    columns = SQL("nd.nd_code, nd.x, nd.y")
    for rows, areas in pages_of(run, table, columns, node):
        found = []
        for (line, key, code, x, y), area in zip(rows, areas, strict=True):
            metres = shapely.distance(area, shapely.Point(x, y))
            if metres > TOLERANCE:
                params = {"node": code, "metres": round(metres)}
                found.append((line, key, params, x, y))
        _report(run, number, table, column, "far_from_zone", found)


def _node(run, path):
    return run.rows(path + " JOIN %(nodes)s nd ON nd.nd_code = ", nodes=run.nodes())


@check(23, _lt("An NRO is out of its zone"), "3")
def nro_far(run):
    node = SQL("%s s.zn_nd_code", _node(run, ""))
    _far(run, 23, "t_znro", "zn_nd_code", node)


@check(24, _lt("An SRO is out of its zone"), "3")
def sro_far(run):
    path = """LEFT JOIN %(one_t_local)s lc ON lc.lc_code = s.zs_lc_code
              LEFT JOIN %(one_t_site)s st ON st.st_code = lc.lc_st_code"""
    node = SQL("%s COALESCE(s.zs_nd_code, st.st_nd_code)", _node(run, path))
    _far(run, 24, "t_zsro", "zs_nd_code", node)


@check(25, _lt("A PBO is out of its zone"), "3")
def pbo_far(run):
    path = run.rows(
        "LEFT JOIN %(boxes)s b ON b.bp_code = s.zp_bp_code "
        "JOIN %(nodes)s nd ON nd.nd_code = COALESCE(s.zp_nd_code, b.nd_code)",
        boxes=run.box_nodes(),
        nodes=run.nodes(),
    )
    _far(run, 25, "t_zpbo", "zp_nd_code", path)
