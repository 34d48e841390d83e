"""Geometries of an export: from degrees to the projection of the delivery."""

import math
from functools import cache

import shapely
from pyproj import Transformer

# Metres within which the end of a drawn line is on its node
_NEAR = 0.1
# Metres around an NRO that belong to its zone, wherever its PMs are
_AROUND = 5.0


@cache
def _transformer(epsg, source=4326):
    return Transformer.from_crs(source, epsg, always_xy=True)


class Projection:
    """Makes the geometries of rows, in one projection."""

    def __init__(self, epsg):
        self._epsg = epsg
        self._transformer = _transformer(epsg)

    def received(self, text, epsg):
        """Return the geometry that a delivery gave, as PostgreSQL writes its WKB."""
        shape = shapely.from_wkb(text.removeprefix("\\x"), on_invalid="ignore")
        if shape is None or epsg in (None, self._epsg):
            return shape
        moved = _transformer(self._epsg, epsg).transform
        return shapely.transform(shape, moved, interleaved=False)

    def _place(self, longitude, latitude):
        """Return x and y of a point in degrees, ``None`` when it has none."""
        if longitude is None or latitude is None:
            return None
        x, y = self._transformer.transform(longitude, latitude)
        return (x, y) if math.isfinite(x) and math.isfinite(y) else None

    def _shape(self, text):
        shape = shapely.force_2d(shapely.from_geojson(text))
        moved = shapely.transform(shape, self._transformer.transform, interleaved=False)
        is_finite = all(map(math.isfinite, moved.bounds))
        return moved if is_finite else None

    def point(self, row):
        """Return the point of a row with ``lon`` and ``lat``."""
        place = self._place(row["lon"], row["lat"])
        return place and shapely.Point(place)

    def line(self, row):
        """Return the line of a cable: as it is drawn, brought to the nodes it joins."""
        start, end = self._end(row, 1), self._end(row, 2)
        shape = self._shape(row["shape"]) if row["shape"] else None
        points = list(shape.coords) if shape else []
        if start and not (points and math.dist(points[0], start) <= _NEAR):
            points.insert(0, start)
        if end and not (points and math.dist(points[-1], end) <= _NEAR):
            points.append(end)
        return shapely.LineString(points) if len(points) > 1 else None

    def _end(self, row, rank):
        """Return x and y of a node that a line joins: as it is in the export."""
        if raw := row[f"received{rank}"]:
            point = self.received(raw, row[f"epsg{rank}"])
            if point is not None and point.geom_type == "Point":
                return point.x, point.y
        return self._place(row[f"lon{rank}"], row[f"lat{rank}"])

    def area(self, row):
        """Return the area of a zone: its outlines, and around its own point if any."""
        if not row["shape"]:
            return None
        parts = [self._shape(row["shape"])]
        if place := self._place(row["lon"], row["lat"]):
            parts.append(shapely.Point(place).buffer(_AROUND, quad_segs=4))
        areas = [shapely.make_valid(part) for part in parts if part]
        surfaces = [
            part
            for part in shapely.get_parts(shapely.unary_union(areas))
            if part.geom_type == "Polygon"
        ]
        return shapely.MultiPolygon(surfaces) if surfaces else None
