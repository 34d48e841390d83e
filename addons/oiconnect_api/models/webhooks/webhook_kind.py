from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.models.about_mixin import models_inheriting
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

SUBJECT = "oiconnect.subject.mixin"


class WebhookKind(models.Model):
    """Kind of subscription: a kind of record, or one event of it.

    There is a row for each that models declare (``oiconnect.subject.mixin``).
    """

    _name = "oiconnect.webhook.kind"
    _description = "Kind of event"
    _log_access = False
    _order = "code"
    _rec_name = "code"
    _event_fields = EVERY_FIELD

    code = fields.Char("Kind", required=True)

    _code_uniq = models.UniqueIndex("(code)", "This kind is already in the list.")

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = self._labels()
        for kind in self:
            kind.display_name = labels.get(kind.code, kind.code)

    @api.model
    def _search_display_name(self, operator, value):
        """Find what people read, which is not stored."""
        if operator not in ("ilike", "=") or not value:
            return super()._search_display_name(operator, value)
        text = value.casefold()
        return Domain(
            "code",
            "in",
            [
                code
                for code, label in self._labels().items()
                if (text in f"{code} {label}".casefold())
            ],
        )

    @api.model
    def _labels(self):
        """Return ``{code: label}`` of all kinds that models declare."""
        labels = {}
        for model in models_inheriting(self.env, SUBJECT):
            if not model._subject:
                continue
            name = model._label_of_model()
            labels[model._subject] = self.env._("%s: all events", name)
            for event, label in model._subject_events():
                labels[f"{model._subject}.{event}"] = self.env._(
                    "%(record)s: %(event)s", record=name, event=label
                )
        return labels

    @api.model
    def _seed(self):
        """Make the rows agree with what models declare."""
        declared, kinds = set(self._labels()), self.search(Domain.TRUE)
        gone = kinds.filtered(lambda kind: kind.code not in declared)
        gone.unlink()
        new = declared - set((kinds - gone).mapped("code"))
        self.create([{"code": code} for code in sorted(new)])
        self.env.registry.clear_cache()
