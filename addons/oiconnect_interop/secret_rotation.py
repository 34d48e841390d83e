"""The key of secrets is changed: what older ones encrypted goes over to the first."""

from contextlib import suppress

from cryptography.fernet import InvalidToken, MultiFernet

from odoo import api
from odoo.tools import SQL, split_every

from . import secret

BATCH = 500


def secret_columns(registry):
    """Return ``[(table, column)]`` of all secrets that a database may hold."""
    return sorted(
        (model._table, name)
        for model in registry.models.values()
        if model._auto
        for name in getattr(model, "_secret_fields", ())
    )


def reencrypt(registry):
    """Encrypt by the first key what older keys encrypted, in one transaction.

    Once done, the older keys may be taken from the server; twice is as once.

    :return: ``(number of secrets encrypted again, ["table, id", …] of those that no
        key of the server reads, which stay as they are)``
    """
    with registry.cursor() as cr:
        columns = secret_columns(registry)
        # Before anything is read: what is read is then what is true until the end.
        for table in sorted({table for table, _column in columns}):
            cr.execute(
                SQL("LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE", SQL.identifier(table))
            )
        rotation = _Rotation(cr)
        for table, column in columns:
            rotation.run(table, column)
        return rotation.count, rotation.unreadable


class _Rotation:
    def __init__(self, cr):
        self.cr = cr
        first, *older = secret.fernets(api.Environment(cr, api.SUPERUSER_ID, {}))
        self.first = first
        self.every = MultiFernet([first, *older])
        self.count = 0
        self.unreadable = []

    def run(self, table, column):
        self.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE %s IS NOT NULL ORDER BY id",
                SQL.identifier(table),
                SQL.identifier(column),
            )
        )
        ids = [row[0] for row in self.cr.fetchall()]
        for batch in split_every(BATCH, ids, list):
            self._run_batch(table, column, batch)

    def _run_batch(self, table, column, ids):
        self.cr.execute(
            SQL(
                "SELECT id, %s FROM %s WHERE id = ANY(%s)",
                SQL.identifier(column),
                SQL.identifier(table),
                ids,
            )
        )
        for row_id, token in self.cr.fetchall():
            self._run_token(table, column, row_id, token.encode())

    def _run_token(self, table, column, row_id, token):
        with suppress(InvalidToken):
            self.first.decrypt(token)
            return
        try:
            renewed = self.every.rotate(token).decode()
        except InvalidToken:
            self.unreadable.append(f"{table}, {row_id}")
            return
        self.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(table),
                SQL.identifier(column),
                renewed,
                row_id,
            )
        )
        self.count += 1
