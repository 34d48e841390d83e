from odoo import api, fields, models
from odoo.exceptions import UserError

from ...bulk import insert_rows
from ...fields import Many2oneWithoutForeignKey
from ..guarded import EVERY_FIELD
from .workflow import CHANNELS


class WorkflowStep(models.Model):
    """Append-only history of the events of a record: user, date, channel."""

    _name = "oiconnect.workflow.step"
    _description = "Step of a workflow"
    _inherit = "oiconnect.words.mixin"
    _order = "id desc"
    _log_access = False
    _event_fields = EVERY_FIELD

    res_model = fields.Char("Model", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    # Warranted by the record, which has the same company and is never deleted.
    company_id = Many2oneWithoutForeignKey("res.company")
    event = fields.Char("Event key", required=True)
    source = fields.Char("State key before")
    target = fields.Char("State key after")
    event_label = fields.Char("Event", compute="_compute_labels")
    source_label = fields.Char("State before", compute="_compute_labels")
    target_label = fields.Char("State after", compute="_compute_labels")
    date = fields.Datetime(required=True)
    user_id = fields.Many2one("res.users", "By", required=True, ondelete="restrict")
    channel = fields.Selection(CHANNELS, required=True)
    # What operators report and what staff write
    note = fields.Char(groups=fields.NO_ACCESS)
    readable_note = fields.Char("What was noted", compute="_compute_readable_note")

    # The history shown on a record's form.
    _record_idx = models.Index("(res_model, res_id, id)")

    @api.depends("res_model", "event", "source", "target")
    @api.depends_context("lang")
    def _compute_labels(self):
        for step in self:
            model = self.env.get(step.res_model)
            known = model is not None
            states = dict(
                model._fields["state"]._description_selection(self.env) if known else ()
            )
            step.source_label = states.get(step.source)
            step.target_label = states.get(step.target)
            step.event_label = (
                self.env._("Creation")
                if step.event == "create"
                else known and model._event_label(step.event)
            )

    @api.depends("note", "res_model", "res_id")
    @api.depends_context("uid")
    def _compute_readable_note(self):
        self._compute_words(readable_note="note")

    @api.model
    def _append(self, rows, **common):
        """Add steps; they carry the time of their transaction's step.

        :param common: the columns that all of them share
        """
        common["date"] = fields.Datetime.now()
        insert_rows(self.env, self._table, rows, **common)

    # pylint: disable-next=method-required-super
    def write(self, vals):
        raise UserError(self.env._("The history of a record cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("The history of a record cannot be erased."))
