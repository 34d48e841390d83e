"""Temporary tables of an export; they go with its transaction."""

from odoo.tools import SQL


class Work:
    """Temporary tables of one export."""

    def __init__(self, cr):
        self.cr = cr
        self._made = []

    def make(self, name, query, *indexed):
        """Make a table of the rows of ``query``, with an index on each column given."""
        table = SQL.identifier(name)
        self.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        self.cr.execute(SQL("CREATE TEMP TABLE %s ON COMMIT DROP AS %s", table, query))
        for column in indexed:
            self.cr.execute(
                SQL("CREATE INDEX ON %s (%s)", table, SQL.identifier(column))
            )
        self.cr.execute(SQL("ANALYZE %s", table))
        self._made.append(name)

    def close(self):
        for name in reversed(self._made):
            self.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(name)))
        self._made = []
