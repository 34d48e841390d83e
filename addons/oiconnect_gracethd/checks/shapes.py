"""Geometries of the stage, read by shapely: what SQL alone cannot compare."""

import numpy
import shapely

from odoo.tools import SQL

from ..reading.geometry import FARTHEST

# Points that are looked up at once, and areas that one is compared with: in a broken
# delivery all may lie at one place
_AT_ONCE = 200
_MAX_PAIRS = 20
# Shapes that are in memory at once, where each can be looked at alone
_PAGE = 2000


def shapes_of(run, table):
    """Return (lines, keys, geometries) of the rows of a table that have a shape.

    Those of coordinates that no place has are left out: check 2 tells them.
    """
    rows = run.fetch(
        "SELECT line, %(key)s, geom FROM %(table)s WHERE geom IS NOT NULL "
        "ORDER BY line",
        key=SQL.identifier(run.key(table)),
        table=run.table(table),
    )
    rows, shapes = _placed(rows, parsed([row[2] for row in rows]))
    return [row[0] for row in rows], [row[1] for row in rows], shapes


def _placed(rows, shapes):
    """Return the rows whose shape is at a place on Earth, and their shapes."""
    lost = outside(shapes, -FARTHEST, -FARTHEST, FARTHEST, FARTHEST)
    ranks = [rank for rank in range(len(rows)) if rank not in lost]
    return [rows[rank] for rank in ranks], shapes[ranks]


def parsed(blobs):
    """Return the geometries of buffers of WKB, as an array."""
    blobs = numpy.array([bytes(blob) for blob in blobs], dtype=object)
    with numpy.errstate(invalid="ignore"):
        return shapely.from_wkb(blobs, on_invalid="ignore")


def outside(shapes, west, south, east, north):
    """Return {rank: (x, y)} of the shapes that leave a rectangle, by a point outside.

    What is no number, or no shape, is outside of any.
    """
    points, ranks = shapely.get_coordinates(shapes, return_index=True)
    within = (points >= (west, south)) & (points <= (east, north))
    lost = ~within.all(axis=1)
    found = dict(zip(ranks[lost].tolist(), points[lost].tolist(), strict=True))
    # What shapely could not read at all
    nowhere = numpy.flatnonzero(shapely.is_missing(shapes)).tolist()
    return found | dict.fromkeys(nowhere, (numpy.nan, numpy.nan))


def pages_of(run, table, columns, joins=None):
    """Yield (rows, valid geometries) of the rows of a table that are somewhere.

    :param columns: SQL of what the rows have, after their line and their key
    """
    for rows, shapes in drawn_pages_of(run, table, columns, joins):
        rows, shapes = _placed(rows, shapes)
        yield rows, shapely.make_valid(shapes)


def drawn_pages_of(run, table, columns, joins=None):
    """Yield (rows, geometries as they are) of a table, a page at a time.

    :param columns: SQL of what the rows have, after their line and their key
    """
    for rows in run.pages(
        _PAGE,
        """SELECT s.line, s.%(key)s, %(columns)s, s.geom FROM %(table)s s %(joins)s
            WHERE s.geom IS NOT NULL ORDER BY s.line""",
        key=SQL.identifier(run.key(table)),
        columns=columns,
        table=run.table(table),
        joins=joins or SQL(),
    ):
        yield [row[:-1] for row in rows], parsed([row[-1] for row in rows])


def lines_near(shapes, ends, tolerance):
    """Return [(line, rank)] of the ``ends`` that lie on the line of another row.

    :param ends: [(line, rank, x, y)]
    """
    lines, _keys, geometries = shapes
    tree = shapely.STRtree(geometries)
    near = set()
    for start in range(0, len(ends), _AT_ONCE):
        some = ends[start : start + _AT_ONCE]
        points = shapely.points([(x, y) for _line, _rank, x, y in some])
        found, others = tree.query(points, predicate="dwithin", distance=tolerance)
        near.update(
            some[end][:2]
            for end, other in zip(found.tolist(), others.tolist(), strict=True)
            if lines[other] != some[end][0]
        )
    return sorted(near)


def pairs_of(areas):
    """Yield (rank, ranks before it that it meets, some at most) of ``areas``."""
    tree = shapely.STRtree(areas)
    for rank, area in enumerate(areas):
        found = tree.query(area, predicate="intersects")
        yield rank, sorted(found[found < rank].tolist())[:_MAX_PAIRS]
