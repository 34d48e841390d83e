from odoo import api, fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class MapLayer(models.Model):
    """Background of the map: tiles of a public or private server."""

    _name = "oiconnect.map.layer"
    _description = "Map background"
    _order = "sequence, id"
    _free_fields = EVERY_FIELD

    name = fields.Char(required=True, translate=True)
    url = fields.Char(
        "Address of the tiles",
        required=True,
        help="With {z}, {x} and {y} where the zoom, the column and the row go",
    )
    attribution = fields.Char(
        required=True, help="Whom the background belongs to: always shown on the map"
    )
    max_zoom = fields.Integer("Largest zoom", required=True, default=19)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _url_form = models.Constraint(
        "CHECK (url ~ '^https?://' AND url LIKE '%{z}%' AND url LIKE '%{x}%'"
        " AND url LIKE '%{y}%')",
        "The address of the tiles starts with https:// and holds {z}, {x} and {y}.",
    )
    _max_zoom_range = models.Constraint(
        "CHECK (max_zoom BETWEEN 1 AND 22)", "The largest zoom is between 1 and 22."
    )

    @api.model
    @api.private
    def _tiles(self):
        """Return the layers as the map takes them, the first one by default."""
        return self.search_read(
            [("active", "=", True)], ["name", "url", "attribution", "max_zoom"]
        )
