from odoo import api, fields, models

from odoo.addons.oiconnect_base.bulk import insert_rows
from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

DEFAULT_DAYS = 30


class WebhookDelivery(models.Model):
    """Journal of the tries of events: to whom, when, and what was answered."""

    _name = "oiconnect.webhook.delivery"
    _description = "Try of an event"
    _inherit = ["oiconnect.about.mixin", "oiconnect.journal.mixin"]
    _log_access = False
    _order = "id desc"
    _rec_name = "kind"
    _event_fields = EVERY_FIELD
    _days_parameter, _default_days = "webhook_days", DEFAULT_DAYS

    date = fields.Datetime(required=True)
    # A line of a journal outlives what it is about.
    webhook_id = Many2oneWithoutForeignKey("oiconnect.webhook", "Receiver")
    event_id = Many2oneWithoutForeignKey("oiconnect.event")
    operator_id = Many2oneWithoutForeignKey("oiconnect.operator", "Of the operator")
    network_id = Many2oneWithoutForeignKey("oiconnect.network")
    company_id = Many2oneWithoutForeignKey("res.company")
    kind = fields.Char("Kind of event", required=True)
    res_model = fields.Char("Model")
    res_id = fields.Many2oneReference("Record", model_field="res_model")
    attempt = fields.Integer("Try")
    status = fields.Integer("HTTP status", help="0: no answer")
    is_failed = fields.Boolean("Not taken")
    duration = fields.Integer("Duration (ms)")
    answer = fields.Text()
    error = fields.Char("What went wrong")

    # The list, its first months; the nightly erasure; next to nothing to keep up.
    _date_idx = models.Index("USING brin (date)")
    # Tries of a receiver, newest first.
    _webhook_idx = models.Index("(webhook_id, id)")
    # Tries of an event, shown from its form.
    _event_idx = models.Index("(event_id, id) WHERE event_id IS NOT NULL")

    @api.model
    @api.private
    def _log(self, webhook, call, end, attempt):
        """Write one line of the journal in this transaction."""
        event = self.env["oiconnect.event"].browse(call.event_id or ())
        insert_rows(
            self.env,
            self._table,
            [
                {
                    "date": fields.Datetime.now(),
                    "webhook_id": webhook.id,
                    "event_id": event.id,
                    "operator_id": webhook.operator_id.id,
                    "network_id": webhook.network_id.id,
                    "company_id": webhook.company_id.id,
                    "kind": call.kind,
                    "res_model": event.res_model,
                    "res_id": event.res_id,
                    "attempt": attempt,
                    "status": end.status,
                    "is_failed": "t" if end.error else "f",
                    "duration": end.milliseconds,
                    "answer": end.answer or None,
                    "error": end.error[:500] or None,
                }
            ],
        )
