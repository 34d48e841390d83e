"""Merge of the valid lines of a staging table into a model, with history.

Lines that change nothing write nothing. The others are written by batches, each by
four statements: history of changes, update, insertion with its history, and before
them the places of the points, projected on arrays.
"""

from typing import NamedTuple

from odoo.tools import SQL

from .indexes import built_after
from .places import Places, of_batch

BATCH = 50_000


class Counts(NamedTuple):
    """Counts of created, changed and abandoned records of a model.

    ``abandoned`` are those that left the file, of the ``present`` ones before it.
    """

    model: str
    created: int
    changed: int
    unchanged: int
    abandoned: int = 0
    present: int = 0


class Run(NamedTuple):
    """Author, date and reason of the changes, for the history."""

    network: object
    user_id: int
    date: object
    reason: str
    batch: str

    def head(self, model):
        """Return the SQL of what all lines of ``model`` in the history share."""
        values = {
            "res_model": model,
            "network_id": self.network.id,
            "date": self.date,
            "user_id": self.user_id,
            "reason": self.reason,
            "batch": self.batch,
        }
        return {
            "head": SQL(", ").join(map(SQL.identifier, values)),
            "head_values": SQL(", ").join(SQL("%s", v) for v in values.values()),
        }


class Merge:
    """Merge of one ``Target``.

    :param lines: query of the lines concerned
    :param matches: query of the (line, id) of the records that exist
    """

    def __init__(self, target, run, lines, matches):
        self.target = target
        self.stage = target.stage
        self.cr = target.stage.cr
        self.run = run
        self.lines = lines
        self.matches = matches
        self.created = 0

    def execute(self, tick, look=None):
        """Write what is new or differs; ``tick(done, total)`` after each batch.

        :param look: ``look(work)``, called before anything is written; ``work`` is the
            table of the lines to write, with the id of the record that each changes; it
            may take some away
        """
        table = self.target.model._table
        self.target.settle()
        matched = self.stage.side(f"{table}_matched", self.matches)
        self.work = self.stage.side(f"{table}_work", self._work(matched))
        self.cr.execute(SQL("CREATE INDEX ON %s (line)", self.work))
        known, total, changed = self._sizes(matched)
        if changed and look:
            look(self.work)
            known, total, changed = self._sizes(matched)
        with built_after(self.cr, table, total - changed):
            places = Places(self.target, self.work).by_batch(self._bounds(total))
            for rank, (bounds, points) in enumerate(places, 1):
                self._write(bounds, points, changed)
                tick(min(rank * BATCH, total), total)
        return Counts(self.target.model._name, self.created, changed, known - changed)

    # -- what is to do ----------------------------------------------------------------

    def _work(self, matched):
        """Lines that create a record (no id), or change one."""
        return SQL(
            """SELECT l.line, NULL::int AS id FROM (%(lines)s) AS l
                WHERE NOT EXISTS (SELECT FROM %(matched)s m WHERE m.line = l.line)
                UNION ALL
               SELECT m.line, m.id FROM %(matched)s m
                 JOIN %(stage)s s ON s.line = m.line %(joins)s
                 JOIN %(table)s t ON t.id = m.id
                WHERE %(differs)s""",
            lines=self.lines,
            matched=matched,
            stage=self.stage.table,
            joins=self.target.joins(),
            table=self.target.table,
            differs=self.target.differs("t"),
        )

    def _sizes(self, matched):
        self.cr.execute(
            SQL(
                "SELECT (SELECT count(*) FROM %s), count(*), count(id) FROM %s",
                matched,
                self.work,
            )
        )
        return self.cr.fetchone()

    def _bounds(self, total):
        """Yield the (first, last] lines of each batch."""
        self.cr.execute(
            SQL(
                """SELECT line FROM (
                       SELECT line, row_number() OVER (ORDER BY line) AS rank FROM %s
                   ) AS r WHERE rank %% %s = 0 OR rank = %s ORDER BY line""",
                self.work,
                BATCH,
                total,
            )
        )
        first = -1
        for (last,) in self.cr.fetchall():
            yield first, last
            first = last

    # -- writing ----------------------------------------------------------------------

    def _write(self, bounds, points, changed):
        if changed:
            rows = self._rows(bounds, points, "t")
            self.cr.execute(self._log_changes(rows))
            self.cr.execute(self._update(rows))
        self.cr.execute(self._insert(self._rows(bounds, points)))
        self.created += self.cr.rowcount

    def _rows(self, bounds, points, record=None):
        """Query of the new values of the lines of a batch.

        :param record: alias of the records to change; the lines create some if none
        """
        target = self.target
        values = target.written(record) | target.address_parts(record)
        if target.has_place:
            values |= self._place(record)
        return SQL(
            """SELECT n.* %(address)s FROM (
                   SELECT w.id AS record_id, %(values)s
                     FROM %(work)s w JOIN %(stage)s s ON s.line = w.line
                     %(joins)s %(existing)s
                     LEFT JOIN %(points)s ON p.line = w.line
                    WHERE %(batch)s AND w.id IS %(null)s
                    ORDER BY w.line) n""",
            address=SQL(", %s AS address", target.model._address_sql("n"))
            if target.has_address
            else SQL(""),
            values=SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in values.items()
            ),
            work=self.work,
            stage=self.stage.table,
            joins=target.joins(),
            existing=SQL("JOIN %s t ON t.id = w.id", target.table)
            if record
            else SQL(""),
            points=points,
            batch=of_batch(bounds),
            null=SQL("NOT NULL" if record else "NULL"),
        )

    def _place(self, record):
        """Return the degrees of the lines of a batch, whose points are ``p``."""
        places = {
            name: SQL("COALESCE(%s, 0)", SQL.identifier("p", name))
            for name in ("latitude", "longitude")
        }
        if not record:
            return places
        return {
            name: SQL(
                "CASE WHEN %s THEN %s ELSE %s END",
                self.target.is_elsewhere(record),
                SQL.identifier(record, name),
                place,
            )
            for name, place in places.items()
        }

    def _columns(self):
        """Names of the columns that the file writes."""
        address = ["address"] if self.target.has_address else []
        place = ["latitude", "longitude"] if self.target.has_place else []
        return [*self.target.written(), *address, *place]

    def _update(self, rows):
        return SQL(
            "UPDATE %s AS t SET %s, write_uid = %s, write_date = %s "
            "FROM (%s) n WHERE t.id = n.record_id",
            self.target.table,
            SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), SQL.identifier("n", name))
                for name in self._columns()
            ),
            self.run.user_id,
            self.run.date,
            rows,
        )

    def _insert(self, rows):
        """Insertion of new records, and of their creation in the history.

        A conflict can only come from a record made meanwhile by someone else: the
        transaction is refused by PostgreSQL, and the import starts again.
        """
        columns = self._columns()
        constants = self._constants()
        return SQL(
            """WITH made AS (
                   INSERT INTO %(table)s AS t (%(columns)s, %(constant_columns)s)
                   SELECT %(values)s, %(constants)s FROM (%(rows)s) n
                   ON CONFLICT DO NOTHING
                   RETURNING t.id, %(reference)s AS reference)
               INSERT INTO oiconnect_change (res_id, reference, kind, %(head)s)
               SELECT id, reference, 'create', %(head_values)s FROM made""",
            table=self.target.table,
            columns=SQL(", ").join(map(SQL.identifier, columns)),
            constant_columns=SQL(", ").join(map(SQL.identifier, constants)),
            values=SQL(", ").join(SQL.identifier("n", name) for name in columns),
            constants=SQL(", ").join(constants.values()),
            rows=rows,
            reference=self._reference(),
            **self.run.head(self.target.model._name),
        )

    def _constants(self):
        network = self.run.network
        values = {
            name: value
            for name, value in self.target.constants.items()
            if name not in self.target.values
        } | {
            "network_id": network.id,
            "company_id": network.company_id.id,
            "create_uid": self.run.user_id,
            "create_date": self.run.date,
            "write_uid": self.run.user_id,
            "write_date": self.run.date,
        }
        return {name: SQL("%s", value) for name, value in values.items()}

    # -- history ----------------------------------------------------------------------

    def _log_changes(self, rows):
        target = self.target
        texts = [
            SQL(
                "(%s, %s, %s)",
                name,
                target.text(name, SQL.identifier("t", name)),
                target.text(name, SQL.identifier("n", name)),
            )
            for name in target.tracked()
        ]
        return SQL(
            """INSERT INTO oiconnect_change
                      (res_id, reference, kind, field, before, after, %(head)s)
               SELECT t.id, %(reference)s, 'write', v.field, v.before, v.after,
                      %(head_values)s
                 FROM (%(rows)s) n JOIN %(table)s t ON t.id = n.record_id
                CROSS JOIN LATERAL (VALUES %(texts)s) AS v(field, before, after)
                WHERE v.before IS DISTINCT FROM v.after""",
            reference=self._reference(),
            rows=rows,
            table=target.table,
            texts=SQL(", ").join(texts),
            **self.run.head(target.model._name),
        )

    def _reference(self):
        parts = [SQL.identifier("t", name) for name in self.target.reference]
        return SQL("COALESCE(%s)", SQL(", ").join(parts))
