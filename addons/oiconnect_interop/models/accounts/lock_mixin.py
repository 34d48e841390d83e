from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...parameters import number

DEFAULT_TRIES = 10
DEFAULT_LOCK_MINUTES = 15


def lock_limits(env):
    """Return how many wrong secrets lock, and for how many minutes."""
    tries = max(1, int(number(env, "lock_tries", DEFAULT_TRIES)))
    return tries, number(env, "lock_minutes", DEFAULT_LOCK_MINUTES)


class LockMixin(models.AbstractModel):
    """Opened by a secret, and closed for a time after wrong ones.

    No record at all takes the same path, on no row: an unknown name costs the same
    work as a wrong secret.
    """

    _name = "oiconnect.lock.mixin"
    _description = "Locked by wrong secrets"
    _inherit = "oiconnect.own.transaction"

    # How many times as many tries as the parameter says
    _lock_factor = 1

    refused_count = fields.Integer("Wrong secrets in a row", readonly=True)
    locked_until = fields.Datetime(readonly=True, copy=False)
    is_locked = fields.Boolean("Locked", compute="_compute_is_locked")

    @api.depends("locked_until")
    def _compute_is_locked(self):
        """A lock ends by itself: its date is stored until the next right secret."""
        for record in self:
            record.is_locked = record._is_locked()

    def _is_locked(self):
        return bool(self.locked_until and self.locked_until > fields.Datetime.now())

    def _note_refusal(self):
        """Count a refused call, by a commit of its own; lock the record if it is time.

        What the call itself does is rolled back or not: the count is not.
        """
        self._in_own_transaction("_count_refusal")

    def _count_refusal(self):
        tries, minutes = lock_limits(self.env)
        tries *= self._lock_factor
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s
                      SET refused_count = COALESCE(refused_count, 0) + 1,
                          locked_until = CASE
                              WHEN (COALESCE(refused_count, 0) + 1) %% %(tries)s = 0
                              THEN %(until)s
                              ELSE locked_until END
                    WHERE id = %(id)s
                      AND (locked_until IS NULL OR locked_until <= %(now)s)
                RETURNING refused_count %% %(tries)s = 0""",
                table=SQL.identifier(self._table),
                tries=tries,
                until=now + timedelta(minutes=minutes),
                id=self.id or 0,
                now=now,
            ),
            log_exceptions=False,
        )
        counted = self.env.cr.fetchone()
        self.invalidate_recordset(["refused_count", "locked_until"])
        if counted and counted[0]:
            self._tell_locked(int(minutes))

    def _tell_locked(self, minutes):
        """Hook: tell a person that the record was locked."""

    def _note_access(self):
        """A right secret ends the count."""
        if self.refused_count:
            self._in_own_transaction("_unlock")

    def _unlock(self):
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET refused_count = 0, locked_until = NULL WHERE id = %s",
                SQL.identifier(self._table),
                self.id,
            )
        )

    def action_unlock(self):
        """Let the secret be tried again."""
        self.check_access("write")
        self.sudo().write({"refused_count": 0, "locked_until": False})
