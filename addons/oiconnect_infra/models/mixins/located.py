from functools import partial
from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...geo import projection as geo

_degrees = partial(
    fields.Float,
    compute="_compute_place",
    inverse="_inverse_place",
    store=True,
    precompute=True,
    readonly=False,
    copy=False,
    aggregator=None,
)


class Located(models.AbstractModel):
    """Place of an object: as it was given, and in WGS84."""

    _name = "oiconnect.located"
    _description = "Located object"

    projection = fields.Selection(list(geo.LABELS.items()))
    # Without digits: degrees need more decimals than metres, and both are stored here.
    x = fields.Float(aggregator=None)
    y = fields.Float(aggregator=None)
    latitude = _degrees()
    longitude = _degrees()

    _projection_known = models.Constraint(
        "CHECK (projection IS NOT NULL OR (COALESCE(x, 0) = 0 AND COALESCE(y, 0) = 0))",
        "Coordinates need a projection: choose the one that they are given in.",
    )

    # Map: latitude between a and b and longitude between c and d
    _place_idx = models.Index("(latitude, longitude) WHERE latitude <> 0")

    @api.depends("projection", "x", "y")
    def _compute_place(self):
        self.latitude = self.longitude = 0.0
        located = self.filtered(lambda record: record.projection and record.x)
        for projection, records in located.grouped("projection").items():
            places = geo.to_wgs84(projection, records.mapped("x"), records.mapped("y"))
            for record, *place in zip(records, *places, strict=True):
                if all(map(isfinite, place)):
                    record.latitude, record.longitude = place

    # ------------------------------------------------------------------
    # A place given in degrees
    # ------------------------------------------------------------------

    def _inverse_place(self):
        """Give a place typed or moved in degrees the original coordinates it has.

        They stay in the projection of the object, in degrees for one that has none.
        """
        for record in self:
            if not record._is_consistent():
                record.write(record._original(record.latitude, record.longitude))

    def _is_consistent(self):
        """Tell whether the place is that of the original coordinates."""
        if not self.projection:
            return not (self.latitude or self.longitude)
        return geo.is_exact(
            self.projection, self.x, self.y, self.latitude, self.longitude
        )

    def _original(self, latitude, longitude):
        """Return the coordinates of a place, as the object gives them."""
        if not latitude and not longitude:
            return {"x": 0, "y": 0}
        self._check_place(latitude, longitude)
        projection = self.projection or "WGS84"
        metres = projection == "WGS84" and not geo.is_degrees(self.x, self.y)
        [x], [y] = geo.from_wgs84(projection, [latitude], [longitude], metres)
        if not geo.is_exact(projection, x, y, latitude, longitude):
            # Outside the part of the world that the projection is made for
            projection, x, y = "WGS84", longitude, latitude
        return {"projection": projection, "x": x, "y": y}

    def _check_place(self, latitude, longitude):
        if not geo.is_degrees(longitude, latitude):
            raise ValidationError(
                self.env._(
                    "Latitude %(latitude)s and longitude %(longitude)s of %(record)s "
                    "are no place: give degrees, between -90 and 90, -180 and 180.",
                    latitude=latitude,
                    longitude=longitude,
                    record=self.display_name,
                )
            )
