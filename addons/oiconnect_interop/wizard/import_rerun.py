from odoo import api, fields, models
from odoo.exceptions import UserError


class ImportRerun(models.TransientModel):
    """Confirmation, typed, that an import is run again."""

    _name = "oiconnect.import.rerun"
    _description = "Run an import again"

    import_id = fields.Many2one("oiconnect.import", required=True, ondelete="cascade")
    file_name = fields.Char(related="import_id.file_name")
    network_name = fields.Char(related="import_id.network_id.name")
    changed_count = fields.Integer(compute="_compute_changed_count")
    confirmation = fields.Char("Name of the network")

    @api.depends("import_id")
    def _compute_changed_count(self):
        for wizard in self:
            wizard.changed_count = wizard._count_changed()

    def _count_changed(self):
        """Return how many objects of the import were changed after it."""
        done = self.import_id
        groups = (
            self.env["oiconnect.change"]
            .sudo()
            ._read_group(
                [
                    ("network_id", "=", done.network_id.id),
                    ("res_model", "in", done.count_ids.mapped("model")),
                    ("date", ">", done.end_date),
                    ("kind", "=", "write"),
                ],
                ["res_model"],
                ["res_id:count_distinct"],
            )
        )
        return sum(count for _model, count in groups)

    def action_confirm(self):
        self.ensure_one()
        self.import_id._check_may_run_again()
        if (self.confirmation or "").strip() != self.network_name:
            raise UserError(
                self.env._(
                    "Type the name of the network to confirm: %s.", self.network_name
                )
            )
        self.import_id.sudo()._queue()
        return {"type": "ir.actions.act_window_close"}
