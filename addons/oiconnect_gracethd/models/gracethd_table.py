from odoo import api, fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class GracethdTable(models.Model):
    """A table of a delivery as it was read."""

    _name = "oiconnect.gracethd.table"
    _description = "Table of a GraceTHD delivery"
    _order = "import_id desc, table_name, id"
    _rec_name = "table_name"
    _log_access = False
    _event_fields = EVERY_FIELD

    import_id = fields.Many2one(
        "oiconnect.import", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True)
    table_name = fields.Char("Table", required=True, readonly=True)
    file = fields.Char("File of the table", readonly=True)
    encoding = fields.Char("Encoding read", readonly=True)
    row_count = fields.Integer("Rows", readonly=True)
    unknown_columns = fields.Char(
        readonly=True, help="Columns that are not in the standard: they are kept aside"
    )
    is_kept_as_is = fields.Boolean(
        "Kept as it is",
        readonly=True,
        help="The standard does not know the table: exports give it back unchanged",
    )
    error_count = fields.Integer("Rows in error", compute="_compute_counts")
    warning_count = fields.Integer("Rows to fix", compute="_compute_counts")

    @api.depends("import_id.error_ids")
    def _compute_counts(self):
        found = {}
        groups = self.env["oiconnect.import.error"]._read_group(
            [("import_id", "in", self.import_id.ids)],
            ["import_id", "table_name", "severity"],
            ["line:count_distinct"],
        )
        for record, table, severity, count in groups:
            found[record.id, table, severity] = count
        for table in self:
            key = (table.import_id.id, table.table_name)
            table.error_count = found.get((*key, "error"), 0)
            table.warning_count = found.get((*key, "warning"), 0)

    def action_view_errors(self):
        """Open what is wrong with the rows of this table."""
        self.ensure_one()
        action = self.import_id.action_view_errors()
        return action | {
            "domain": [*action["domain"], ("table_name", "=", self.table_name)],
            "context": {},
        }
