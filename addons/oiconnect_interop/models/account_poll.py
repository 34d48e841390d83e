import logging
import math
import posixpath
import re
import secrets
import time
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models

from odoo.addons.oiconnect_base.apart import apart
from odoo.addons.oiconnect_orders.discreet import trace, without_values

from ..transport import TransportError, is_temporary, is_utf8, shown

_logger = logging.getLogger(__name__)

# A file of ours in the partner's folder: taken, its end still to be told.
CLAIM = re.compile(r"^\.oic-(?P<token>[0-9a-f]{16})-(?P<name>.+)$")
# One look takes this many files at most: a partner that drops thousands does
# not keep the others waiting.
FILES_PER_POLL = 20


class Seen(NamedTuple):
    """A file that waits: how many looks saw it so, since when, and what was tried."""

    size: int
    time: int
    since: float
    looks: int = 1
    failures: int = 0

    def failed(self):
        return self._replace(failures=self.failures + 1)


def _seen(entry, before, now):
    """Return what is known of ``entry``, which an earlier look saw or not."""
    known = before.get(entry.name)
    if not known or known[:2] != [entry.size, entry.time]:
        return Seen(entry.size, entry.time, now)
    # An account that was looked at before this was counted knows size and time only.
    found = Seen(*known) if len(known) > 2 else Seen(*known, now)
    return found._replace(looks=found.looks + 1)


class AccountMixin(models.AbstractModel):
    """Reading: claim by rename, store, and only then tell it is taken."""

    _inherit = "oiconnect.account.mixin"
    _free_fields = ("in_folder", "archive_folder", "error_folder")
    # Begins the names of its jobs
    _job_prefix = None

    in_folder = fields.Char("Their files", default="in", required=True)
    archive_folder = fields.Char("Files taken", default="in/archive", required=True)
    error_folder = fields.Char("Files refused", default="in/error", required=True)
    last_poll_date = fields.Datetime("Last look", readonly=True)
    seen_files = fields.Json(
        readonly=True,
        help="Of each file that waits: its size and time, since when they are so, how "
        "many looks saw it so, how often it could not be taken",
    )

    def _store(self, box, path, token, name):
        """Keep the content of a claimed file, under its ``token``."""
        raise NotImplementedError

    def _stored(self, tokens):
        """Return the records of the files claimed under ``tokens``.

        Each tells by ``_is_settled`` and ``_is_refused`` how it ended.
        """
        raise NotImplementedError

    # ------------------------------------------------------------------
    # Looks
    # ------------------------------------------------------------------

    @api.model
    def _cron_poll(self):
        """Make sure that a look is planned for each account.

        Each look plans the next one; this is what starts them, and starts them
        again should one be lost.
        """
        for account in self.search([("active", "=", True)]):
            account._plan_poll()

    def _job_key(self, purpose):
        """Return what makes a job the only one of its purpose that waits."""
        return f"{self._job_prefix}-{purpose}-{self.id}"

    def _plan_poll(self, seconds=0):
        self.with_delay(
            eta=fields.Datetime.now() + timedelta(seconds=seconds),
            identity_key=self._job_key("poll"),
            priority=self.env["oiconnect.exchange"]._present_priority(),
            channel="root.oiconnect_poll",
            description=self.env._("Look for files of %s", self.display_name),
            max_retries=0,
        )._poll()

    def _poll(self):
        """Take what was dropped, then plan the next look."""
        self.ensure_one()
        # What goes wrong is told to OI staff.
        self = self.with_context(lang=self._staff_language())
        if not self.active:
            return
        seconds = self.poll_seconds
        if self._lock("poll") and self._may_try():
            try:
                with self._open() as box:
                    seconds = min(seconds, self._take_files(box))
            except TransportError as error:
                self._note_failure(error.told(self.env))
            else:
                self._note_success()
                self.last_poll_date = fields.Datetime.now()
        self._plan_poll(seconds)

    def action_poll(self):
        """Look now, whatever the last failures (who sees accounts may do it)."""
        self.check_access("read")
        self.sudo().next_try_date = False
        self.sudo()._plan_poll()
        self._hasten("poll")

    def _hasten(self, purpose):
        """Do not wait for the time at which the next job of ``purpose`` is planned."""
        jobs = self.env["queue.job"].sudo()
        keys = [account._job_key(purpose) for account in self]
        jobs.search(
            [("identity_key", "in", keys), ("state", "=", "pending")]
        ).eta = False

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def _take_files(self, box):
        """Return after how many seconds there is more to do, if nothing new comes."""
        entries = self._in_utf8(box.list(self.in_folder))
        claims = [entry for entry in entries if CLAIM.match(entry.name)]
        self._settle_claims(box, claims)
        waiting = [entry for entry in entries if not is_temporary(entry.name)]
        before, now = self.seen_files or {}, time.time()
        seen = {entry.name: _seen(entry, before, now) for entry in waiting}
        still = [entry for entry in waiting if self._is_still(seen[entry.name], now)]
        # One that cannot be taken makes way for those that were not tried as often.
        still.sort(key=lambda entry: seen[entry.name].failures)
        for entry in still[:FILES_PER_POLL]:
            if self._one_file(entry.name, self._claim, box, entry):
                del seen[entry.name]
            else:
                seen[entry.name] = seen[entry.name].failed()
        self.seen_files = seen
        return 1 if len(seen) < len(waiting) else self._next_look(seen.values(), now)

    def _is_still(self, file, now):
        """A file is taken once it was the same for long enough, and at two looks."""
        return file.looks > 1 and file.since + self.still_seconds <= now

    def _next_look(self, files, now):
        """Return when the first of the files will have been still for long enough."""
        ends = [
            file.since + self.still_seconds - now for file in files if not file.failures
        ]
        return max(1, math.ceil(min(ends, default=self.poll_seconds)))

    def _in_utf8(self, entries):
        """Return the files whose names we can read; the others are told, and left."""
        for entry in entries:
            if not is_utf8(entry.name):
                self._warn(self._unreadable_name_text(entry))
        return [entry for entry in entries if is_utf8(entry.name)]

    def _unreadable_name_text(self, entry):
        return self.env._(
            "%s is left where it is: its name is not in UTF-8. Ask for the file under "
            "a name of the protocol, then have this one removed.",
            shown(entry.name),
        )

    def _one_file(self, name, do, *arguments):
        """Do a step of one file; what fails is told and keeps no other waiting.

        The file stays where it is: a later look tries the step again.

        :return: whether it was done
        """
        with apart(self.env.cr) as attempt:
            do(*arguments)
        error = attempt.error
        if not error:
            return True
        if isinstance(error, TransportError):
            text = error.told(self.env)
        else:
            text = str(without_values(error))
            _logger.error("%s: %s cannot be taken: %s", self.name, name, trace(error))
        self._warn(
            self.env._("%(name)s cannot be taken: %(error)s", name=name, error=text)
        )
        return False

    def _claim(self, box, entry):
        """Rename the file to a name of ours: nobody else takes it after that."""
        token = secrets.token_hex(8)
        claimed = posixpath.join(self.in_folder, f".oic-{token}-{entry.name}")
        box.rename(posixpath.join(self.in_folder, entry.name), claimed)
        self._store(box, claimed, token, entry.name)

    def _settle_claims(self, box, claims):
        """Move each claimed file to its last place once its end is known."""
        tokens = {CLAIM.match(entry.name)["token"]: entry for entry in claims}
        known = self._stored(list(tokens))
        by_token = {record.claim_token: record for record in known}
        for token, entry in tokens.items():
            path = posixpath.join(self.in_folder, entry.name)
            name = CLAIM.match(entry.name)["name"]
            if token not in by_token:
                # Claimed by a look that died before it was stored.
                self._one_file(name, self._store, box, path, token, name)
            elif by_token[token]._is_settled():
                refused = by_token[token]._is_refused()
                self._one_file(name, self._put_away, box, path, name, token, refused)

    def _put_away(self, box, path, name, token, refused=False):
        folder = self.error_folder if refused else self.archive_folder
        target = posixpath.join(folder, name)
        if box.size(target) is not None:
            target = posixpath.join(folder, f"{token}-{name}")
        box.rename(path, target)
