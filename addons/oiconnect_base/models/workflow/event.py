from odoo import api, fields, models

from ...bulk import insert_rows
from ...fields import Many2oneWithoutForeignKey
from ..guarded import EVERY_FIELD

EVENT_STATES = [
    ("pending", "To send"),
    ("done", "Handed over"),
    ("error", "In error"),
    ("skipped", "Not to send"),
]


class Event(models.Model):
    """Outbox: a message to a partner, written in the transaction of its cause.

    A message is frozen when it is written: what is sent later is what was
    true then. Each channel of the border (files, web services) sends its own.
    """

    _name = "oiconnect.event"
    _description = "Message to a partner"
    _inherit = ["oiconnect.about.mixin", "oiconnect.words.mixin"]
    _order = "id desc"
    _event_fields = EVERY_FIELD

    flow = fields.Char(required=True, help="Code of the flow, e.g. AR_CMD")
    version = fields.Char(help="Version of the protocol the partner used, if known")
    # Services add theirs. What leaves by webhook is a copy for who subscribed to it: no
    # message of the protocol, which is sent to one operator.
    channel = fields.Selection(
        [("file", "File"), ("webhook", "Webhook")],
        "Leaves by",
        default="file",
        required=True,
    )
    # Warranted by the record or the file that the message is about: it has the same
    # operator and network, and keeps them from being deleted.
    # Empty when what happened concerns no operator, which webhooks tell the OI.
    operator_id = Many2oneWithoutForeignKey(
        "oiconnect.operator", index=True, ondelete="restrict"
    )
    network_id = Many2oneWithoutForeignKey(
        "oiconnect.network", required=True, index=True, ondelete="restrict"
    )
    company_id = Many2oneWithoutForeignKey(related="network_id.company_id", store=True)
    # Empty when the partner named a record that does not exist.
    res_model = fields.Char("Model")
    res_id = fields.Many2oneReference("Record", model_field="res_model")
    # It may repeat what an operator wrote of its customer.
    payload = fields.Json(required=True, groups=fields.NO_ACCESS)
    readable_payload = fields.Json("Content", compute="_compute_readable")
    state = fields.Selection(EVENT_STATES, default="pending", required=True)
    group_key = fields.Char(
        "Goes with", help="Messages with the same key travel in one file"
    )
    # What is wrong with a message may quote it.
    error = fields.Char(groups=fields.NO_ACCESS)
    readable_error = fields.Char("What is wrong", compute="_compute_readable")

    _operator_check = models.Constraint(
        "CHECK (operator_id IS NOT NULL OR channel = 'webhook')",
        "A message to a partner names its operator.",
    )
    # What a channel has to send: channel = x and operator_id = y, oldest first
    _pending_idx = models.Index(
        "(channel, operator_id, flow, id) WHERE state = 'pending'"
    )
    # Messages shown on the form of a record.
    _record_idx = models.Index("(res_model, res_id, id)")

    # The list, of the months that it shows first; next to nothing to keep up.
    _date_idx = models.Index("USING brin (create_date)")

    @api.depends("flow", "res_model", "res_id")
    def _compute_display_name(self):
        for event in self:
            event.display_name = f"{event.flow} {event.id or ''}".strip()

    @api.depends("payload", "error", "res_model", "res_id")
    @api.depends_context("uid")
    def _compute_readable(self):
        self._compute_words(readable_payload="payload", readable_error="error")

    @api.model
    def _append(self, rows, **common):
        """Put messages to operators in the outbox, many at once.

        :param common: the columns that all of them share
        """
        now = fields.Datetime.now()
        log = {
            "create_uid": self.env.uid,
            "create_date": now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        common = {"channel": "file", "state": "pending", **common, **log}
        insert_rows(self.env, self._table, rows, **common)
