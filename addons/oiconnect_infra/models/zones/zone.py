import json

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import split_every

from ...geo import zone as geo

BATCH = 200


class Zone(models.Model):
    """Rear zone of a PM: where the buildings that it serves are."""

    _name = "oiconnect.zone"
    _description = "Rear zone"
    _inherit = ["oiconnect.network.mixin", "oiconnect.tracked"]
    _order = "pm_id, id"
    _rec_name = "pm_id"
    _tracked_fields = ("source", "geometry", "pm_id")
    _event_fields = ("source",)
    _creation_fields = ("pm_id",)
    _free_fields = ("geometry",)

    pm_id = fields.Many2one("oiconnect.pm", "PM", required=True, ondelete="cascade")
    network_id = fields.Many2one(
        related="pm_id.network_id", store=True, precompute=True, default=None
    )
    company_id = fields.Many2one(
        related="network_id.company_id", store=True, precompute=True
    )
    geometry = fields.Json("Outline", required=True, help="GeoJSON, WGS84 degrees")
    outline = fields.Text(
        "Outline (GeoJSON)", compute="_compute_outline", inverse="_inverse_outline"
    )
    source = fields.Selection(
        [
            ("hull", "Around the buildings"),
            ("drawn", "Drawn"),
            ("imported", "Imported"),
        ],
        required=True,
        default="drawn",
        help="A zone around the buildings follows them; others are kept as given.",
    )
    south = fields.Float(compute="_compute_edges", store=True, precompute=True)
    west = fields.Float(compute="_compute_edges", store=True, precompute=True)
    north = fields.Float(compute="_compute_edges", store=True, precompute=True)
    east = fields.Float(compute="_compute_edges", store=True, precompute=True)
    building_count = fields.Integer(related="pm_id.building_count", related_sudo=False)
    outside_count = fields.Integer(
        "Buildings outside", compute="_compute_outside_count"
    )

    # Also the zone of a PM: pm_id = x
    _pm_uniq = models.UniqueIndex("(pm_id)", "This PM has a zone: change it.")

    @api.constrains("geometry")
    def _check_geometry(self):
        for zone in self:
            try:
                geo.parsed(zone.geometry)
            except geo.ZoneError as error:
                raise zone._refused(error.code) from error

    def _refused(self, code):
        return ValidationError(
            self.env._(
                "The zone of PM %(pm)s cannot be kept: %(problem)s",
                pm=self.pm_id.reference,
                problem=self._problem(code),
            )
        )

    @api.model
    def _problem(self, code):
        """Return the sentence that tells why a geometry is no zone."""
        return {
            "unreadable": self.env._("its outline is not GeoJSON: check it."),
            "not_polygon": self.env._(
                "its outline is neither Polygon nor MultiPolygon: draw a surface."
            ),
            "empty": self.env._("its outline holds no surface: draw it again."),
            "too_long": self.env._(
                "its outline has more than %s points: simplify it.", geo.MAX_VERTICES
            ),
            "not_degrees": self.env._(
                "its coordinates are not degrees: export it in WGS84 (EPSG:4326)."
            ),
            "crossing": self.env._("its outline crosses itself: draw it again."),
        }[code]

    @api.depends("geometry")
    def _compute_edges(self):
        for zone in self:
            try:
                edges = geo.parsed(zone.geometry).bounds
            except geo.ZoneError:
                edges = (0, 0, 0, 0)  # refused by the constraint
            zone.west, zone.south, zone.east, zone.north = edges

    @api.depends("geometry")
    def _compute_outline(self):
        for zone in self:
            zone.outline = json.dumps(zone.geometry)

    def _inverse_outline(self):
        for zone in self:
            try:
                geometry = geo.as_geojson(geo.parsed(zone.outline))
            except geo.ZoneError as error:
                raise zone._refused(error.code) from error
            zone.check_access("write")
            zone.sudo().write({"geometry": geometry, "source": "drawn"})

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_outside_count(self):
        may_read = self.env["oiconnect.building"].has_access("read")
        counts = self._outside_counts(self.pm_id.ids) if may_read else {}
        for zone in self:
            zone.outside_count = counts.get(zone.pm_id.id, 0)

    # ------------------------------------------------------------------
    # Drawing
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _save_drawn(self, pm_id, geometry):
        """Keep the zone drawn for a PM; without geometry, go back to its buildings.

        :raises AccessError: the user may not change zones
        :raises UserError: there is no such PM, or the user may not see it
        """
        self.check_access("write")
        pm = self.env["oiconnect.pm"].search([("id", "=", pm_id)])
        if not pm:
            raise UserError(
                self.env._("This object is not on the map any more: move the map.")
            )
        zone = self.search([("pm_id", "=", pm.id)])
        if not geometry:
            zone.check_access("write")
            zone.sudo().source = "hull"
            self.sudo()._follow_buildings(pm.ids)
            return zone.exists()
        return self._put({pm: geometry}, "drawn")

    @api.model
    def _put(self, geometries, source):
        """Give PMs the zones of ``{pm: geometry}``."""
        zones = self.search_fetch([("pm_id", "in", [pm.id for pm in geometries])])
        zones.check_access("write")
        known = {zone.pm_id: zone for zone in zones}
        for pm, zone in known.items():
            zone.sudo().write({"geometry": geometries[pm], "source": source})
        self.check_access("create")
        made = self.sudo().create(
            [
                {"pm_id": pm.id, "geometry": geometry, "source": source}
                for pm, geometry in geometries.items()
                if pm not in known
            ]
        )
        made = made.with_env(self.env)
        # Of a company of the user
        made.check_access("write")
        return zones | made

    # ------------------------------------------------------------------
    # Around the buildings
    # ------------------------------------------------------------------

    @api.model
    def _cron_follow_buildings(self):
        """Refresh the zones of all PMs that have none of their own."""
        pms = self.env["oiconnect.pm"].search(
            ["|", ("zone_ids", "=", False), ("zone_ids.source", "=", "hull")]
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(pms))
        for ids in split_every(BATCH, pms.ids):
            self._follow_buildings(ids)
            if not cron._commit_progress(len(ids)):
                break

    @api.model
    def _follow_buildings(self, pm_ids):
        """Put the zones of PMs around their buildings, unless drawn or imported.

        Nothing is written where nothing moved; without buildings there is no zone.
        """
        zones = self.search([("pm_id", "in", pm_ids)])
        known = {zone.pm_id.id: zone for zone in zones}
        hulls = self._hulls(
            pm for pm in pm_ids if pm not in known or known[pm].source == "hull"
        )
        zones.filtered(
            lambda z: z.source == "hull" and z.pm_id.id not in hulls
        ).unlink()
        for pm in hulls.keys() & known.keys():
            if known[pm].geometry != hulls[pm]:
                known[pm].geometry = hulls[pm]
        self.create(
            [
                {"pm_id": pm, "geometry": hulls[pm], "source": "hull"}
                for pm in hulls.keys() - known.keys()
            ]
        )

    @api.model
    def _hulls(self, pm_ids):
        """Return ``{PM id: GeoJSON geometry}`` around the buildings of PMs."""
        self.env["oiconnect.building"].flush_model(["pm_id", "latitude", "longitude"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pm_id, array_agg(longitude ORDER BY id),
                       array_agg(latitude ORDER BY id)
                  FROM oiconnect_building
                 WHERE pm_id = ANY(%s) AND latitude <> 0 GROUP BY pm_id
                """,
                list(pm_ids),
            )
        )
        return {pm: geo.as_geojson(geo.hull(*points)) for pm, *points in rows}

    def action_show_on_map(self):
        """Open the map on the zone, with the card of its PM: it is drawn from there."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "oiconnect_infra.map_action"
        )
        bounds = [self.south, self.west, self.north, self.east]
        focus = {"model": "oiconnect.pm", "id": self.pm_id.id, "bounds": bounds}
        return action | {"params": {"focus": focus}}

    def action_follow_buildings(self):
        """Put the zones around the buildings of their PMs again."""
        self.check_access("write")
        self.sudo().source = "hull"
        self.sudo()._follow_buildings(self.pm_id.ids)
