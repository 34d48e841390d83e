from odoo import api, fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class ImportCount(models.Model):
    """Counts of an import for the objects of one kind."""

    _name = "oiconnect.import.count"
    _description = "Result of an import"
    _order = "import_id desc, id"
    _rec_name = "model"
    _log_access = False
    _event_fields = EVERY_FIELD

    import_id = fields.Many2one(
        "oiconnect.import", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True)
    model = fields.Char("Technical name", required=True, readonly=True)
    model_label = fields.Char("Objects", compute="_compute_model_label")
    created = fields.Integer(readonly=True)
    changed = fields.Integer(readonly=True)
    unchanged = fields.Integer(readonly=True)
    abandoned = fields.Integer(readonly=True, help="Those that left the file")
    present = fields.Integer(
        readonly=True, help="Those that were not abandoned before the import"
    )
    abandoned_percent = fields.Float(compute="_compute_abandoned_percent")

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_model_label(self):
        for count in self:
            count.model_label = (
                self.env["ir.model"].sudo()._get(count.model).name or count.model
            )

    @api.depends("abandoned", "present")
    def _compute_abandoned_percent(self):
        for count in self:
            count.abandoned_percent = 100 * count.abandoned / (count.present or 1)

    def action_view_created(self):
        return self._view_objects("create", self.env._("Created by the import"))

    def action_view_changed(self):
        return self._view_objects("write", self.env._("Changed by the import"))

    def _view_objects(self, kind, title):
        """Open the objects of which the history tells this import."""
        self.ensure_one()
        self.env[self.model].check_access("read")
        name = self.model.removeprefix("oiconnect.").replace(".", "_")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"oiconnect_infra.{name}_action"
        )
        changes = [("batch", "=", self.import_id._batch()), ("kind", "=", kind)]
        return action | {
            "name": title,
            "domain": [("change_ids", "any", changes)],
            "context": {},
        }
