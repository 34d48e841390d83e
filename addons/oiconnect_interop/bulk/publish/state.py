"""Lines as last published, and their differences with the network.

Each series (a plan in one format) has its lines in one table. The moves of a series
are what its delta tells.
"""

from typing import NamedTuple

from odoo.tools import SQL

from .cells import SEPARATOR

CREATED, MODIFIED, REMOVED = "create", "modify", "remove"


class Moves(NamedTuple):
    """Counts of added, changed and removed lines of a series."""

    created: int
    modified: int
    removed: int


def make_table(cr):
    """Make the table of published lines."""
    cr.execute(
        """
        CREATE TABLE IF NOT EXISTS oiconnect_published_line (
            series_id int NOT NULL
                REFERENCES oiconnect_publication_series ON DELETE CASCADE,
            record_id int NOT NULL,
            line text NOT NULL,
            -- lines of a series, in the order of the file: series_id = x
            PRIMARY KEY (series_id, record_id)
        );
        COMMENT ON TABLE oiconnect_published_line
            IS 'lines of the publications, as operators have them';
        """
    )


class Series:
    """The published lines of one series, over a cursor.

    :param keys: ranks of the cells by which operators know a line: the first that is
        there counts, with what completes it
    """

    def __init__(self, cr, series_id, keys):
        self.cr = cr
        self.id = series_id
        self.keys = keys
        #: what moved: record_id, line before, line after
        self.moves = None

    def begin(self, source):
        """Take all lines as published: nothing was before."""
        self.cr.execute(
            SQL(
                """INSERT INTO oiconnect_published_line (series_id, record_id, line)
                   SELECT %s, n.record_id, n.line FROM (%s) n""",
                self.id,
                source.lines(),
            )
        )
        moves = Moves(self.cr.rowcount, 0, 0)
        self.cr.execute("ANALYZE oiconnect_published_line")
        self.moves = SQL(
            "(SELECT record_id, NULL::text AS before, line AS after "
            "FROM oiconnect_published_line WHERE series_id = %s) AS moves",
            self.id,
        )
        return moves

    def look(self, source, since=None):
        """Find what moved; ``since`` says after which date it was written.

        A line whose key changed is one removed and another created: an operator would
        keep the old one else.
        """
        self.moves = SQL.identifier(f"oiconnect_moves_{self.id}")
        self.cr.execute(SQL("DROP TABLE IF EXISTS %s", self.moves))
        changed = source.changed(since) if since else None
        self.cr.execute(
            SQL(
                """CREATE TEMP TABLE %(moves)s ON COMMIT DROP AS
                   SELECT n.record_id, o.line AS before, n.line AS after
                     FROM (%(lines)s) n
                     LEFT JOIN oiconnect_published_line o
                          ON o.series_id = %(series)s AND o.record_id = n.record_id
                    WHERE o.line IS DISTINCT FROM n.line""",
                moves=self.moves,
                lines=source.lines(changed),
                series=self.id,
            )
        )
        self._look_for_gone(source)
        self.cr.execute(SQL("ANALYZE %s", self.moves))
        return self._counts()

    def _look_for_gone(self, source):
        self.cr.execute(
            SQL(
                """INSERT INTO %(moves)s (record_id, before)
                   SELECT o.record_id, o.line FROM oiconnect_published_line o
                    WHERE o.series_id = %(series)s
                          AND NOT EXISTS (SELECT FROM (%(ids)s) n
                                           WHERE n.record_id = o.record_id)""",
                moves=self.moves,
                series=self.id,
                ids=source.ids(),
            )
        )

    def apply(self):
        """Take what moved as published."""
        self.cr.execute(
            SQL(
                """DELETE FROM oiconnect_published_line o USING %(moves)s m
                    WHERE o.series_id = %(series)s AND o.record_id = m.record_id
                          AND m.after IS NULL""",
                moves=self.moves,
                series=self.id,
            )
        )
        self.cr.execute(
            SQL(
                """INSERT INTO oiconnect_published_line AS o
                          (series_id, record_id, line)
                   SELECT %(series)s, record_id, after FROM %(moves)s
                    WHERE after IS NOT NULL
                   ON CONFLICT (series_id, record_id)
                   DO UPDATE SET line = excluded.line""",
                moves=self.moves,
                series=self.id,
            )
        )

    def _counts(self):
        self.cr.execute(
            SQL(
                """SELECT count(*) FILTER (WHERE before IS NULL OR %(moved)s),
                          count(*) FILTER (WHERE before <> after AND NOT %(moved)s),
                          count(*) FILTER (WHERE after IS NULL OR %(moved)s)
                     FROM %(moves)s""",
                moved=self._is_renamed(),
                moves=self.moves,
            )
        )
        return Moves(*self.cr.fetchone())

    def moved_ids(self):
        """Return the query of the records whose line is new or another one."""
        return SQL("SELECT record_id FROM %s WHERE after IS NOT NULL", self.moves)

    # -- queries of lines -------------------------------------------------------------

    def lines(self):
        """Return the query of all lines."""
        return SQL(
            "SELECT line FROM oiconnect_published_line WHERE series_id = %s "
            "ORDER BY record_id",
            self.id,
        )

    def moved_lines(self, prefix):
        """Return the query of the lines of a delta: those removed come first.

        :param prefix: ``prefix(kind)`` is the SQL text of the cells that come before
        """
        return SQL(
            """SELECT line FROM (
                   SELECT 1 AS rank, record_id, %(removed)s || before AS line
                     FROM %(moves)s WHERE after IS NULL OR %(moved)s
                    UNION ALL
                   SELECT 2, record_id,
                          CASE WHEN before IS NULL OR %(moved)s THEN %(created)s
                               ELSE %(modified)s END || after
                     FROM %(moves)s WHERE after IS NOT NULL
               ) AS q ORDER BY rank, record_id""",
            removed=prefix(REMOVED),
            created=prefix(CREATED),
            modified=prefix(MODIFIED),
            moves=self.moves,
            moved=self._is_renamed(),
        )

    def _is_renamed(self):
        before, after = self.key_of("before"), self.key_of("after")
        return SQL("COALESCE(%s <> %s, FALSE)", before, after)

    def key_of(self, side):
        """Return the SQL of what operators know a line by, before or after its move."""
        if not self.keys:
            return SQL("''")
        line = SQL.identifier(side)
        cells = [
            SQL("split_part(%s, %s, %s)", line, SEPARATOR, rank + 1)
            for rank in self.keys
        ]
        return SQL(" || '|' || ").join(cells)
