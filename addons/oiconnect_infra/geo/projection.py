"""Coordinates to WGS84 and back: projections of the protocol, and those of surveys.

Plain Python without ORM. Sequences in, lists out: one call serves a whole file.
A point that cannot be projected comes back as ``inf``.
"""

from array import array
from functools import cache
from math import isfinite

from pyproj import Transformer

# TypeProjectionGeographique: EPSG code
EPSG = {
    "RGF93": 2154,
    "WGS84": 4326,
    "LAMB2E": 27572,
    "RGFG95": 2972,
    "RGR92": 2975,
    "RGM04": 4471,
    "RGSPM06": 4467,
}
# Of surveys and GraceTHD deliveries only: what is published has none of these
SURVEY_EPSG = {
    **{f"CC{zone}": 3900 + zone for zone in range(42, 51)},
    "RGAF09": 5490,
}
_ALL_EPSG = EPSG | SURVEY_EPSG
# "WGS84" with metres instead of degrees is the web map's projection.
WEB_MERCATOR = 3857
# One centimetre, in degrees
CENTIMETRE = 9e-8
LABELS = {
    "RGF93": "RGF93 / Lambert-93",
    "WGS84": "WGS 84",
    "LAMB2E": "Lambert II extended",
    "RGFG95": "RGFG95 / UTM 22N (French Guiana)",
    "RGR92": "RGR92 / UTM 40S (Réunion)",
    "RGM04": "RGM04 / UTM 38S (Mayotte)",
    "RGSPM06": "RGSPM06 / UTM 21N (Saint-Pierre and Miquelon)",
}
SURVEY_LABELS = {
    **{f"CC{zone}": f"RGF93 / CC{zone}" for zone in range(42, 51)},
    "RGAF09": "RGAF09 / UTM 20N (Guadeloupe, Martinique)",
}


@cache
def _transformer(source, target):
    """Return the shared transformer: building one costs some 50 ms."""
    return Transformer.from_crs(source, target, always_xy=True)


def to_wgs84(projection, xs, ys):
    """Return ``(latitudes, longitudes)`` in degrees of points in ``projection``.

    :raises KeyError: the projection is unknown
    """
    if projection == "WGS84":
        return _wgs84_by_magnitude(xs, ys)
    longitudes, latitudes = _project(_ALL_EPSG[projection], EPSG["WGS84"], xs, ys)
    return latitudes, longitudes


def from_wgs84(projection, latitudes, longitudes, metres=False):
    """Return ``(xs, ys)`` in ``projection`` of points in degrees.

    :param metres: WGS84 as metres of the web map, not as degrees
    """
    if projection != "WGS84":
        target = _ALL_EPSG[projection]
    elif metres:
        target = WEB_MERCATOR
    else:
        return list(longitudes), list(latitudes)
    return _project(EPSG["WGS84"], target, longitudes, latitudes)


def is_exact(projection, x, y, latitude, longitude):
    """Tell whether coordinates lead back to their place, to one centimetre."""
    if not (isfinite(x) and isfinite(y)):
        return False
    [found_latitude], [found_longitude] = to_wgs84(projection, [x], [y])
    return (
        abs(found_latitude - latitude) < CENTIMETRE
        and abs(found_longitude - longitude) < CENTIMETRE
    )


def is_degrees(x, y):
    """Tell whether a point announced as WGS84 is in degrees, not in metres."""
    return abs(x) <= 180 and abs(y) <= 90


def _wgs84_by_magnitude(xs, ys):
    longitudes, latitudes = list(xs), list(ys)
    metres = [
        rank
        for rank, point in enumerate(zip(longitudes, latitudes, strict=True))
        if not is_degrees(*point)
    ]
    if metres:
        projected = _project(
            WEB_MERCATOR,
            EPSG["WGS84"],
            [longitudes[rank] for rank in metres],
            [latitudes[rank] for rank in metres],
        )
        for rank, longitude, latitude in zip(metres, *projected, strict=True):
            longitudes[rank], latitudes[rank] = longitude, latitude
    return latitudes, longitudes


def _project(source, target, xs, ys):
    transformed = _transformer(source, target).transform(array("d", xs), array("d", ys))
    return [column.tolist() for column in transformed]
