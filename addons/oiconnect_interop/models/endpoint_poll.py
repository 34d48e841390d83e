import logging
import posixpath
import re
import secrets
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.oiconnect_base.apart import apart

from ..transport import TransportError
from ..transport.sftp import is_temporary

_logger = logging.getLogger(__name__)

# A file of ours in the partner's folder: taken, its end still to be told.
CLAIM = re.compile(r"^\.oic-(?P<token>[0-9a-f]{16})-(?P<name>.+)$")
# One look takes this many files at most: a partner that drops thousands does
# not keep the others waiting.
FILES_PER_POLL = 20


class Endpoint(models.Model):
    """Reading: claim by rename, store, and only then tell it is taken."""

    _inherit = "oiconnect.endpoint"

    @api.model
    def _cron_poll(self):
        """Make sure that a look is planned for each account.

        Each look plans the next one; this is what starts them, and starts them
        again should one be lost.
        """
        for endpoint in self.search([("kind", "=", "sftp")]):
            endpoint._plan_poll()

    def _plan_poll(self, seconds=0):
        self.with_delay(
            eta=fields.Datetime.now() + timedelta(seconds=seconds),
            identity_key=f"oiconnect-poll-{self.id}",
            channel="root.oiconnect_poll",
            description=self.env._("Look for files of %s", self.display_name),
            max_retries=0,
        )._poll()

    def _poll(self):
        """Take what the operator dropped, then plan the next look."""
        self.ensure_one()
        # What goes wrong is told to OI staff.
        self = self.with_context(lang=self._staff_language())
        if not self.active:
            return
        soon = False
        if self._lock("poll") and self._may_try():
            try:
                with self._open() as box:
                    soon = self._take_files(box)
            except TransportError as error:
                self._note_failure(error.told(self.env))
            else:
                self._note_success()
                self.last_poll_date = fields.Datetime.now()
        self._plan_poll(1 if soon else self.poll_seconds)

    def _may_try(self):
        return not self.next_try_date or self.next_try_date <= fields.Datetime.now()

    def action_poll(self):
        """Look now, whatever the last failures (who sees accounts may do it)."""
        self.check_access("read")
        self.sudo().next_try_date = False
        self.sudo()._plan_poll()

    def _take_files(self, box):
        """Return whether there is more to do without waiting."""
        entries = box.list(self.in_folder)
        claims = [entry for entry in entries if CLAIM.match(entry.name)]
        self._settle_claims(box, claims)
        waiting = [entry for entry in entries if not is_temporary(entry.name)]
        stable = [entry for entry in waiting if self._is_stable(entry)]
        for entry in stable[:FILES_PER_POLL]:
            self._one_file(entry.name, self._claim, box, entry)
        self.seen_files = {entry.name: [entry.size, entry.time] for entry in waiting}
        return bool(waiting)

    def _one_file(self, name, do, *arguments):
        """Do a step of one file; what fails is told and keeps no other waiting.

        The file stays where it is: the next look tries the step again.
        """
        with apart(self.env.cr) as attempt:
            do(*arguments)
        error = attempt.error
        if not error:
            return
        if isinstance(error, TransportError):
            text = error.told(self.env)
        else:
            text = str(error)
            _logger.error("%s: %s cannot be taken", self.name, name, exc_info=error)
        self._warn(
            self.env._("%(name)s cannot be taken: %(error)s", name=name, error=text)
        )

    def _is_stable(self, entry):
        """A file is taken once two looks in a row saw it the same."""
        seen = (self.seen_files or {}).get(entry.name)
        return seen == [entry.size, entry.time]

    def _claim(self, box, entry):
        """Rename the file to a name of ours: nobody else takes it after that."""
        token = secrets.token_hex(8)
        claimed = posixpath.join(self.in_folder, f".oic-{token}-{entry.name}")
        box.rename(posixpath.join(self.in_folder, entry.name), claimed)
        self._store(box, claimed, token, entry.name)

    def _store(self, box, path, token, name):
        """Keep the content of a claimed file as an exchange."""
        exchanges = self.env["oiconnect.exchange"]
        try:
            content = box.read(path, exchanges._size_limit())
        except TransportError as error:
            if error.reason != "too_big":
                raise
            self._refuse_unread(name, token, error)
        else:
            exchanges._take_in(self, name, content, token)

    def _refuse_unread(self, name, token, error):
        exchange = self.env["oiconnect.exchange"]._take_in(self, name, b"", token)
        exchange._refuse(error.told(exchange.env))

    def _settle_claims(self, box, claims):
        """Move each claimed file to its last place once its end is known."""
        tokens = {CLAIM.match(entry.name)["token"]: entry for entry in claims}
        known = self.env["oiconnect.exchange"].search(
            [("claim_token", "in", list(tokens))]
        )
        by_token = {exchange.claim_token: exchange for exchange in known}
        for token, entry in tokens.items():
            path = posixpath.join(self.in_folder, entry.name)
            name = CLAIM.match(entry.name)["name"]
            if token not in by_token:
                # Claimed by a look that died before it was stored.
                self._one_file(name, self._store, box, path, token, name)
            elif by_token[token]._is_settled():
                self._one_file(name, self._put_away, box, path, name, by_token[token])

    def _put_away(self, box, path, name, exchange):
        folder = self.error_folder if exchange._is_refused() else self.archive_folder
        target = posixpath.join(folder, name)
        if box.size(target) is not None:
            target = posixpath.join(folder, f"{exchange.claim_token}-{name}")
        box.rename(path, target)
