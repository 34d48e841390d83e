"""The projection of a delivery, from the text beside a shapefile."""

import re
from functools import cache

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

LAMBERT_93 = 2154
#: degrees around the territory of a projection in which places are still believed
MARGIN = 1
#: projections that the standard allows: Lambert-93, CC42 to CC50, and overseas
ALLOWED = {LAMBERT_93, *range(3942, 3951), 2972, 2975, 4467, 4471, 4559, 5490}
_AUTHORITY = re.compile(r'AUTHORITY\s*\[\s*"EPSG"\s*,\s*"?(\d+)"?\s*\]\s*\]\s*$')
_NAMES = (
    (re.compile(r"CC(4[2-9]|50)"), lambda found: 3900 + int(found[1])),
    (re.compile(r"LAMBERT_?93"), lambda found: LAMBERT_93),
)


def epsg_of(text):
    """Return the EPSG code of the WKT of a .prj, ``None`` when it is not known."""
    if found := _AUTHORITY.search(text):
        return int(found[1])
    begin = text[:80].upper().replace(" ", "_")
    for pattern, code in _NAMES:
        if found := pattern.search(begin):
            return code(found)
    try:
        return CRS.from_wkt(text).to_epsg(min_confidence=20)
    except CRSError:
        return None


@cache
def is_known(code):
    """Tell whether ``code``, of any type, is an EPSG code of places."""
    try:
        return int(code) > 0 and bool(_to_wgs84(int(code)))
    except (TypeError, ValueError, OverflowError, ProjError):
        return False


@cache
def bounds(epsg):
    """Return (x, y, x, y): where the projection is made for, a degree more around."""
    area = CRS.from_epsg(epsg).area_of_use
    west, south, east, north = area.bounds if area else (-180, -90, 180, 90)
    back = Transformer.from_crs(4326, epsg, always_xy=True)
    return back.transform_bounds(
        west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN
    )


@cache
def _to_wgs84(epsg):
    return Transformer.from_crs(epsg, 4326, always_xy=True)


def to_degrees(epsg, xs, ys):
    """Return (longitudes, latitudes) of points, ``inf`` for those that have none."""
    longitudes, latitudes = _to_wgs84(epsg).transform(xs, ys)
    return list(longitudes), list(latitudes)
