import logging
import math
import posixpath
import time
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models

from odoo.addons.oiconnect_base.isolated_savepoint import isolated_savepoint
from odoo.addons.oiconnect_base.log_redaction import (
    error_kind,
    redacted_error,
    redacted_traceback,
)
from odoo.addons.oiconnect_base.time_zone import to_local, to_utc
from odoo.addons.oiconnect_import.models.runs.failure_text import (
    SECONDS_AFTER_OURS,
    is_ours,
)

from ...transport import TransportError, is_temporary, is_utf8, shown
from .account_claim import CLAIM

_logger = logging.getLogger(__name__)

# One look takes this many files at most: a partner that drops thousands does
# not keep the others waiting.
FILES_PER_POLL = 20
# A file that cannot be taken is tried at so many looks, then once an hour, until it
# was tried as often as the last: then it is left to a person.
TRIES_AT_ONCE = 5
SECONDS_BETWEEN = 3600
TRIES = 24
# Files left where they are, listed by name
MAX_FILE_NAMES = 5


class Seen(NamedTuple):
    """A file of the folder: how many looks saw it so, since when, and what failed."""

    size: int
    time: int
    since: float
    looks: int = 1
    failures: int = 0
    failed_at: float = 0
    # Put off by a fault of ours, which is no failure of the file
    put_off_at: float = 0

    def failed(self, now):
        return self._replace(failures=self.failures + 1, failed_at=now, put_off_at=0)

    def put_off(self, now):
        return self._replace(put_off_at=now)

    def may_be_tried(self, now):
        if 0 <= now - self.put_off_at < SECONDS_AFTER_OURS:
            return False
        if self.failures < TRIES_AT_ONCE:
            return True
        # A clock that was set back keeps no file waiting.
        waited = not 0 <= now - self.failed_at < SECONDS_BETWEEN
        return waited and self.failures < TRIES


def abbreviate(names):
    """Return the first of ``names`` as a text."""
    return ", ".join(names[:MAX_FILE_NAMES]) + (
        ", …" if len(names) > MAX_FILE_NAMES else ""
    )


def _seen(entry, before, now):
    """Return what is known of ``entry``, which an earlier look saw or not."""
    known = before.get(shown(entry.name))
    if not known or known[:2] != [entry.size, entry.time]:
        return Seen(entry.size, entry.time, now)
    # An account that was looked at before this was counted knows size and time only.
    found = Seen(*known) if len(known) > 2 else Seen(*known, now)
    # The clock may have been set back since.
    return found._replace(looks=found.looks + 1, since=min(found.since, now))


MEGABYTE = 1024 * 1024


class DailyQuota(NamedTuple):
    """Remaining quota of an account today; None: no limit."""

    files: int | None
    size: int | None

    def consume(self, size):
        """Return what is left after a file of ``size``, None when it does not fit."""
        files = None if self.files is None else self.files - 1
        left = None if self.size is None else self.size - size
        fits = (files is None or files >= 0) and (left is None or left >= 0)
        return DailyQuota(files, left) if fits else None


class AccountMixin(models.AbstractModel):
    """Polling: claim files by rename, then store them.

    What one account may bring in a day is limited: none can fill our disk.
    """

    _inherit = "oiconnect.account.mixin"
    _free_fields = (
        "in_folder",
        "archive_folder",
        "error_folder",
        "day_files",
        "day_megabytes",
    )

    in_folder = fields.Char("Their files", default="in", required=True)
    archive_folder = fields.Char("Files taken", default="in/archive", required=True)
    error_folder = fields.Char("Files refused", default="in/error", required=True)
    last_poll_date = fields.Datetime("Last look", readonly=True)
    seen_files = fields.Json(
        readonly=True,
        help="Of each file that waits: its size and time, since when they are so, how "
        "many looks saw it so, how often and when it could not be taken",
    )

    day_files = fields.Integer(
        "Files a day",
        default=20_000,
        required=True,
        tracking=True,
        help="Those beyond wait in their folder until tomorrow; 0: as many as there "
        "are",
    )
    day_megabytes = fields.Integer(
        "Megabytes a day",
        default=2_000,
        required=True,
        tracking=True,
        help="Files beyond wait in their folder until tomorrow; 0: as much as there is",
    )
    quota_error = fields.Char("Files that wait", readonly=True, copy=False)

    _quota_not_negative = models.Constraint(
        "CHECK (day_files >= 0 AND day_megabytes >= 0)",
        "The files and megabytes of a day are no negative numbers: 0 sets no limit.",
    )

    # ------------------------------------------------------------------
    # Looks
    # ------------------------------------------------------------------

    @api.model
    def _cron_poll(self):
        """Plan the polling job of each account that has none.

        Each look plans the next one; this is what starts them, and starts them
        again should one be lost.
        """
        for account in self.search([("active", "=", True)]):
            account._plan_poll()

    def _plan_poll(self, seconds=0):
        self.with_delay(
            eta=fields.Datetime.now() + timedelta(seconds=seconds),
            identity_key=self._job_identity_key("poll"),
            priority=self.env["oiconnect.exchange"]._present_priority(),
            channel="root.oiconnect_poll",
            description=self.env._("Look for files of %s", self.display_name),
            max_retries=0,
        )._poll()

    def _poll(self):
        """Take what was dropped, then plan the next look."""
        self.ensure_one()
        # Errors are shown to OI staff.
        self = self.with_context(lang=self._staff_language())
        if not self.active:
            return
        seconds = self.poll_seconds
        if self._lock("poll") and self._may_try():
            try:
                with self._open() as transfer:
                    seconds = min(seconds, self._take_files(transfer))
            except TransportError as error:
                self._note_failure(error.translated(self.env))
            else:
                self._note_success()
                self.last_poll_date = fields.Datetime.now()
        self._plan_poll(seconds)

    def action_poll(self):
        """Look now, whatever the last failures (who sees accounts may do it)."""
        self.check_access("read")
        self.sudo()._forget_failures()
        self.sudo()._plan_poll()
        self._run_pending_job_now("poll")

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def _take_files(self, transfer):
        """Return after how many seconds there is more to do, if nothing new comes."""
        listed = transfer.list(self.in_folder)
        before, now = self.seen_files or {}, time.time()
        seen = {shown(entry.name): _seen(entry, before, now) for entry in listed}
        entries = [entry for entry in listed if is_utf8(entry.name)]
        claims = self._claims_among(entries)
        stored = self._stored_by_token(claims.values())
        self._report_ignored_files(listed, claims, before)
        self._recheck_archived_files(transfer, claims)
        self._finish_claims(transfer, claims, stored, seen, now)
        waiting = [
            entry for entry in entries if self._is_waiting(entry.name, claims, stored)
        ]
        taken = self._claim_stable_files(transfer, waiting, claims, seen, now)
        self.seen_files = seen
        left = [seen[entry.name] for entry in waiting if entry.name in seen]
        return 1 if taken else self._next_look(left, now)

    def _is_waiting(self, name, claims, stored):
        """Tell whether a file is to be taken; one of ours may not be stored yet."""
        if name in claims:
            return claims[name].token not in stored
        return not is_temporary(name)

    def _claim_stable_files(self, transfer, waiting, claims, seen, now):
        """Take files that stand still; return how many were."""
        still = [
            entry
            for entry in waiting
            if self._is_still(seen[entry.name], now)
            and seen[entry.name].may_be_tried(now)
        ]
        # One that cannot be taken makes way for those that were not tried as often.
        still.sort(key=lambda entry: seen[entry.name].failures)
        tried = self._within_quota(still, FILES_PER_POLL)
        new = [entry for entry in tried if entry.name not in claims]
        claims = claims | (self._prepare_claims(new, claims) if new else {})
        return sum(
            self._step(
                seen, entry.name, now, claim.name, self._take, transfer, claim, entry
            )
            for entry in tried
            for claim in [claims[entry.name]]
        )

    def _is_still(self, file, now):
        """A file is taken once it was the same for long enough, and at two looks."""
        return file.looks > 1 and file.since + self.still_seconds <= now

    def _next_look(self, files, now):
        """Return when the first of the files will have been still for long enough."""
        ends = [
            file.since + self.still_seconds - now
            for file in files
            if not self._is_still(file, now)
        ]
        return max(1, math.ceil(min(ends, default=self.poll_seconds)))

    def _report_ignored_files(self, listed, claims, before):
        """Notify staff once of files that are not ours to take."""
        new = [entry.name for entry in listed if shown(entry.name) not in before]
        if odd := [shown(name) for name in new if not is_utf8(name)]:
            self._warn(
                self.env._(
                    "Left where they are: %s. Names that are not in UTF-8 cannot be "
                    "read. Ask for the files under names of the protocol, then have "
                    "these removed.",
                    abbreviate(odd),
                )
            )
        if foreign := [n for n in new if n.startswith(CLAIM) and n not in claims]:
            self._warn(
                self.env._(
                    "Left where they are: %s. Files of ours are named so while they "
                    "are taken. Ask for the files under names of the protocol, then "
                    "have these removed.",
                    abbreviate(foreign),
                )
            )

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def _step(self, seen, key, now, name, do, *arguments):
        """Run a step of one file; count its failures, or forget them.

        :return: whether it was done
        """
        error = self._attempt(name, do, *arguments)
        # It went on while it was read: it is waited for as for a new one.
        if not error or getattr(error, "reason", None) == "changed":
            del seen[key]
            return True
        if is_ours(error):
            seen[key] = seen[key].put_off(now)
            self._warn(
                self.env._(
                    "Files wait and are tried again every minute: this server lacks "
                    "room, memory or its database (%s). See to it.",
                    error_kind(error),
                )
            )
            return False
        seen[key] = seen[key].failed(now)
        if seen[key].failures == TRIES:
            self._warn(
                self.env._(
                    "%(name)s could not be taken in %(count)s tries and is left where "
                    "it is: %(error)s. Fix it, then use Look now.",
                    name=name,
                    count=TRIES,
                    error=self._error_text(error),
                )
            )
        elif seen[key].failures == 1:
            self._warn(self._failure_text(name, error))
        return False

    def _attempt(self, name, do, *arguments):
        """Run a step of one file in a savepoint; return its error, or None."""
        with isolated_savepoint(self.env.cr) as attempt:
            do(*arguments)
        error = attempt.error
        if error and not isinstance(error, TransportError):
            _logger.error(
                "%s: %s cannot be taken: %s", self.name, name, redacted_traceback(error)
            )
        return error

    def _failure_text(self, name, error):
        return self.env._(
            "%(name)s cannot be taken: %(error)s",
            name=name,
            error=self._error_text(error),
        )

    def _error_text(self, error):
        if isinstance(error, TransportError):
            return error.translated(self.env)
        return str(redacted_error(error))

    def _forget_failures(self):
        """Try again what was given up.

        Nothing is written where nothing failed: a look that is under way would be
        undone by it, and what that look has to tell lost.
        """
        for account in self:
            if account.next_try_date:
                account.next_try_date = False
            files = account.seen_files or {}
            if any(len(file) > 4 and file[4] for file in files.values()):
                account.seen_files = {name: file[:4] for name, file in files.items()}

    def _take(self, transfer, claim, entry):
        """Rename the file to a name of ours, and store its content.

        No other job takes it after that.
        """
        path = posixpath.join(self.in_folder, entry.name)
        if path != claim.path:
            transfer.rename(path, claim.path)
        if transfer.size(claim.path) != entry.size:
            raise TransportError("changed", path=claim.path)
        self._store(transfer, claim)

    def _finish_claims(self, transfer, claims, stored, seen, now):
        """Move each file that was taken to its last place once its end is known."""
        for name, claim in claims.items():
            record = stored.get(claim.token)
            if record and record._is_settled() and seen[name].may_be_tried(now):
                # It is here: it was not moved, whatever was meant.
                claim = claim._replace(put_path=False)
                self._step(
                    seen,
                    name,
                    now,
                    claim.name,
                    self._follow_up_claim,
                    transfer,
                    claim,
                    record,
                )

    # ------------------------------------------------------------------
    # Quota of a day
    # ------------------------------------------------------------------

    def _stored_since(self, start):
        """Return the (number, bytes) of the files taken since ``start``."""
        raise NotImplementedError

    def _file_limit(self):
        """Return the bytes of the largest file that is read."""
        raise NotImplementedError

    def _quota(self):
        if not (self.day_files or self.day_megabytes):
            return DailyQuota(None, None)
        count, size = self._stored_since(self._day_start())
        files, megabytes = self.day_files, self.day_megabytes
        return DailyQuota(
            files - count if files else None,
            megabytes * MEGABYTE - size if megabytes else None,
        )

    def _day_start(self):
        """Return when the day began in Paris, by the clock that dates records."""
        now = to_local(self.env.cr.now())
        return to_utc(now.replace(hour=0, minute=0, second=0, microsecond=0))

    def _weight(self, entry):
        """Return the bytes that a file takes here: one too large is not read."""
        return entry.size if entry.size <= self._file_limit() else 0

    def _fits(self, entry):
        return bool(self._quota().consume(self._weight(entry)))

    def _within_quota(self, entries, most):
        """Return the first of ``entries`` that may be taken today, ``most`` of them.

        One that does not fit stays where it is, and keeps no smaller one waiting.
        """
        quota = self._quota() if entries else None
        fitting, left = [], False
        for entry in entries:
            after = quota.consume(self._weight(entry))
            if not after:
                left = True
            elif len(fitting) < most:
                quota = after
                fitting.append(entry)
        self._note_quota(left)
        return fitting

    def _note_quota(self, is_over):
        """Store that files wait for the quota; notify when it begins."""
        if not is_over:
            if self.quota_error:
                self.quota_error = False
            return
        was_over = self.quota_error
        self.quota_error = self._quota_text()
        if not was_over:
            self._warn(self.quota_error)

    def _quota_text(self):
        limits = []
        if self.day_files:
            limits.append(self.env._("files: %s", self.day_files))
        if self.day_megabytes:
            limits.append(self.env._("%s MB", self.day_megabytes))
        return self.env._(
            "More was dropped in %(folder)s than is taken in a day (%(limits)s): the "
            "other files wait there until tomorrow, or until you raise these limits.",
            folder=self.in_folder,
            limits=", ".join(limits),
        )
