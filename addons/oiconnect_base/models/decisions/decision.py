from odoo import api, fields, models
from odoo.exceptions import UserError

from ...bulk import insert_rows
from ...fields import Many2oneWithoutForeignKey
from ...workflow import SCREEN
from ..guarded import EVERY_FIELD
from ..workflow.workflow import CHANNELS

OUTCOMES = [
    ("accepted", "Accepted"),
    ("rejected", "Rejected"),
    ("proposed", "Left to a person"),
    ("waived", "Control set aside"),
    ("changed", "Changed"),
]


class Decision(models.Model):
    """Decision on a record: outcome, the controls that led to it, the compared data.

    Written with the answer, never changed. Each addon adds the kinds of its decisions
    (``selection_add``) and the fields that it has more to keep in.
    """

    _name = "oiconnect.decision"
    _description = "Decision"
    _order = "id desc"
    _log_access = False
    _event_fields = EVERY_FIELD

    # Warranted by the record, which is never deleted, nor is its operator's company or
    # who wrote its history.
    res_model = fields.Char("Model", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    company_id = Many2oneWithoutForeignKey("res.company", required=True)
    user_id = Many2oneWithoutForeignKey("res.users", "By", required=True)
    date = fields.Datetime(required=True)
    channel = fields.Selection(CHANNELS, required=True)
    kind = fields.Selection([("override", "Decision taken back")], required=True)
    outcome = fields.Selection(OUTCOMES, required=True)
    controls = fields.Json(help="What each control compared, in order")
    note = fields.Char()

    # The story of a record: res_model = x and res_id = y order by id
    _record_idx = models.Index("(res_model, res_id, id)")

    @api.model
    def _append(self, records, kind, decisions, origin=SCREEN):
        """Keep a decision for each record.

        :param decisions: one dict per record: ``outcome`` and, where there are any,
            ``controls``, ``note`` and the fields of other addons
        """
        empty = dict.fromkeys(name for decision in decisions for name in decision)
        insert_rows(
            self.env,
            self._table,
            (
                {**empty, "res_id": record.id, "company_id": record.company_id.id}
                | decision
                for record, decision in zip(records, decisions, strict=True)
            ),
            date=fields.Datetime.now(),
            channel=origin.channel,
            user_id=self.env.uid,
            kind=kind,
            res_model=records._name,
        )
        records.invalidate_recordset(["decision_ids"], flush=False)

    def _reason_label(self):
        """Hook: return what the reason of the decision is called, if it has one."""
        return False

    # pylint: disable-next=method-required-super
    def write(self, vals):
        raise UserError(self.env._("What was decided cannot be changed afterwards."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("What was decided cannot be erased."))
