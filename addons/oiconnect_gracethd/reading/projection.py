"""The projection of a delivery, from the text beside a shapefile."""

import re
from functools import cache

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

LAMBERT_93 = 2154
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
def _to_wgs84(epsg):
    return Transformer.from_crs(epsg, 4326, always_xy=True)


def to_degrees(epsg, xs, ys):
    """Return (longitudes, latitudes) of points, ``inf`` for those that have none."""
    longitudes, latitudes = _to_wgs84(epsg).transform(xs, ys)
    return list(longitudes), list(latitudes)
