from math import isfinite

from odoo import api, fields, models

from ..geo import projection as geo


class Located(models.AbstractModel):
    """Place of an object: as it was given, and in WGS84."""

    _name = "oiconnect.located"
    _description = "Located object"

    projection = fields.Selection(list(geo.LABELS.items()))
    # Without digits: degrees need more decimals than metres, and both are kept here.
    x = fields.Float(aggregator=None)
    y = fields.Float(aggregator=None)
    latitude = fields.Float(
        compute="_compute_place", store=True, precompute=True, aggregator=None
    )
    longitude = fields.Float(
        compute="_compute_place", store=True, precompute=True, aggregator=None
    )

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
            records._set_place(*records._project(projection))

    def _project(self, projection):
        return geo.to_wgs84(
            projection,
            [record.x for record in self],
            [record.y for record in self],
        )

    def _set_place(self, latitudes, longitudes):
        for record, *place in zip(self, latitudes, longitudes, strict=True):
            if all(map(isfinite, place)):
                record.latitude, record.longitude = place
