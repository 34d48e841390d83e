"""Points and lines of a delivery in degrees, page by page."""

import numpy
import shapely
from shapely import ops

from odoo.tools import SQL

from odoo.addons.oiconnect_infra.geo import line as geo_line
from odoo.addons.oiconnect_infra.geo.projection import EPSG

from ..reading.projection import to_degrees

POINTS, LINES = "a_point", "a_line"
_PAGE = 20_000
_LINES_PAGE = 5_000
#: details of lines that are left out, in metres
_TOLERANCE = 0.5


def place_points(base, epsg):
    """Fill the table of the points of nodes and addresses.

    Columns: code, tab, projection, x, y as the network keeps them, latitude, longitude.
    Surveys have projections that published files do not: those are stored in degrees.
    """
    projection = next((key for key, code in EPSG.items() if code == epsg), None)
    base.make(
        POINTS,
        SQL(
            """SELECT NULL::varchar AS tab, NULL::text COLLATE "C" AS code,
                      NULL::varchar AS projection, NULL::float8 AS x, NULL::float8 AS y,
                      NULL::float8 AS latitude, NULL::float8 AS longitude
                WHERE FALSE"""
        ),
    )
    for table, code in (("t_noeud", "nd_code"), ("t_adresse", "ad_code")):
        for codes, xs, ys in _pages(base, table, code):
            longitudes, latitudes = to_degrees(epsg, xs, ys)
            own = (xs, ys) if projection else (longitudes, latitudes)
            base.cr.execute(
                SQL(
                    """INSERT INTO %s
                       SELECT %s, p.code, %s, p.x, p.y, p.latitude, p.longitude
                         FROM unnest(%s::text[], %s::float8[], %s::float8[],
                                     %s::float8[], %s::float8[])
                           AS p(code, x, y, latitude, longitude)
                        WHERE p.latitude BETWEEN -90 AND 90
                          AND p.longitude BETWEEN -180 AND 180""",
                    base.table(POINTS),
                    table,
                    projection or "WGS84",
                    codes,
                    *map(list, own),
                    latitudes,
                    longitudes,
                )
            )
    base.index(POINTS, "code")


def _pages(base, table, code):
    """Yield (codes, xs, ys) of the first row of each code."""
    last = -1
    while True:
        base.cr.execute(
            SQL(
                """SELECT line, %(code)s, x1, y1 FROM %(table)s s
                    WHERE line > %(last)s AND %(code)s IS NOT NULL AND x1 IS NOT NULL
                      AND y1 IS NOT NULL
                    ORDER BY line LIMIT %(page)s""",
                code=SQL.identifier(code),
                table=base.table(table),
                last=last,
                page=_PAGE,
            )
        )
        rows = base.cr.fetchall()
        if not rows:
            return
        lines, codes, xs, ys = zip(*rows, strict=True)
        yield list(codes), list(xs), list(ys)
        last = lines[-1]


def draw_lines(base, epsg):
    """Fill the table of the lines of cables: code of the cable, GeoJSON and bounds."""
    base.make(
        LINES,
        SQL(
            """SELECT NULL::text COLLATE "C" AS code, NULL::text AS line,
                      NULL::float8 AS south, NULL::float8 AS west,
                      NULL::float8 AS north, NULL::float8 AS east WHERE FALSE"""
        ),
    )
    last = -1
    while rows := _line_page(base, last):
        drawn = [
            (code, *shape)
            for _line, code, wkb in rows
            if (shape := _drawn(bytes(wkb), epsg))
        ]
        last = rows[-1][0]
        if not drawn:
            continue
        base.cr.execute(
            SQL(
                """INSERT INTO %s SELECT * FROM unnest(%s::text[], %s::text[],
                       %s::float8[], %s::float8[], %s::float8[], %s::float8[])""",
                base.table(LINES),
                *map(list, zip(*drawn, strict=True)),
            )
        )
    base.index(LINES, "code")


def _line_page(base, last):
    base.cr.execute(
        SQL(
            """SELECT line, cl_cb_code, geom FROM %s
                WHERE line > %s AND geom IS NOT NULL AND cl_cb_code IS NOT NULL
                ORDER BY line LIMIT %s""",
            base.table("t_cableline"),
            last,
            _LINES_PAGE,
        )
    )
    return base.cr.fetchall()


def _drawn(wkb, epsg):
    """Return (GeoJSON, south, west, north, east) of a line, ``None`` if it is none."""
    shape = shapely.from_wkb(wkb, on_invalid="ignore")
    if shape is not None and shape.geom_type == "MultiLineString":
        shape = ops.linemerge(shape)
    if shape is None or shape.geom_type != "LineString" or not shape.length:
        return None
    if not numpy.isfinite(shapely.get_coordinates(shape)).all():
        return None
    shape = shape.simplify(_TOLERANCE, preserve_topology=False)
    xs, ys = zip(*(point[:2] for point in shape.coords), strict=True)
    longitudes, latitudes = to_degrees(epsg, xs, ys)
    text = geo_line.as_text(zip(longitudes, latitudes, strict=True))
    try:
        west, south, east, north = geo_line.parsed(text).bounds
    except geo_line.LineError:
        return None
    return text, south, west, north, east
