from odoo import api, fields, models
from odoo.fields import Domain

from ..deleted_records import open_form


def models_inheriting(env, mixin):
    """Return an empty recordset of each model that stores records and has ``mixin``."""
    names = sorted(env.registry.descendants([mixin], "_inherit"))
    return [env[name] for name in names if not env[name]._abstract]


class AboutMixin(models.AbstractModel):
    """A line about a record of any model, which ``res_model`` and ``res_id`` name."""

    _name = "oiconnect.about.mixin"
    _description = "About a record"

    # Models of this mixin are what a line may be about: see _search_res_name
    _about = "oiconnect.workflow"

    res_name = fields.Char(
        "About", compute="_compute_res_name", search="_search_res_name"
    )
    can_open = fields.Boolean("May be opened", compute="_compute_can_open")

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        """Name the record: the line says of it what its reader may know."""
        named = self.filtered("res_model")
        (self - named).res_name = False
        for model, lines in named.grouped("res_model").items():
            records = self.env[model].sudo().browse(lines.mapped("res_id"))
            names = {record.id: record.display_name for record in records.exists()}
            for line in lines:
                line.res_name = names.get(line.res_id)

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_can_open(self):
        """Tell whether the reader may open such records: a line is read by more."""
        for model, lines in self.grouped("res_model").items():
            may = bool(model) and self.env[model].has_access("read")
            for line in lines:
                line.can_open = may and bool(line.res_id)

    @api.model
    def _search_res_name(self, operator, value):
        named = Domain("display_name", operator, value)
        return Domain.OR(
            Domain("res_model", "=", model._name)
            & Domain("res_id", "in", model._search(named))
            for model in models_inheriting(self.env, self._about)
        )

    def action_open_record(self):
        """Open what the line is about."""
        self.ensure_one()
        return open_form(self.env[self.res_model].browse(self.res_id))
