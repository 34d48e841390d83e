"""Journal of what an application does, with the old values: it can be undone.

Rows are written by the statement that changes the network: other parts of a statement
see the rows as they were before it.
"""

from contextlib import contextmanager

from odoo.tools import SQL


class Journal:
    """The journal of one run.

    :param run: ``ApplyRun``
    """

    def __init__(self, cr, run):
        self.cr = cr
        self.run = run

    @property
    def _head(self):
        """Values of ``import_id, company_id, date``: not before what this run writes.

        SQL writes the date of the run, the ORM that of the transaction.
        """
        return SQL(
            "%s, %s, %s::timestamp",
            self.run.import_id,
            self.run.head["company_id"],
            max(self.run.head["date"], self.cr.now()),
        )

    def _insert(self, table, kind, rows):
        """Return the insertion of ``rows``: first_id, last_id, before, after."""
        return SQL(
            """INSERT INTO oiconnect_gracethd_journal
                      (import_id, company_id, date, table_name, kind, first_id,
                       last_id, before, after)
               SELECT %s, %s, %s, r.* FROM (%s) AS r""",
            self._head,
            table,
            kind,
            rows,
        )

    def created(self, table, ids):
        """Keep the ranges of the ids that a query gives as ``id``."""
        self.cr.execute(self._insert(table, "created", _ranges(ids)))

    def changed(self, table, alias, statement):
        """Run an UPDATE of ``table AS alias``; return how many rows it wrote."""
        written = SQL(
            "%s RETURNING to_jsonb(%s) AS row_after", statement, SQL.identifier(alias)
        )
        self.cr.execute(
            SQL("WITH written AS (%s) %s", written, self.differences(table, "written"))
        )
        return self.cr.rowcount

    def differences(self, table, written):
        """Return the insertion of the old and new values of rows that are written.

        :param written: name of the part of the statement that returns ``row_after``
        """
        pairs = SQL(
            """SELECT o.id, to_jsonb(o) AS old, w.row_after AS new
                 FROM %s w JOIN %s o ON o.id = (w.row_after ->> 'id')::int""",
            SQL.identifier(written),
            SQL.identifier(table),
        )
        return self._insert(table, "changed", _changes(pairs))

    def upserted(self, table, alias, statement, existing):
        """Run an INSERT … ON CONFLICT DO UPDATE; keep the whole old rows.

        New values are not stored: the rows tell the import that wrote them last.

        :param existing: query of the rows that may conflict: none in a first delivery,
            which need not look for the old rows of millions
        """
        self.cr.execute(SQL("SELECT EXISTS (%s)", existing))
        if not self.cr.fetchone()[0]:
            written = SQL("%s RETURNING %s", statement, SQL.identifier(alias, "id"))
            made = SQL("SELECT w.id FROM written w")
            self.cr.execute(
                SQL(
                    "WITH written AS (%s) %s",
                    written,
                    self._insert(table, "created", _ranges(made)),
                )
            )
            return
        old = SQL(
            """SELECT o.id, o.id AS last_id, to_jsonb(o) AS before, NULL::jsonb AS after
                 FROM written w JOIN %s o ON o.id = w.id""",
            SQL.identifier(table),
        )
        new = SQL(
            """SELECT w.id FROM written w WHERE NOT EXISTS (
                   SELECT FROM %s o WHERE o.id = w.id)""",
            SQL.identifier(table),
        )
        self.cr.execute(
            SQL(
                "WITH written AS (%s RETURNING %s), old AS (%s) %s",
                statement,
                SQL.identifier(alias, "id"),
                self._insert(table, "changed", old),
                self._insert(table, "created", _ranges(new)),
            )
        )

    @contextmanager
    def watched(self, table, condition):
        """Keep what the block creates and changes by other means than one statement.

        :param condition: SQL on ``t`` that finds the rows before and after: a page
        """
        rows = SQL("%s t WHERE %s", SQL.identifier(table), condition)
        self.cr.execute(SQL("SELECT t.id, to_jsonb(t)::text FROM %s", rows))
        before = dict(self.cr.fetchall())
        yield
        ids = list(before)
        self.created(table, SQL("SELECT t.id FROM %s AND t.id <> ALL(%s)", rows, ids))
        pairs = SQL(
            """SELECT t.id, o.old, to_jsonb(t) AS new
                 FROM unnest(%s::int[], %s::jsonb[]) AS o(id, old)
                 JOIN %s t ON t.id = o.id""",
            ids,
            list(before.values()),
            SQL.identifier(table),
        )
        changed = SQL("%s WHERE d.before IS NOT NULL", _changes(pairs))
        self.cr.execute(self._insert(table, "changed", changed))

    def deleted(self, table, rows):
        """Keep whole rows, which the query ``rows`` gives, that are to be deleted."""
        gone = SQL("SELECT t.id, t.id, to_jsonb(t), NULL::jsonb FROM (%s) t", rows)
        self.cr.execute(self._insert(table, "deleted", gone))

    def linked(self, table, statement, existing):
        """Run an INSERT into a table of pairs; keep those of records that were there.

        :param existing: condition on ``w``; pairs of new records go with these
        """
        rows = SQL(
            "SELECT NULL::int, NULL::int, NULL::jsonb, to_jsonb(w) FROM written w "
            "WHERE %s",
            existing,
        )
        self.cr.execute(
            SQL(
                "WITH written AS (%s RETURNING *) %s",
                statement,
                self._insert(table, "linked", rows),
            )
        )

    def close(self):
        """Take away the changes of rows that this run created."""
        self.cr.execute(
            SQL(
                """DELETE FROM oiconnect_gracethd_journal c
                    USING oiconnect_gracethd_journal n
                    WHERE c.import_id = %(import_id)s AND c.kind = 'changed'
                      AND n.import_id = %(import_id)s AND n.kind = 'created'
                      AND n.table_name = c.table_name
                      AND c.first_id BETWEEN n.first_id AND n.last_id""",
                import_id=self.run.import_id,
            )
        )
        self.cr.execute("ANALYZE oiconnect_gracethd_journal")


def _changes(pairs):
    """Return the query of what differs in rows that a query gives: id, old, new."""
    return SQL(
        """SELECT p.id, p.id AS last_id, d.before, d.after
             FROM (%s) p
            CROSS JOIN LATERAL (
                  SELECT jsonb_object_agg(b.key, b.value) AS before,
                         jsonb_object_agg(b.key, p.new -> b.key) AS after
                    FROM jsonb_each(p.old) b
                   WHERE b.value IS DISTINCT FROM p.new -> b.key) d""",
        pairs,
    )


def _ranges(ids):
    """Return the query of the ranges that the ids of a query are."""
    return SQL(
        """SELECT min(q.id), max(q.id), NULL::jsonb, NULL::jsonb
             FROM (SELECT i.id, i.id - row_number() OVER (ORDER BY i.id) AS island
                     FROM (%s) i) q
            GROUP BY q.island""",
        ids,
    )
