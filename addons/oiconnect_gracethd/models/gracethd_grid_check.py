from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..checks import CHECKS

LEVELS = [
    ("0", "Not checked"),
    ("1", "Blocks"),
    ("2", "Refused"),
    ("3", "To fix"),
    ("4", "Note"),
]


class GracethdGridCheck(models.Model):
    """The level of one check in a grid."""

    _name = "oiconnect.gracethd.grid.check"
    _description = "Level of a GraceTHD check"
    _order = "grid_id, number"
    _rec_name = "code"
    _free_fields = ("level",)
    _creation_fields = ("grid_id", "number")

    grid_id = fields.Many2one(
        "oiconnect.gracethd.grid", required=True, ondelete="cascade"
    )
    number = fields.Integer("Check number", required=True, aggregator=None)
    code = fields.Char("Rule", compute="_compute_code", store=True)
    title = fields.Char("What is checked", compute="_compute_title")
    level = fields.Selection(LEVELS, required=True, default="3")

    # The checks of a grid: grid_id = x
    _number_uniq = models.UniqueIndex(
        "(grid_id, number)", "The grid has this check already."
    )

    @api.depends("number")
    def _compute_code(self):
        for item in self:
            item.code = f"GT{item.number:02}"

    @api.depends("number")
    @api.depends_context("lang")
    def _compute_title(self):
        for item in self:
            check = CHECKS.get(item.number)
            item.title = self.env._(check.title) if check else item.code

    @api.constrains("number")
    def _check_number(self):
        if self.filtered(lambda item: item.number not in CHECKS):
            raise ValidationError(self.env._("There is no check of this number."))
