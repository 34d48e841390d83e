from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...geo import line as geo

_edge = {"compute": "_compute_edges", "store": True, "precompute": True}
_BOX = "USING gist (box(point(west, south), point(east, north)))"


class PboCable(models.Model):
    """Line of a cable, as the map draws it."""

    _inherit = "oiconnect.pbo.cable"

    # Apart from what lists read: lines are long
    line = fields.Text(
        "Line (GeoJSON)",
        prefetch=False,
        copy=False,
        help="LineString in degrees (WGS 84), from the start of the cable to its end",
    )
    has_line = fields.Boolean("Drawn on the map", compute="_compute_has_line")
    south = fields.Float(aggregator=None, **_edge)
    west = fields.Float(aggregator=None, **_edge)
    north = fields.Float(aggregator=None, **_edge)
    east = fields.Float(aggregator=None, **_edge)

    # Map: lines of one kind whose box touches the view; each kind has its own zooms,
    # and drop cables are many where the others are few.
    _transport_line_idx = models.Index(
        f"{_BOX} WHERE line IS NOT NULL AND kind = 'transport'"
    )
    _distribution_line_idx = models.Index(
        f"{_BOX} WHERE line IS NOT NULL AND kind = 'distribution'"
    )
    _drop_line_idx = models.Index(f"{_BOX} WHERE line IS NOT NULL AND kind = 'drop'")

    @api.depends("line")
    def _compute_edges(self):
        for cable in self:
            cable.west, cable.south, cable.east, cable.north = cable._bounds()

    def _bounds(self):
        """Return west, south, east and north of the line, zeros without any."""
        try:
            return geo.parsed(self.line).bounds if self.line else (0, 0, 0, 0)
        except geo.LineError:
            return (0, 0, 0, 0)  # refused by the constraint

    @api.depends("north", "south", "east", "west")
    def _compute_has_line(self):
        for cable in self:
            edges = (cable.south, cable.west, cable.north, cable.east)
            cable.has_line = any(edges)

    @api.constrains("line")
    def _check_line(self):
        for cable in self.filtered("line"):
            try:
                geo.parsed(cable.line)
            except geo.LineError as error:
                raise ValidationError(
                    self.env._(
                        "The line of cable %(cable)s cannot be kept: %(problem)s",
                        cable=cable.reference,
                        problem=self._line_problem(error.code),
                    )
                ) from error

    @api.model
    def _line_problem(self, code):
        """Return the sentence that tells why a geometry is no line."""
        return {
            "unreadable": self.env._("it is not GeoJSON: check it."),
            "not_line": self.env._("it is no LineString: export one line."),
            "empty": self.env._("it has no length: give two places at least."),
            "too_long": self.env._(
                "it has more than %s points: simplify it.", geo.MAX_VERTICES
            ),
            "not_degrees": self.env._(
                "its coordinates are not degrees: export it in WGS84 (EPSG:4326)."
            ),
        }[code]

    def action_straight_line(self):
        """Draw the cable straight from its start to its end."""
        self.ensure_one()
        self.check_access("write")
        ends = [self._place_at("start"), self._place_at("end")]
        places = [
            (place.map_longitude, place.map_latitude)
            for place in ends
            if place and place.map_latitude
        ]
        if len(set(places)) < 2:
            raise UserError(
                self.env._(
                    "The two ends of cable %s are not at two known places: choose them "
                    "and give them coordinates first.",
                    self.reference,
                )
            )
        self.line = geo.as_text(places)

    def _map_places(self):
        """Return the corners of the line, else the places of what it joins."""
        if self.has_line:
            return [(self.south, self.west), (self.north, self.east)]
        return super()._map_places()
