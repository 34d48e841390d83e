"""Outlines of PMs: the SRO zones of a delivery, in degrees."""

import numpy
import shapely

from odoo.tools import SQL

from odoo.addons.oiconnect_infra.geo import zone as geo

from ..reading.projection import to_degrees

#: PMs whose zones are read at once
_PAGE = 200
#: metres of details that are left out: more when an outline is too long
_TOLERANCES = (0.5, 2, 10, 50)


def outlines(base, epsg):
    """Yield ({id of a PM: GeoJSON}, [line of a zone that makes no outline]) by pages.

    A PM that several zones name has their union.
    """
    last = 0
    while rows := _page(base, last):
        found, bad = {}, []
        for pm_id, lines, blobs in rows:
            outline = _outline([bytes(blob) for blob in blobs], epsg)
            if outline:
                found[pm_id] = outline
            else:
                bad += lines
        last = rows[-1][0]
        yield found, bad


def _page(base, last):
    base.cr.execute(
        SQL(
            """SELECT p.res_id, array_agg(s.line ORDER BY s.line),
                      array_agg(s.geom ORDER BY s.line)
                 FROM %s p
                 JOIN %s z ON z.reference = p.reference
                 JOIN %s s ON s.line = z.line
                WHERE p.res_id > %s AND s.geom IS NOT NULL
                GROUP BY 1 ORDER BY 1 LIMIT %s""",
            base.table("n_pm"),
            base.table("a_zone"),
            base.table("t_zsro"),
            last,
            _PAGE,
        )
    )
    return base.cr.fetchall()


def _outline(blobs, epsg):
    """Return the GeoJSON of areas, ``None`` when they make no outline."""
    areas = shapely.from_wkb(blobs, on_invalid="ignore")
    try:
        whole = _surface(shapely.union_all(shapely.make_valid(areas)))
        for tolerance in _TOLERANCES:
            shape = shapely.simplify(whole, tolerance)
            if shapely.get_num_coordinates(shape) <= geo.MAX_VERTICES:
                break
        shape = shapely.transform(shape, lambda points: _degrees(points, epsg))
        shape = _surface(shapely.make_valid(shape))
        if shape.is_empty:
            return None
        outline = geo.as_geojson(shape)
        geo.parsed(outline)
    except (shapely.errors.GEOSException, geo.ZoneError, ValueError):
        return None
    return outline


def _surface(shape):
    """Return the polygons of what making it valid or whole may have left apart."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(shape))
        if part.geom_type == "Polygon"
    ]
    return shapely.union_all(parts)


def _degrees(points, epsg):
    return numpy.column_stack(to_degrees(epsg, points[:, 0], points[:, 1]))


def is_same(outline, other):
    """Tell whether two outlines differ by less than what is left out of them."""
    if outline == other:
        return True
    try:
        one, two = geo.parsed(outline), geo.parsed(other)
    except geo.ZoneError:
        return False
    limit = _TOLERANCES[0] / geo.METRES_PER_DEGREE
    return shapely.hausdorff_distance(one, two) < limit
