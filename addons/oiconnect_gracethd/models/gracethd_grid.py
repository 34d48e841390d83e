from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..catalogue import GENERATIONS, NEEDED, TABLES
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
    _creation_fields = ("is_strict",)

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_strict = fields.Boolean(
        "Strict",
        readonly=True,
        help="Its levels began as those of a contract that refuses what the standard "
        "does not allow; those of other grids, by what each fault costs the network",
    )
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
                {
                    "grid_id": self.id,
                    "number": check.number,
                    "level": check.strict_level if self.is_strict else check.level,
                }
                for check in CHECKS.values()
                if check.number not in known
            ]
        )

    def _add_standard_due(self):
        """Add the tables of a network, and the columns that the standard wants."""
        self.env["oiconnect.gracethd.grid.due"].sudo().create(
            [
                {
                    "grid_id": self.id,
                    "generation": generation,
                    "table_name": table,
                    "column_name": column,
                    "level": level,
                }
                for generation, table, column, level in self._standard_due()
            ]
        )

    def _standard_due(self):
        """Return (generation, table, column, level) of what the standard wants."""
        rows = []
        for generation in GENERATIONS:
            for table in _EXPECTED[generation].split():
                level = "1" if table == "t_noeud" else "2"
                rows.append((generation, table, False, level))
            for table in TABLES.values():
                rows += [
                    (generation, table.name, column.name, self._due_level(column))
                    for column in table.columns.values()
                    if generation in column.required and column.name not in table.key
                ]
        return rows

    def _due_level(self, column):
        """Return the level of a void cell: refused where no record is made without."""
        is_needed = column.name in NEEDED.get(column.table, ())
        return "2" if self.is_strict or is_needed else "3"

    def _relax(self):
        """Give a grid whose levels are all strict those by what each fault costs.

        One that people have changed stays as it is.
        """
        due = {
            (item.generation, item.table_name, item.column_name, item.level)
            for item in self.due_ids
        }
        strict = self.new({"is_strict": True})
        levels = {check.number: check.strict_level for check in CHECKS.values()}
        if due != set(strict._standard_due()) or self._levels() != levels:
            return
        levels = {check.number: check.level for check in CHECKS.values()}
        for item in self.sudo().check_ids:
            item.level = levels[item.number]
        levels = {tuple(place): level for *place, level in self._standard_due()}
        for item in self.sudo().due_ids:
            place = (item.generation, item.table_name, item.column_name)
            item.level = levels[place]

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
