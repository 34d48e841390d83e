from odoo import api, fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class ImportPreview(models.Model):
    """One of the first changes that an import would make, stored when it is checked."""

    _name = "oiconnect.import.preview"
    _description = "Change that an import would make"
    _order = "import_id desc, id"
    _rec_name = "reference"
    _log_access = False
    _event_fields = EVERY_FIELD

    import_id = fields.Many2one(
        "oiconnect.import", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True)
    model = fields.Char("Technical name", required=True, readonly=True)
    kind = fields.Selection(
        [("create", "Creation"), ("write", "Change")], required=True, readonly=True
    )
    reference = fields.Char(readonly=True)
    field = fields.Char("Technical field", readonly=True)
    before = fields.Text("Stored before", readonly=True)
    after = fields.Text("Stored after", readonly=True)
    object_label = fields.Char("Object", compute="_compute_labels")
    field_label = fields.Char("Field", compute="_compute_labels")
    before_label = fields.Text("Before", compute="_compute_labels")
    after_label = fields.Text("After", compute="_compute_labels")

    @api.depends("model", "field", "before", "after")
    @api.depends_context("lang")
    def _compute_labels(self):
        """Say it in the words of the history, where it will be once it is applied."""
        history = self.env["oiconnect.change"]
        for change in self:
            field = history._described_field(change.model, change.field)
            change.object_label = history._described_model(change.model)
            change.field_label = field.get("string", change.field)
            change.before_label = history._value_label(field, change.before)
            change.after_label = history._value_label(field, change.after)
