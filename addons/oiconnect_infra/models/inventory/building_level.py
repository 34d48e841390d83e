from odoo import api, fields, models

from odoo.addons.oiconnect_base.resource import Resource


class BuildingLevel(models.Model):
    """Floor of a staircase, with the branching point that serves it."""

    _name = "oiconnect.building.level"
    _description = "Building level"
    _resource = Resource("building-levels", "floor", sorts=("building_id",))
    _inherit = "oiconnect.infra.mixin"
    _order = "building_id.id, staircase, floor, id"
    _used_by_fields = ("pto_ids",)
    _same_network_fields = ("pbo_id",)
    _tracked_fields = (
        "building_id",
        "staircase",
        "floor",
        "dwelling_count",
        "pbo_id",
    )

    network_id = fields.Many2one(
        related="building_id.network_id", store=True, precompute=True, default=None
    )
    building_id = fields.Many2one(
        "oiconnect.building", required=True, ondelete="cascade"
    )
    staircase = fields.Char(size=25)
    floor = fields.Char(size=25)
    dwelling_count = fields.Integer("Dwellings")
    pbo_id = fields.Many2one(
        "oiconnect.pbo", "PBO", ondelete="restrict", index="btree_not_null"
    )
    pto_ids = fields.One2many("oiconnect.pto", "level_id", "PTOs")

    # Also the levels of a building: building_id = x
    _level_uniq = models.UniqueIndex(
        "(building_id, COALESCE(staircase, ''), COALESCE(floor, ''))",
        "This floor of this staircase exists in the building.",
    )
    _dwelling_count_positive = models.Constraint(
        "CHECK (dwelling_count >= 0)", "The number of dwellings is not negative."
    )

    @api.depends("staircase", "floor")
    def _compute_display_name(self):
        for level in self:
            parts = (level.staircase, level.floor)
            level.display_name = " / ".join(part for part in parts if part) or "-"
