from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.scheduled import wake
from odoo.addons.oiconnect_interop.parameters import number

from ... import webhook as wire
from .webhook_delivery import DEFAULT_DAYS

BATCH = 2000


class Event(models.Model):
    """Messages that leave by webhook: one for each receiver, with its own tries."""

    _inherit = "oiconnect.event"

    webhook_id = fields.Many2one(
        "oiconnect.webhook", "To the webhook", readonly=True, ondelete="restrict"
    )
    try_count = fields.Integer("Failed tries", readonly=True)
    tried_since = fields.Datetime("Fails since", readonly=True)
    next_try_date = fields.Datetime("Next try", readonly=True)

    # What waits for a receiver, by the time at which it may leave
    _webhook_idx = models.Index(
        "(webhook_id, next_try_date, id)"
        " WHERE state = 'pending' AND channel = 'webhook'"
    )
    # The oldest event of a record: min(id) of webhook_id, res_model and res_id = x
    _webhook_record_idx = models.Index(
        "(webhook_id, res_model, res_id, id)"
        " WHERE state = 'pending' AND channel = 'webhook'"
    )
    # The events of a receiver: its list, a replay, the erasure, what it gave up
    _webhook_date_idx = models.Index(
        "(webhook_id, create_date) WHERE channel = 'webhook'"
    )

    def _with_readable_words(self):
        """Add the events of webhooks, whose payload names no customer."""
        webhook_events = self.filtered(lambda event: event.channel == "webhook")
        return (
            webhook_events | super(Event, self - webhook_events)._with_readable_words()
        )

    # ------------------------------------------------------------------
    # What waits
    # ------------------------------------------------------------------

    @api.model
    def _to_deliver(self):
        return Domain("state", "=", "pending") & Domain("channel", "=", "webhook")

    @api.model
    def _waiting_webhooks(self):
        """Return the receivers that have to hear of something, the longest first."""
        groups = self._read_group(
            self._to_deliver(), ["webhook_id"], ["id:min"], order="id:min"
        )
        return [webhook for webhook, _first in groups]

    @api.model
    def _next_of_webhook(self, webhook):
        """Return ``(event, when)``: the one to send next, and when it may leave.

        Of a record, only the oldest event that waits may leave. Of records, the one
        whose time came first: those that fail have theirs later each time.
        """
        self.flush_model()
        # One look for each: a join goes wrong as long as no statistics know what waits.
        found = self.env.execute_query(
            SQL(
                """
                SELECT id, next_try_date FROM oiconnect_event waiting
                 WHERE state = 'pending' AND channel = 'webhook'
                       AND webhook_id = %(webhook)s
                       AND id = (
                           SELECT min(id) FROM oiconnect_event of_record
                            WHERE of_record.state = 'pending'
                                  AND of_record.channel = 'webhook'
                                  AND of_record.webhook_id = %(webhook)s
                                  AND of_record.res_model = waiting.res_model
                                  AND of_record.res_id = waiting.res_id)
                 ORDER BY next_try_date, id
                 LIMIT 1
                """,
                webhook=webhook.id,
            )
        )
        for event_id, when in found:
            return self.browse(event_id), when
        return self.browse(), None

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        if any(event.channel == "webhook" for event in events):
            self._wake_deliveries()
        return events

    @api.model
    def _append(self, rows, **common):
        appended = super()._append(rows, **common)
        if common.get("channel") == "webhook":
            self._wake_deliveries()
        return appended

    @api.model
    def _wake_deliveries(self):
        """Send as soon as this transaction is committed."""
        wake(self.env, "oiconnect_api.cron_deliver")

    # ------------------------------------------------------------------
    # One event
    # ------------------------------------------------------------------

    def _cloud_event(self):
        """Return the bytes of the event, the same each time."""
        subject = f"{self.payload['record']['type']}/{self.res_id}"
        return wire.cloud_event(
            str(self.id),
            self.network_id.oi_code,
            self.flow,
            subject,
            self.create_date,
            self.payload,
        )

    def _note_taken(self):
        self.write(
            {"state": "done", "error": False, "try_count": 0, "tried_since": False}
        )

    def _note_untaken(self, error, since, next_date, is_over):
        """Note a failed try; the last one gives the event up."""
        if self.state != "pending":
            # A user archived the receiver meanwhile.
            return
        self.write(
            {
                "error": error,
                "try_count": self.try_count + 1,
                "tried_since": since,
                "next_try_date": next_date,
            }
        )
        if is_over:
            # The state is written for the work list, which follows it.
            self.state = "error"

    def _forget_tries(self):
        """Let events have all their tries again, from now on."""
        self.write(
            {
                "error": False,
                "try_count": 0,
                "tried_since": False,
                "next_try_date": fields.Datetime.now(),
            }
        )

    @api.model
    def _resent_channels(self):
        return (*super()._resent_channels(), "webhook")

    def _send_again(self):
        """Put events back in the queue: the same id and content as before."""
        webhook_events = self.filtered(lambda event: event.channel == "webhook")
        if webhook_events:
            webhook_events._forget_tries()
            self._wake_deliveries()
        return super()._send_again()

    @api.model
    def _replay(self, webhook, since):
        """Send the events of ``webhook`` again from ``since`` on, in their order.

        :return: number of events
        """
        ended = self.search(
            [
                ("channel", "=", "webhook"),
                ("webhook_id", "=", webhook.id),
                ("create_date", ">=", since),
                ("state", "!=", "pending"),
            ],
            order="id",
        )
        ended._send_again()
        return len(ended)

    # ------------------------------------------------------------------
    # Work list, erasure
    # ------------------------------------------------------------------

    @api.model
    def _stuck_groups(self, domain):
        """Return one task for all events that a receiver did not take."""
        given_up = self._read_group(
            Domain("state", "=", "error") & Domain("channel", "=", "webhook"),
            ["webhook_id"],
            ["id:min", "__count"],
        )
        others = super()._stuck_groups(domain & Domain("channel", "!=", "webhook"))
        return others + [(first, count) for _webhook, first, count in given_up]

    @api.model
    def _cron_erase_delivered(self):
        """Erase events that were taken or skipped, once the retention is over."""
        days = int(number(self.env, "webhook_days", DEFAULT_DAYS))
        if days <= 0:
            return
        old = (
            Domain("channel", "=", "webhook")
            & Domain("state", "in", ("done", "skipped"))
            & Domain("create_date", "<", fields.Datetime.now() - timedelta(days=days))
        )
        webhooks = self.env["oiconnect.webhook"].with_context(active_test=False)
        for webhook in webhooks.search(Domain.TRUE):
            of_webhook = old & Domain("webhook_id", "=", webhook.id)
            while events := self.search(of_webhook, limit=BATCH, order="create_date"):
                count = len(events)
                events.unlink()
                if not self.env["ir.cron"]._commit_progress(count):
                    return
