from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..catalogue import GENERATIONS, TABLES
from ..checks import CHECKS

_lt = LazyTranslate(__name__)

#: tables without which a delivery says nothing of a network, by generation
_EXPECTED = {
    "2": "t_noeud t_ptech t_sitetech t_ltech t_baie t_tiroir t_ebp t_cassette t_cable "
    "t_cableline t_fibre t_position t_znro t_zsro",
    "3": "t_noeud t_ptech t_site t_local t_baie t_tiroir t_ebp t_cassette t_cable "
    "t_cableline t_fibre t_position t_znro t_zsro",
}


class GracethdGrid(models.Model):
    """What a contract wants of deliveries: columns that are due, levels of checks."""

    _name = "oiconnect.gracethd.grid"
    _description = "GraceTHD grid"
    _created_text = _lt("GraceTHD grid created")
    _inherit = "oiconnect.chatter"
    _order = "sequence, id"
    _free_fields = ("name", "sequence", "active", "note")

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    note = fields.Text("Contract")
    check_ids = fields.One2many(
        "oiconnect.gracethd.grid.check", "grid_id", "Levels of checks", copy=True
    )
    due_ids = fields.One2many(
        "oiconnect.gracethd.grid.due", "grid_id", "What is due", copy=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give each grid all checks, and what the standard wants if nothing is said."""
        grids = super().create(vals_list)
        for grid, vals in zip(grids, vals_list, strict=True):
            grid._add_missing_checks()
            if "due_ids" not in vals:
                grid._add_standard_due()
        return grids

    def _add_missing_checks(self):
        known = set(self.check_ids.mapped("number"))
        self.env["oiconnect.gracethd.grid.check"].sudo().create(
            [
                {"grid_id": self.id, "number": check.number, "level": check.level}
                for check in CHECKS.values()
                if check.number not in known
            ]
        )

    def _add_standard_due(self):
        """Add the tables of a network, and the columns that the standard wants."""
        rows = []
        for generation in GENERATIONS:
            for table in _EXPECTED[generation].split():
                level = "1" if table == "t_noeud" else "2"
                rows.append((generation, table, False, level))
            for table in TABLES.values():
                rows += [
                    (generation, table.name, column.name, "2")
                    for column in table.columns.values()
                    if generation in column.required and column.name not in table.key
                ]
        self.env["oiconnect.gracethd.grid.due"].sudo().create(
            [
                {
                    "grid_id": self.id,
                    "generation": generation,
                    "table_name": table,
                    "column_name": column,
                    "level": level,
                }
                for generation, table, column, level in rows
            ]
        )

    def _levels(self):
        """Return {number: level} of all checks."""
        levels = {check.number: check.level for check in CHECKS.values()}
        return levels | {item.number: item.level for item in self.check_ids}

    def _due(self):
        """Return {generation: [(table, column or "", level)]} of what is checked."""
        due = {generation: [] for generation in GENERATIONS}
        for item in self.due_ids:
            if item.level != "0":
                name = item.column_name or ""
                due[item.generation].append((item.table_name, name, item.level))
        return due
