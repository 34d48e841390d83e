from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...soap import PayloadError
from ...soap.services import sav

PURPOSE = "notify"
# The person in charge is notified again of a server that does not answer
HOURS_BETWEEN_WARNINGS = 24
# What may make an account work that did not
MENDING_FIELDS = {"url", "remote_login", "remote_password", "is_notified", "active"}


class SoapAccount(models.Model):
    """Notifications: the messages of the outbox whose channel is ``soap``.

    One job an account, the oldest message first, one at a time: what happens to a
    ticket is sent in its order. A message is marked as sent once the operator's server
    confirmed it: after a kill, the one whose end is not known is sent again with the
    same version number.
    """

    _inherit = "oiconnect.soap.account"
    _job_prefix = "oiconnect-soap"

    warned_date = fields.Datetime("Person in charge told on", readonly=True, copy=False)
    pending_count = fields.Integer("Messages to send", compute="_compute_pending_count")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_pending_count(self):
        """Count the messages that wait; nothing of what the user may not read."""
        events, counts = self.env["oiconnect.event"], {}
        if events.has_access("read"):
            counts = {
                (operator, network): count
                for operator, network, count in events._read_group(
                    events._to_notify() & self._notified_domain(),
                    ["operator_id", "network_id"],
                    ["__count"],
                )
            }
        for account in self:
            key = (account.operator_id, account.network_id)
            account.pending_count = counts.get(key, 0)

    def _notified_domain(self):
        """Return the domain of the messages to the operators of these accounts."""
        return Domain.OR(
            Domain("operator_id", "=", account.operator_id.id)
            & Domain("network_id", "=", account.network_id.id)
            for account in self
        )

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts.sudo()._plan_notifications_now()
        return accounts

    def write(self, vals):
        result = super().write(vals)
        if MENDING_FIELDS & vals.keys():
            self.sudo()._plan_notifications_now()
        return result

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_test_connection(self):
        """Call the operator's server and show the result; no message is sent.

        The call is ``getSupportedOptionalOperations``, which concerns no ticket.
        """
        self.ensure_one()
        self.check_access("write")
        account = self.sudo()
        try:
            call = account._prepare_call(
                sav.SERVICE.operation("getSupportedOptionalOperations"), {}
            )
        except UserError as error:
            return self._notify("danger", str(error))
        end = account._make_call(call)
        with account._own_transaction() as noted:
            noted._note_test(call, end)
        if end.outcome in ("retry", "stop"):
            return self._notify("danger", end.text)
        # A server that does not know this call has let us in.
        if end.outcome == "refused":
            text = self.env._("The server lets us in, and answers: %s", end.text)
            return self._notify("warning", text)
        return self._notify("success", self.env._("The connection works."))

    def _note_test(self, call, end):
        self._log_call(call, end)
        if end.outcome in ("retry", "stop"):
            return
        self._note_success()
        self._plan_notifications_now()

    def action_view_pending(self):
        """Open the messages that wait for this account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_base.event_action"
        )
        domain = self.env["oiconnect.event"]._to_notify() & self._notified_domain()
        return action | {"domain": list(domain), "context": {}}

    # ------------------------------------------------------------------
    # Jobs
    # ------------------------------------------------------------------

    @api.model
    def _cron_notify(self):
        """Plan the job of each operator that has to hear of something.

        Woken by each message; the interval is a safety net.
        """
        waiting = self.env["oiconnect.event"]._waiting_partners()
        self.env["ir.cron"]._commit_progress(remaining=len(waiting))
        for operator, network in waiting:
            self._begin_notifying(operator, network)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _begin_notifying(self, operator, network):
        """Plan the job of an operator, or say why nothing leaves."""
        account = self.search(
            [("operator_id", "=", operator.id), ("network_id", "=", network.id)],
            limit=1,
        )
        events = self.env["oiconnect.event"]
        if not account:
            events._wait_for_account(operator, network)
        elif not account.is_notified:
            events._skip_unwanted(operator, network)
        else:
            events._forget_reasons(operator, network)
            account._plan_notifications()

    def _plan_notifications(self, when=None):
        self.with_delay(
            eta=when or fields.Datetime.now(),
            identity_key=self._job_identity_key(PURPOSE),
            channel="root.oiconnect_notify",
            description=self.env._("Notify %s of its tickets", self.display_name),
            max_retries=0,
        )._send_notifications()

    def _plan_notifications_now(self):
        """Do not wait for the next try: something has changed."""
        events = self.env["oiconnect.event"]
        for account in self.filtered(lambda one: one.active and one.is_notified):
            events._forget_reasons(account.operator_id, account.network_id)
            if account.next_try_date:
                account.next_try_date = False
            account._plan_notifications()
            account._run_pending_job_now(PURPOSE)

    def _send_notifications(self):
        """Send what waits, the oldest first, then plan what is left."""
        self.ensure_one()
        # Failures are reported to OI staff, in its language.
        self = self.with_context(lang=self._staff_language())
        self._send_in_turn(
            PURPOSE,
            self._send_one,
            "_next_notification_date",
            self._plan_notifications,
        )

    def _send_one(self):
        """Send the oldest message; tell whether another one may follow at once."""
        with self._own_transaction() as account:
            call = account._next_notification()
        if not call:
            return False
        end = self._make_call(call)
        with self._own_transaction() as account:
            account._note_notification(call, end)
        return end.outcome not in ("retry", "stop")

    def _next_notification_date(self):
        """Return the date of the next message, None without message or receiver."""
        if not self._is_calling() or not self._oldest_notification():
            return None
        return max(fields.Datetime.now(), self.next_try_date or fields.Datetime.now())

    def _is_calling(self):
        services = self.env["oiconnect.soap.service"]
        is_open = self._is_of_partner() and self.is_notified and not self.stopped_code
        return is_open and services._is_in_service(sav.SERVICE.key, "called")

    # ------------------------------------------------------------------
    # One message
    # ------------------------------------------------------------------

    def _oldest_notification(self):
        """Return the message to send next."""
        return self._oldest_event(Domain.TRUE)

    def _oldest_event(self, domain):
        events = self.env["oiconnect.event"]
        domain &= events._to_notify() & self._notified_domain()
        return events.search(domain, order="id", limit=1)

    def _next_notification(self):
        """Return the call that tells the oldest message, None when none may be made.

        A message that the contract does not allow is in error, and the next one goes.
        """
        if not self._is_calling() or not self._may_try():
            return None
        while event := self._oldest_notification():
            try:
                call = self._notification_call(event)
            except UserError as error:
                self._note_failure(str(error))
                return None
            if call:
                return call
        return None

    def _notification_call(self, event):
        """Return the call of a message; mark it and return None if it fits none."""
        notification = event._notification()
        if not notification:
            return None
        payload, lists = notification
        try:
            return self._prepare_call(sav.SET, payload, lists, event.id)
        except PayloadError as error:
            event._note_unsent(
                self.env._(
                    "The contract of the service does not allow this message: %s", error
                )
            )
        return None

    def _note_notification(self, call, end):
        """Write how a call ended on its message, on the account, in the journal."""
        event = self.env["oiconnect.event"].browse(call.event_id)
        if end.outcome == "stop":
            self._stop(end)
        elif end.outcome == "retry":
            self._note_failure(end.text)
        else:
            self._note_success()
            if end.outcome == "refused":
                event._note_unsent(end.text)
            else:
                event._note_sent()
        self._log_call(call, end)

    # ------------------------------------------------------------------
    # State
    # ------------------------------------------------------------------

    def _stop(self, end):
        """Send nothing more until a person has acted, who is notified now."""
        self.write({"stopped_code": str(end.code), "last_error": end.text})
        self._warn(end.text)

    def _note_failure(self, message):
        """Tell the person in charge at the first failure, and again each day."""
        result = super()._note_failure(message)
        now = fields.Datetime.now()
        if self.failure_count == 1:
            self.warned_date = now
        elif now - (self.warned_date or now) >= timedelta(hours=HOURS_BETWEEN_WARNINGS):
            self.warned_date = now
            self._warn(message)
        return result

    def _note_success(self):
        if self.failure_count or self.last_error or self.stopped_code:
            self._end_tasks()
            self.write({"stopped_code": False, "warned_date": False})
        return super()._note_success()

    def _end_tasks(self):
        """Remove the tasks about a server that works again."""
        said = self.last_error or ""
        tasks = self.activity_ids.filtered("summary")
        tasks.filtered(lambda task: said.startswith(task.summary)).unlink()
