import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.outgoing import way_out
from odoo.addons.oiconnect_interop.models.accounts.retry_mixin import TASK
from odoo.addons.oiconnect_interop.parameters import number
from odoo.addons.oiconnect_interop.transport import http_client
from odoo.addons.oiconnect_interop.transport.http_client import CallError

from ... import webhook as wire

PURPOSE = "deliver"
TEST = "webhook.test"
# Failures in a row after which the person in charge is notified: fewer may be those
# of one event, which has its own end.
WARNED_AT = 5
# An event that its receiver does not take is tried for so long.
DEFAULT_HOURS = 72
#: bytes of an answer that are read, and characters that are stored
ANSWER_SIZE = 4096
MASK = "•••"


class Call(NamedTuple):
    """An event that is ready to leave, without any transaction.

    :param event_id: message of the outbox, 0 for a test
    :param keys: ``[(id of the secret, secret)]`` by which it is signed
    :param check: refuses an address to which the name leads
    """

    event_id: int
    kind: str
    address: str
    body: bytes
    keys: list
    seconds: int
    check: Callable


class CallEnd(NamedTuple):
    """Result of a call: ``error`` says to people why the event was not taken."""

    status: int
    error: str
    answer: str
    milliseconds: int


class Webhook(models.Model):
    """Delivery: the events of the outbox whose channel is ``webhook``.

    One job a receiver, one event at a time. Of each record the oldest event goes first,
    and the next one once it is taken or given up; other records do not wait for it. An
    event is noted as taken once the receiver said so: after a kill, the one whose end
    is not known is sent again with the same id.

    An event that fails waits longer each time. When a second one fails at once, it is
    the receiver: it is left alone, and longer with each other event that fails.
    """

    _inherit = "oiconnect.webhook"
    _job_prefix = "oiconnect-webhook"
    _warned_at = WARNED_AT

    # ------------------------------------------------------------------
    # Jobs
    # ------------------------------------------------------------------

    @api.model
    def _cron_deliver(self):
        """Plan the job of each receiver that has to hear of something.

        Woken by each event; the interval is a safety net.
        """
        waiting = self.env["oiconnect.event"]._waiting_webhooks()
        self.env["ir.cron"]._commit_progress(remaining=len(waiting))
        for webhook in waiting:
            webhook._plan_delivery_now()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _plan_delivery(self, when=None):
        self.with_delay(
            eta=when or fields.Datetime.now(),
            identity_key=self._job_identity_key(PURPOSE),
            channel="root.oiconnect_webhook",
            description=self.env._("Send events to %s", self.display_name),
            max_retries=0,
        )._deliver()

    def _plan_delivery_now(self):
        """Send what waits, unless the receiver is left alone for now.

        An event that waits for its next try keeps no other one waiting.
        """
        for webhook in self.filtered(lambda one: one._is_sending()):
            webhook._plan_delivery(webhook.next_try_date)
            if webhook._may_try():
                webhook._run_pending_job_now(PURPOSE)

    def _deliver(self):
        """Send what waits, then plan what is left."""
        self.ensure_one()
        # Failures are reported to OI staff, in its language.
        self = self.with_context(lang=self._staff_language())
        self._send_in_turn(
            PURPOSE, self._deliver_one, "_next_delivery_date", self._plan_delivery
        )

    def _deliver_one(self):
        """Send one event; tell whether another one may follow at once."""
        with self._own_transaction() as webhook:
            call = webhook._next_call()
        if not call:
            return False
        end = self._make_call(call)
        with self._own_transaction() as webhook:
            return webhook._note_call(call, end)

    def _next_delivery_date(self):
        """Return when there is something to send, None when nothing is."""
        _event, when = self.env["oiconnect.event"]._next_of_webhook(self)
        if not when or not self._is_sending():
            return None
        return max(when, fields.Datetime.now(), self.next_try_date or when)

    def _is_sending(self):
        owner = self.operator_id
        is_used = self.active and self.network_id.active and (not owner or owner.active)
        return is_used and self.has_secret and not self.is_stopped

    # ------------------------------------------------------------------
    # One event
    # ------------------------------------------------------------------

    def _next_call(self):
        """Return the call of the event to send now, None when there is none."""
        if not self._is_sending() or not self._may_try():
            return None
        event, when = self.env["oiconnect.event"]._next_of_webhook(self)
        if not event or when > fields.Datetime.now():
            return None
        if not self._hears(event):
            raise ValueError(f"event {event.id} is not for webhook {self.id}")
        try:
            return self._prepare_call(event.flow, event._cloud_event(), event.id)
        except UserError as error:
            self._note_failure(str(error))
            return None

    def _prepare_call(self, kind, body, event_id=0):
        """Return the call that tells ``body``.

        :raises UserError: nothing may be sent to the address, or no secret can be read
        """
        if refusal := self._url_refusal():
            raise UserError(refusal)
        keys = self._keys()
        if not keys:
            raise UserError(self.env._("Make the secret that signs the events first."))
        check = self._address_check()
        return Call(event_id, kind, self.url, body, keys, self.timeout_seconds, check)

    def _make_call(self, call):
        """Make a call; return its :class:`CallEnd`. Nothing is read from the database.

        The status is what the receiver says; its content is stored for people.
        """
        start = time.monotonic()
        headers = {"Content-Type": wire.CONTENT_TYPE, "Accept": "*/*"}
        headers |= wire.signed_headers(call.keys, int(time.time()), call.body)
        status, content = 0, b""
        try:
            with way_out("webhook", call.seconds, call.check):
                status, _type, content = http_client.send(
                    call.address,
                    call.body,
                    headers,
                    call.seconds,
                    call.check,
                    ANSWER_SIZE,
                )
        except CallError as failure:
            error = failure.translated(self.env)
        else:
            error = "" if 200 <= status < 300 else self._status_text(status)
        milliseconds = round((time.monotonic() - start) * 1000)
        return CallEnd(status, error, _masked(content, call.keys), milliseconds)

    def _status_text(self, status):
        return self.env._("The receiver answers HTTP %s: 2xx takes an event.", status)

    def _note_call(self, call, end):
        """Write how a call ended on its event, on the receiver, in the journal.

        :return: whether another event may follow at once
        """
        event = self.env["oiconnect.event"].browse(call.event_id)
        attempt = event.try_count + 1
        if end.error:
            self._note_untaken(event, end.error)
        else:
            event._note_taken()
            self._note_success()
        self._log_call(call, end, attempt)
        return self._may_try()

    def _note_untaken(self, event, error):
        """Let an event be tried later, or give it up: a person has to look at it.

        Where nothing was taken since it fails, the receiver is stopped, and all others
        wait.
        """
        since = event.tried_since or fields.Datetime.now()
        hours = int(number(self.env, "webhook_hours", DEFAULT_HOURS))
        is_over = fields.Datetime.now() - since >= timedelta(hours=hours)
        is_new = not event.try_count
        event._note_untaken(error, since, self._next_try(event.try_count + 2), is_over)
        self._note_event_failure(error, is_new)
        if event.try_count == WARNED_AT and self.failure_count:
            self._warn(error)
        if is_over and (self.last_success_date or datetime.min) < since:
            self.is_stopped = True
            self._warn(
                self.env._("Nothing was taken for %s hours: nothing is sent.", hours)
            )

    # ------------------------------------------------------------------
    # State
    # ------------------------------------------------------------------

    def _next_try(self, count):
        """One failure may be that of one event: the next one goes at once."""
        return super()._next_try(count - 1) if count > 1 else False

    def _note_event_failure(self, error, is_new):
        """Wait longer after each other event that fails; not for one that fails again.

        One event at which a receiver fails keeps no other one waiting.
        """
        if is_new:
            self._note_failure(error)
            return
        when = self._next_try(self.failure_count) if self.failure_count else False
        self.write({"last_error": error, "next_try_date": when})

    def _note_success(self):
        if self.last_error:
            self.activity_unlink([TASK])
        self.last_success_date = fields.Datetime.now()
        return super()._note_success()

    # ------------------------------------------------------------------
    # Test
    # ------------------------------------------------------------------

    def action_test(self):
        """Send an event that tells nothing, and say what happens."""
        self.ensure_one()
        self.check_access("write")
        webhook = self.sudo()
        body = wire.cloud_event(
            f"test-{uuid.uuid4()}",
            self.network_id.oi_code,
            TEST,
            f"webhook/{self.id}",
            fields.Datetime.now(),
            {"event": "test"},
        )
        try:
            call = webhook._prepare_call(TEST, body)
        except UserError as error:
            return self._notify("danger", str(error))
        end = webhook._make_call(call)
        with webhook._own_transaction() as noted:
            noted._log_call(call, end, 1)
            if not end.error:
                noted._resume()
        if end.error:
            return self._notify("danger", end.error)
        return self._notify("success", self.env._("The receiver took the test event."))

    def _log_call(self, call, end, attempt):
        self.env["oiconnect.webhook.delivery"]._log(self, call, end, attempt)


def _masked(content, keys):
    """Return what a receiver answered, without the secrets that it may repeat."""
    text = content.decode(errors="replace").replace("\0", "")
    for _name, key in keys:
        text = text.replace(key, MASK)
    return text
