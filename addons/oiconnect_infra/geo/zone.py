"""Outlines of zones: GeoJSON polygons in degrees, checked, made and simplified.

Plain Python without ORM. Distances are small: a degree is taken as flat, longitudes
being shortened by the cosine of the latitude.
"""

import json
from math import cos, radians

import shapely
from shapely.affinity import scale

METRES_PER_DEGREE = 111_320
# Around the buildings of a hull; more when these do not make a surface
MARGIN, FEW_MARGIN = 10, 30
# Buildings this many times further than nine in ten others are in the wrong place.
FAR_TIMES, FAR_AT_LEAST = 3, 1000
DIGITS = 6
MAX_VERTICES = 5000


class ZoneError(ValueError):
    """A geometry that is no zone; ``code`` tells why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def parsed(geometry):
    """Return the polygon of a GeoJSON geometry (dict or text).

    :raises ZoneError: it is not the outline of a zone, in degrees
    """
    text = geometry if isinstance(geometry, str) else json.dumps(geometry)
    try:
        shape = shapely.force_2d(shapely.from_geojson(text))
    except (shapely.errors.GEOSException, ValueError, TypeError) as error:
        raise ZoneError("unreadable") from error
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise ZoneError("not_polygon")
    if shape.is_empty:
        raise ZoneError("empty")
    if shapely.get_num_coordinates(shape) > MAX_VERTICES:
        raise ZoneError("too_long")
    west, south, east, north = shape.bounds
    if not (-180 <= west and east <= 180 and -90 <= south and north <= 90):
        raise ZoneError("not_degrees")
    if not shape.is_valid:
        raise ZoneError("crossing")
    if not shape.area:
        raise ZoneError("empty")
    return shape


def as_geojson(shape):
    """Return the GeoJSON geometry of ``shape`` as a dict, its numbers rounded."""
    mapping = shapely.geometry.mapping(shape)
    return {"type": mapping["type"], "coordinates": _rounded(mapping["coordinates"])}


def hull(longitudes, latitudes):
    """Return the outline of points: their convex hull with a small margin.

    The few that are far away from all others do not draw the zone to them.
    """
    flat = cos(radians(sorted(latitudes)[len(latitudes) // 2]))
    points = shapely.points(
        [longitude * flat for longitude in longitudes], list(latitudes)
    )
    nearby = points[_near(points)]
    outline = shapely.convex_hull(shapely.multipoints(nearby))
    margin = MARGIN if outline.geom_type == "Polygon" else FEW_MARGIN
    outline = outline.buffer(margin / METRES_PER_DEGREE, quad_segs=2)
    outline = simplified(outline, 1 / METRES_PER_DEGREE)
    return scale(outline, 1 / flat, 1, origin=(0, 0))


def simplified(shape, tolerance):
    """Return ``shape`` with details under ``tolerance`` degrees left out."""
    return shapely.simplify(shape, tolerance, preserve_topology=True)


def widened(shape, metres):
    """Return ``shape`` and what is around it up to a distance."""
    flat = cos(radians(shape.centroid.y))
    wide = scale(shape, flat, 1, origin=(0, 0)).buffer(metres / METRES_PER_DEGREE)
    return scale(wide, 1 / flat, 1, origin=(0, 0))


def rings(shape):
    """Return the rings of a shape, holes among them: lists of ``(x, y)``.

    A point is inside when an odd number of them holds it.
    """
    polygons = getattr(shape, "geoms", [shape])
    return [
        list(ring.coords)
        for polygon in polygons
        for ring in (polygon.exterior, *polygon.interiors)
    ]


def _near(points):
    """Tell of each point whether it is among the others."""
    xs, ys = sorted(shapely.get_x(points)), sorted(shapely.get_y(points))
    middle = shapely.Point(xs[len(xs) // 2], ys[len(ys) // 2])
    distances = shapely.distance(points, middle)
    most = sorted(distances.tolist())[int(len(xs) * 0.9)]
    return distances <= max(FAR_TIMES * most, FAR_AT_LEAST / METRES_PER_DEGREE)


def _rounded(value):
    if isinstance(value, (tuple, list)):
        return [_rounded(item) for item in value]
    return round(value, DIGITS)
