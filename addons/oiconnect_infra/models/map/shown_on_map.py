from odoo import api, fields, models
from odoo.exceptions import UserError

# Where an object without a place of its own is: its ends, or what it stands in
_PLACES = {
    "oiconnect.building.level": ("building_id",),
    "oiconnect.lot": ("pm_ids",),
    "oiconnect.pb.batch": ("pm_id",),
    "oiconnect.pbo.cable": (
        *("pm_id", "start_nro_id", "start_box_id", "start_pbo_id"),
        *("fibre_ids.pbo_id", "end_box_id", "end_pbo_id"),
    ),
    "oiconnect.pbo.fibre": ("cable_id.pm_id", "pbo_id", "splice_box_id"),
    "oiconnect.pm.link": ("pm_id", "prdm_id"),
    "oiconnect.pm.module": ("pm_id",),
    "oiconnect.pm.position": ("pm_id",),
    "oiconnect.pto": ("building_id",),
    "oiconnect.route": ("pm_id", "pbo_id", "building_id"),
    "oiconnect.technical.pm": ("pm_id",),
}


class ShownOnMap(models.AbstractModel):
    """Button from the form of an object to its place on the map."""

    _inherit = "oiconnect.infra.mixin"

    map_latitude = fields.Float(
        compute="_compute_map_place", digits=(10, 7), exportable=False
    )
    map_longitude = fields.Float(
        compute="_compute_map_place", digits=(10, 7), exportable=False
    )

    map_bounds = fields.Json(
        compute="_compute_map_place",
        exportable=False,
        help="South, west, north and east of an object that is at several places",
    )

    @api.depends(
        lambda self: ["latitude", "longitude"] if "latitude" in self._fields else []
    )
    def _compute_map_place(self):
        """Set the middle of the places of each object, and what holds them."""
        for record in self:
            places = record._map_places()
            record.map_bounds = _bounds(places)
            count = len(places) or 1
            record.map_latitude = sum(place[0] for place in places) / count
            record.map_longitude = sum(place[1] for place in places) / count

    def _map_places(self):
        """Return ``(latitude, longitude)`` of the objects that locate this one."""
        self.ensure_one()
        located = [self] if "latitude" in self._fields else []
        for path in _PLACES.get(self._name, ()):
            located += self.mapped(path)
        return [
            (place.latitude, place.longitude) for place in located if place.latitude
        ]

    def action_show_on_map(self):
        """Open the map where the object is."""
        self.ensure_one()
        places = self._map_places()
        if not places:
            raise UserError(
                self.env._(
                    "%s has no place: give its projection and coordinates first.",
                    self.display_name,
                )
            )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "oiconnect_infra.map_action"
        )
        focus = {"model": self._name, "id": self.id}
        bounds = _bounds(places)
        if bounds:
            focus["bounds"] = bounds
        else:
            focus["lat"], focus["lon"] = places[0]
        return action | {"params": {"focus": focus}}


def _bounds(places):
    """Return south, west, north and east of several places; False of one."""
    if len(set(places)) < 2:
        return False
    latitudes, longitudes = zip(*places, strict=True)
    return [min(latitudes), min(longitudes), max(latitudes), max(longitudes)]
