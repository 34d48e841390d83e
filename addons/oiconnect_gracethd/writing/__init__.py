"""Files of a delivery: a zip of csv and shapefiles, or a GeoPackage; without ORM.

A writer takes the tables one after the other, each as rows of values and, for a
spatial table, a shapely geometry in the projection of the delivery::

    with FolderWriter(stream, epsg) as writer:
        count = writer.put("t_noeud", names, rows)

``names`` are columns of the table; those that are not named are written void. ``rows``
yields (values in the order of ``names``, geometry or ``None``). ``unknown`` are columns
that the standard does not know, written last.
"""

from .folder import FolderWriter
from .geopackage import GeopackageWriter

__all__ = ["FolderWriter", "GeopackageWriter"]
