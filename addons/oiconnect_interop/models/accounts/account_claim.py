import posixpath
import secrets
from datetime import timedelta

from odoo import api, fields, models

from ...transport import TransportError

# How the name of a file of ours begins in the partner's folder: claimed, its end
# not known yet. What makes it ours is that it is known here.
CLAIM = ".oic-"
# Bytes of a name on most servers
NAME_LENGTH = 255
# An upload that stalled goes on into the file that was taken: it is looked at for so
# long.
WATCH = timedelta(days=1)
# First look at a file after it was put away; the next ones come as late again.
FIRST_CHECK = timedelta(minutes=1)
# Files put away that one look asks about: it lasts as long however many there are.
WATCHED_PER_POLL = 50


class AccountMixin(models.AbstractModel):
    """Claimed files: moved to their final folder, checked again for one day."""

    _inherit = "oiconnect.account.mixin"

    def _store(self, transfer, claim, earlier=None):
        """Store the content of a claimed file.

        :param earlier: what was stored of the same file before it changed
        """
        raise NotImplementedError

    def _stored(self, tokens):
        """Return the records of the files claimed under ``tokens``.

        Each tells by ``_is_settled`` and ``_is_refused`` how it ended, by
        ``_is_at_rest`` whether the file may be taken anew.
        """
        raise NotImplementedError

    def _stored_by_token(self, claims):
        records = self._stored([claim.token for claim in claims])
        return {record.claim_token: record for record in records}

    # ------------------------------------------------------------------
    # What is written at once
    # ------------------------------------------------------------------

    def _claims_among(self, entries):
        """Return ``{name in the folder: claim}`` of the files listed that are ours."""
        paths = [
            posixpath.join(self.in_folder, entry.name)
            for entry in entries
            if entry.name.startswith(CLAIM)
        ]
        if not paths:
            return {}
        found = self._find_claims([("path", "in", paths)])
        return {posixpath.basename(claim.path): claim for claim in found}

    def _find_claims(self, domain, **options):
        with self._own_transaction() as account:
            claims = account.env["oiconnect.claim"]
            return claims.search(claims._of(account) + domain, **options)._claimed()

    def _prepare_claims(self, entries, listed):
        """Return ``{name: claim}`` of files that are about to be renamed.

        A file that could not be renamed has one already.
        """
        names = [entry.name for entry in entries]
        before = self._find_claims([("name", "in", names), ("put_path", "=", False)])
        stored = self._stored_by_token(before)
        here = {claim.token for claim in listed.values()}
        claims = {
            claim.name: claim
            for claim in before
            if claim.token not in here and claim.token not in stored
        }
        new = [name for name in names if name not in claims]
        return claims | {claim.name: claim for claim in self._write_claims(new)}

    def _write_claims(self, names):
        if not names:
            return []
        with self._own_transaction() as account:
            vals = [account._claim_vals(name) for name in names]
            return account.env["oiconnect.claim"].create(vals)._claimed()

    def _claim_vals(self, name):
        token, now = secrets.token_hex(8), fields.Datetime.now()
        return {
            "account_model": self._name,
            "account_id": self.id,
            "company_id": self.company_id.id,
            "token": token,
            "name": name,
            "path": posixpath.join(self.in_folder, clipped(f"{CLAIM}{token}-{name}")),
            "date": now,
            "check_date": now + WATCH,
        }

    def _note_claim(self, claim, **vals):
        with self._own_transaction() as account:
            claims = account.env["oiconnect.claim"]
            claims.search([("token", "=", claim.token)]).write(vals)

    def _forget_claim(self, claim):
        with self._own_transaction() as account:
            claims = account.env["oiconnect.claim"]
            claims.search([("token", "=", claim.token)]).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_claims(self):
        claims = self.env["oiconnect.claim"].sudo()
        for account in self:
            claims.search(claims._of(account)).unlink()

    # ------------------------------------------------------------------
    # Ends
    # ------------------------------------------------------------------

    def _follow_up_claim(self, transfer, claim, record):
        """Do what is next with a file that was taken: it may have changed since."""
        entry = transfer.entry(claim.here)
        if not record or not entry:
            self._forget_claim(claim)
        elif entry.stat == (record.claim_stat or entry.stat):
            self._move_to_final_folder(transfer, claim, record)
        else:
            self._take_again(transfer, claim, record, entry)

    def _move_to_final_folder(self, transfer, claim, record):
        """Move the file to the folder of its end, where it is looked at for a day."""
        folder = self.error_folder if record._is_refused() else self.archive_folder
        if posixpath.dirname(claim.here) != folder and record._is_settled():
            self._move(transfer, claim, folder)
        elif not claim.put_path:
            self._note_claim(claim, check_date=fields.Datetime.now() + WATCH)
        elif claim.date + WATCH <= fields.Datetime.now():
            self._forget_claim(claim)
        else:
            self._plan_check(claim)

    def _move(self, transfer, claim, folder):
        target = posixpath.join(folder, claim.name)
        if transfer.size(target) is not None:
            target = posixpath.join(folder, clipped(f"{claim.token}-{claim.name}"))
        check_date = fields.Datetime.now() + FIRST_CHECK
        self._note_claim(claim, put_path=target, check_date=check_date)
        transfer.rename(claim.here, target)

    def _plan_check(self, claim):
        now = fields.Datetime.now()
        wait = max(FIRST_CHECK, now - claim.date)
        self._note_claim(
            claim,
            check_date=min(now + wait, claim.date + WATCH),
            moved_stat=False,
            moved_date=False,
        )

    def _take_again(self, transfer, claim, record, entry):
        """Take a file that changed after it was taken, once it stands still."""
        now, still = fields.Datetime.now(), timedelta(seconds=self.still_seconds)
        since = claim.moved_date
        if entry.stat != claim.moved_stat or since > now:
            self._note_claim(
                claim, moved_stat=entry.stat, moved_date=now, check_date=now + still
            )
            return
        self._note_claim(claim, check_date=now + FIRST_CHECK)
        if since + still <= now and record._is_at_rest() and self._fits(entry):
            self._store(transfer, claim, record)

    def _recheck_archived_files(self, transfer, listed):
        """Check archived files again, in rotation; delete claims without a file."""
        due = self._find_claims(
            [("check_date", "<=", fields.Datetime.now())],
            order="check_date",
            limit=WATCHED_PER_POLL,
        )
        stored = self._stored_by_token(due)
        here = {claim.token for claim in listed.values()}
        for claim in due:
            if claim.token in here:
                self._note_claim(claim, check_date=fields.Datetime.now() + WATCH)
            elif error := self._attempt(
                claim.name,
                self._follow_up_claim,
                transfer,
                claim,
                stored.get(claim.token),
            ):
                self._note_unseen(claim, error)

    def _note_unseen(self, claim, error):
        """Record that an archived file could not be checked."""
        wait = FIRST_CHECK * 60
        if not isinstance(error, TransportError):
            self._warn(self._failure_text(claim.name, error))
        elif error.reason == "changed":
            wait = FIRST_CHECK
        self._note_claim(claim, check_date=fields.Datetime.now() + wait)


def clipped(name):
    """Return as much of a name as servers take."""
    return name.encode()[:NAME_LENGTH].decode(errors="ignore")
