from typing import NamedTuple

from odoo import fields, models

from odoo.addons.oiconnect_base.time_zone import to_local, to_utc

MEGABYTE = 1024 * 1024


class Room(NamedTuple):
    """What may still be taken of an account today; None: as much as there is."""

    files: int | None
    size: int | None

    def less(self, size):
        """Return what is left after a file of ``size``, None when it does not fit."""
        files = None if self.files is None else self.files - 1
        left = None if self.size is None else self.size - size
        fits = (files is None or files >= 0) and (left is None or left >= 0)
        return Room(files, left) if fits else None


class AccountMixin(models.AbstractModel):
    """What one account may bring in a day: nobody fills our disk."""

    _inherit = "oiconnect.account.mixin"
    _free_fields = ("day_files", "day_megabytes")

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

    def _stored_since(self, start):
        """Return the (number, bytes) of the files taken since ``start``."""
        raise NotImplementedError

    def _file_limit(self):
        """Return the bytes of the largest file that is read."""
        raise NotImplementedError

    def _room(self):
        if not (self.day_files or self.day_megabytes):
            return Room(None, None)
        count, size = self._stored_since(self._day_start())
        files, megabytes = self.day_files, self.day_megabytes
        return Room(
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
        return bool(self._room().less(self._weight(entry)))

    def _within_quota(self, entries, most):
        """Return the first of ``entries`` that may be taken today, ``most`` of them.

        One that does not fit stays where it is, and keeps no smaller one waiting.
        """
        room = self._room() if entries else None
        fitting, left = [], False
        for entry in entries:
            after = room.less(self._weight(entry))
            if not after:
                left = True
            elif len(fitting) < most:
                room = after
                fitting.append(entry)
        self._note_quota(left)
        return fitting

    def _note_quota(self, is_over):
        """Show that files wait; the person in charge is told when they begin to."""
        if not is_over:
            if self.quota_error:
                self.quota_error = False
            return
        told = self.quota_error
        self.quota_error = self._quota_text()
        if not told:
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
