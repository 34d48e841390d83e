import time
from datetime import timedelta

from odoo import fields, models

# One job makes so many calls, and begins none after so many seconds: the jobs of
# other partners have their turn.
CALLS_PER_JOB = 100
SECONDS_PER_JOB = 30
# An account that another worker has is looked at again so many seconds later.
BUSY_SECONDS = 5
BACK_OFF_FIRST = 30
BACK_OFF_LAST = 3600
TASK = "mail.mail_activity_data_warning"
MAX_TASKS = 20


class RetryMixin(models.AbstractModel):
    """A server of a partner that may not answer: waits, tries again, tells a person.

    The model has a network, whose company's language is that of its staff.
    """

    _name = "oiconnect.retry.mixin"
    _description = "Tried again"
    _inherit = ["mail.activity.mixin", "oiconnect.own.transaction"]
    _free_fields = ("responsible_id",)
    # What the identity keys of the jobs of this model begin with
    _job_prefix = None
    # Failures in a row of which the first warning is
    _warned_at = 1

    responsible_id = fields.Many2one("res.users", help="Who is told of a failure")
    last_error = fields.Char(readonly=True)
    failure_count = fields.Integer("Failures in a row", readonly=True)
    next_try_date = fields.Datetime("Next try", readonly=True)

    def _lock(self, purpose):
        """Take this account for ``purpose`` until the transaction ends.

        :return: False when another worker has it
        """
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
            (f"{self._name}.{purpose}", self.id),
        )
        return self.env.cr.fetchone()[0]

    def _job_identity_key(self, purpose):
        """Return the identity key: one pending job for each purpose and account."""
        return f"{self._job_prefix}-{purpose}-{self.id}"

    def _run_pending_job_now(self, purpose):
        """Clear the eta of the account's pending job of ``purpose``."""
        jobs = self.env["queue.job"].sudo()
        keys = [account._job_identity_key(purpose) for account in self]
        jobs.search(
            [("identity_key", "in", keys), ("state", "=", "pending")]
        ).eta = False

    def _send_in_turn(self, purpose, send_one, next_date, plan):
        """Job: send one message after the other, then plan what is left.

        No transaction is open on a message while the partner's server is waited for.

        :param send_one: sends one; tells whether another one may follow at once
        :param next_date: name of the method that returns when there is something to
            send, None when nothing is
        :param plan: plans this job at a date
        """
        if not self._lock(purpose):
            plan(fields.Datetime.now() + timedelta(seconds=BUSY_SECONDS))
            return
        end = time.monotonic() + SECONDS_PER_JOB
        for _n in range(CALLS_PER_JOB):
            if time.monotonic() > end or not send_one():
                break
        with self._own_transaction() as account:
            when = getattr(account, next_date)()
        if when:
            # With the end of this job, which holds the account until then.
            plan(when)

    def _staff_language(self):
        """Language of the person in charge."""
        return self.responsible_id.lang or self.company_id.partner_id.lang

    def _note_success(self):
        if self.failure_count or self.last_error:
            self.write(
                {"failure_count": 0, "last_error": False, "next_try_date": False}
            )

    def _note_failure(self, message):
        """Wait longer after each failure in a row."""
        count = self.failure_count + 1
        self.write(
            {
                "failure_count": count,
                "last_error": message,
                "next_try_date": self._next_try(count),
            }
        )
        if count == self._warned_at:
            self._warn(message)

    def _next_try(self, count):
        """Return when to try again after ``count`` failures: within an hour."""
        delay = min(BACK_OFF_FIRST * 2 ** min(count - 1, 10), BACK_OFF_LAST)
        return fields.Datetime.now() + timedelta(seconds=delay)

    def _may_try(self):
        return not self.next_try_date or self.next_try_date <= fields.Datetime.now()

    def _warn(self, message):
        # Whoever drops thousands of files that cannot be taken leaves a few tasks.
        if len(self.activity_ids) < MAX_TASKS:
            self._give_task(self, message)

    def _give_task(self, record, message, user=None):
        """Leave a task on ``record``, once while it is open.

        :param user: notified when the account has no person in charge
        """
        summary = message[:250]
        person = self.responsible_id or user
        if person and summary not in record.activity_ids.mapped("summary"):
            record.activity_schedule(TASK, summary=summary, user_id=person.id)

    def _notify(self, kind, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": message, "sticky": kind == "danger"},
        }
