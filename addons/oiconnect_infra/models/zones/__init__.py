"""Rear zones of PMs: outlines, GeoJSON files, buildings outside."""

from . import zone
from . import zone_outside
from . import zone_file
