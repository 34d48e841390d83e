from odoo import api, fields, models

from ..charts import TILES


class StatisticsGoal(models.Model):
    """What a tile of statistics should be at the most; shown once it is set."""

    _name = "oiconnect.statistics.goal"
    _description = "Goal of a figure"
    _order = "tile, id"
    _rec_name = "tile"
    _free_fields = ("company_id", "tile", "value")

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    tile = fields.Selection("_selection_tile", "Figure", required=True)
    value = fields.Float("At the most", required=True, digits=(10, 1))
    unit = fields.Char(compute="_compute_unit")

    _tile_uniq = models.UniqueIndex(
        "(company_id, tile)", "This figure already has a goal: change that one."
    )
    _value_not_negative = models.Constraint(
        "CHECK (value >= 0)", "A goal is not negative."
    )

    @api.model
    def _selection_tile(self):
        """Return the tiles of which less is better."""
        return [
            (tile.key, str(self.env._(tile.title)))
            for tile in TILES.values()
            if tile.better
        ]

    @api.depends("tile")
    def _compute_unit(self):
        units = {
            "percent": "%",
            "hours": self.env._("hours"),
            "days": self.env._("days"),
        }
        for goal in self:
            tile = TILES.get(goal.tile)
            goal.unit = units[tile.unit] if tile else ""
