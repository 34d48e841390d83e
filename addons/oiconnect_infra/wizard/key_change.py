from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

MODELS = ("oiconnect.building", "oiconnect.pm", "oiconnect.pbo", "oiconnect.pto")


class KeyChange(models.TransientModel):
    """Give an object another reference, once the effects have been shown."""

    _name = "oiconnect.key.change"
    _description = "Change a reference"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True
    )
    old_key = fields.Char("Reference today", compute="_compute_old_key", store=True)
    new_key = fields.Char("New reference", required=True)
    reason = fields.Char(required=True, help="Kept in the history of changes")
    effects = fields.Html("What follows", compute="_compute_effects", sanitize=False)
    form_warning = fields.Char(compute="_compute_form_warning")

    @api.depends("res_model", "res_id")
    def _compute_old_key(self):
        for change in self:
            record = change._record()
            change.old_key = record[record._known_key]

    @api.depends("res_model", "res_id")
    @api.depends_context("lang")
    def _compute_effects(self):
        for change in self:
            lines = [
                *change._record()._key_change_effects(),
                self.env._("The history keeps the former reference and the reason."),
            ]
            items = Markup().join(Markup("<li>%s</li>") % line for line in lines)
            change.effects = Markup('<ul class="mb-0">%s</ul>') % items

    @api.depends("new_key")
    @api.depends_context("lang")
    def _compute_form_warning(self):
        for change in self:
            change.form_warning = change.new_key and change._form_text()

    def _form_text(self):
        """Return what rules of form say of the new reference."""
        record = self._record()
        name = record._known_key
        form = record.new({name: self.new_key.strip()}, origin=record)
        rules = [
            rule
            for rule in record._rules_of(record.network_id)
            if rule.refused and f"{rule.target}.{name}" in rule.fields
        ]
        broken = {code for code, _name in form._verdicts_of_form(rules)}
        return " ".join(
            self.env._(rule.message) for rule in rules if rule.code in broken
        )

    def _record(self):
        """Return the object, with the rights of who asks."""
        if self.res_model not in MODELS:
            raise UserError(self.env._("Open the object whose reference changes."))
        return self.env[self.res_model].browse(self.res_id)

    def action_change(self):
        self.ensure_one()
        record = self._record()
        key = self.new_key.strip()
        current = record[record._known_key]
        if current != self.old_key:
            raise UserError(
                self.env._(
                    "Somebody else changed the reference to “%s” meanwhile: close, and "
                    "look at it again.",
                    current,
                )
            )
        if key == current:
            raise UserError(self.env._("Give a reference that is not that of today."))
        record._change_key(key, self.reason)
        return {"type": "ir.actions.act_window_close"}
