from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..catalogue import TABLES
from .gracethd_grid_check import LEVELS


class GracethdGridDue(models.Model):
    """A table, or a column of one, that a grid wants."""

    _name = "oiconnect.gracethd.grid.due"
    _description = "What a GraceTHD grid wants"
    _order = "grid_id, generation, table_name, column_name nulls first, id"
    _rec_name = "table_name"
    _free_fields = ("generation", "table_name", "column_name", "level")
    _creation_fields = ("grid_id",)

    grid_id = fields.Many2one(
        "oiconnect.gracethd.grid", required=True, ondelete="cascade"
    )
    generation = fields.Selection(
        [("2", "2.0 to 2.0.2"), ("3", "3.0")], "Version", required=True, default="3"
    )
    table_name = fields.Char("Table", required=True)
    column_name = fields.Char("Column", help="None: the table itself has to be there")
    level = fields.Selection(LEVELS, required=True, default="2")

    # What a grid wants: grid_id = x
    _due_uniq = models.UniqueIndex(
        "(grid_id, generation, table_name, COALESCE(column_name, ''))",
        "The grid wants this already.",
    )

    @api.constrains("generation", "table_name", "column_name")
    def _check_known(self):
        for item in self:
            table = TABLES.get(item.table_name)
            if not table or item.generation not in table.versions:
                raise ValidationError(
                    self.env._(
                        "%(table)s is no table of this version: write its name as the "
                        "standard does, for instance t_cable.",
                        table=item.table_name,
                    )
                )
            column = item.column_name and table.columns.get(item.column_name)
            if item.column_name and not (column and item.generation in column.orders):
                raise ValidationError(
                    self.env._(
                        "%(column)s is no column of %(table)s in this version.",
                        column=item.column_name,
                        table=item.table_name,
                    )
                )
