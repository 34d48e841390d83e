"""Lines of cables: GeoJSON LineStrings in degrees, checked, made and simplified.

Plain Python without ORM.
"""

import json

import shapely

DIGITS = 7
MAX_VERTICES = 5000
# Digits of what is drawn: a decimetre
DRAWN_DIGITS = 6


class LineError(ValueError):
    """A geometry that is no line; ``code`` tells why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def parsed(text):
    """Return the shape of a GeoJSON LineString.

    :raises LineError: it is not a line in degrees
    """
    try:
        shape = shapely.force_2d(shapely.from_geojson(text))
    except (shapely.errors.GEOSException, ValueError, TypeError) as error:
        raise LineError("unreadable") from error
    if shape.geom_type != "LineString":
        raise LineError("not_line")
    if shape.is_empty or not shape.length:
        raise LineError("empty")
    if shapely.get_num_coordinates(shape) > MAX_VERTICES:
        raise LineError("too_long")
    west, south, east, north = shape.bounds
    if not (-180 <= west and east <= 180 and -90 <= south and north <= 90):
        raise LineError("not_degrees")
    return shape


def as_text(points):
    """Return the GeoJSON of a line through ``[(longitude, latitude)]``."""
    places = [[round(x, DIGITS), round(y, DIGITS)] for x, y in points]
    return json.dumps(
        {"type": "LineString", "coordinates": places}, separators=(",", ":")
    )


def drawn(text, tolerance):
    """Return the ``[latitude, longitude]`` of a line as the map draws it.

    :param tolerance: degrees: smaller details are left out
    """
    shape = shapely.simplify(
        shapely.from_geojson(text), tolerance, preserve_topology=False
    )
    return [
        [round(y, DRAWN_DIGITS), round(x, DRAWN_DIGITS)]
        for x, y, *_height in shape.coords
    ]
