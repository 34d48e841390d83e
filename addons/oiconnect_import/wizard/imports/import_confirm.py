from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime


class ImportConfirm(models.TransientModel):
    """Confirmation, typed, of an import that overwrites or abandons much."""

    _name = "oiconnect.import.confirm"
    _description = "Confirm an import"

    import_id = fields.Many2one("oiconnect.import", required=True, ondelete="cascade")
    file_name = fields.Char(related="import_id.file_name")
    applied_date = fields.Datetime(related="import_id.applied_date")
    end_date = fields.Datetime(related="import_id.end_date")
    state = fields.Selection(related="import_id.state")
    count_ids = fields.One2many(related="import_id.count_ids")
    abandoned_alert = fields.Char(related="import_id.abandoned_alert")
    changed_count = fields.Integer(compute="_compute_changed")
    changed_text = fields.Text(compute="_compute_changed")
    confirmation = fields.Char("Name of the file")

    @api.depends("import_id")
    @api.depends_context("lang", "tz")
    def _compute_changed(self):
        for wizard in self:
            groups = wizard._changed_since()
            wizard.changed_count = sum(group[1] for group in groups)
            wizard.changed_text = "\n".join(map(wizard._in_words, groups))

    def _changed_since(self):
        """Return (model, objects, last change) of what was changed after the import."""
        done = self.import_id
        if not done.applied_date:
            return []
        changes = self.env["oiconnect.change"].sudo()
        groups = changes._read_group(
            [
                ("network_id", "=", done.network_id.id),
                ("res_model", "in", list(done._reader().models.values())),
                ("date", ">", done.applied_date),
                ("kind", "=", "write"),
            ],
            ["res_model"],
            ["res_id:count_distinct", "id:max"],
        )
        return [(model, count, changes.browse(last)) for model, count, last in groups]

    def _in_words(self, group):
        model, count, last = group
        return self.env._(
            "%(kind)s: %(count)s, the last on %(date)s by %(user)s",
            kind=last._described_model(model),
            count=count,
            date=format_datetime(self.env, last.date, dt_format="short"),
            user=last.user_id.name or "",
        )

    def action_check(self):
        """Have the counts of what would change first."""
        self.import_id.action_check()
        return {"type": "ir.actions.act_window_close"}

    def action_confirm(self):
        self.ensure_one()
        record = self.import_id
        record.check_access("write")
        if record._was_applied():
            record._check_may_run_again()
        record._check_startable()
        if (self.confirmation or "").strip() != self.file_name:
            raise UserError(
                self.env._("Type the name of the file to confirm: %s.", self.file_name)
            )
        record.sudo().removal_confirmed = True
        record.sudo()._queue()
        return {"type": "ir.actions.act_window_close"}
