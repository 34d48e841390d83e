"""Merge of the rows of a delivery into one model of the network, with history.

Rows are prepared in a table of their own: what does not differ from the network writes
nothing. A record is found by the code that an earlier delivery gave it, else by its
reference. What the delivery leaves void stays as it is.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from psycopg2 import DataError, IntegrityError

from odoo.tools import SQL, mute_logger

#: separates the parts of a key
_PART = "\x1f"
#: records of a model that are created at once, from which the planner has to know
_MANY = 1000


class Counts(NamedTuple):
    """Counts of one model, as ``oiconnect.import.count`` keeps them."""

    model: str
    created: int
    changed: int
    unchanged: int
    abandoned: int = 0
    present: int = 0


class RowRefused(Exception):
    """The database refuses a row of the delivery; its cause says why.

    :param model: model that the row is for
    :param table: table of the delivery, the file of which the caller knows
    """

    def __init__(self, model, table, line):
        super().__init__(f"{table}, row {line}")
        self.model = model
        self.table = table
        self.line = line
        self.file = table


@dataclass
class Item:
    """Declaration of how one model is filled.

    :param model: the model
    :param rows: query of line, code and the columns of the model, in any order
    :param key: columns that tell a record from the others of the network
    :param table: table of the standard that the rows come from
    :param fixed: columns written at creation only
    :param followed: columns that become void too, with the delivery
    :param sizes: most characters of the columns of the key
    :param labels: {column: (table, column or ``label(alias)``)} that the history
        calls relations by
    :param refusals: [(message key, columns, condition)] on ``t`` and ``n``: what is in
        use stays as it is
    :param reference: column, or ``label(alias)``, that names the record
    :param may_be_void: the last column of the key may be void
    :param counted: the result tells how many there are
    :param by_code: records are found by their code first; else by the key alone
    :param renamed: {column of the rows: column of the model} where they differ
    :param checks: [(message key, assignments, condition)] on ``n``: what the network
        cannot hold is reported, and written otherwise
    :param filled: columns that are written where the record has none
    :param exclusive: [(message key, columns)] that one record alone may have
    :param cleared: columns of unique indexes, that records may exchange
    """

    model: str
    rows: SQL
    key: tuple
    table: str = ""
    fixed: tuple = ()
    followed: tuple = ()
    sizes: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)
    refusals: tuple = ()
    reference: Any = "reference"
    may_be_void: bool = False
    counted: bool = True
    by_code: bool = False
    renamed: dict = field(default_factory=dict)
    checks: tuple = ()
    cleared: tuple = ()
    exclusive: tuple = ()
    filled: tuple = ()

    def column(self, name):
        """Return the SQL name, in the model, of a column of the rows."""
        return SQL.identifier(self.renamed.get(name, name))

    def name_of(self, alias):
        """Return the SQL of what a record is called."""
        return named(self.reference, alias)

    @property
    def table_name(self):
        return self.model.replace(".", "_")

    @property
    def sql_table(self):
        return SQL.identifier(self.table_name)

    @property
    def name(self):
        return self.model.removeprefix("oiconnect.").replace(".", "_")


def named(reference, alias):
    """Return the SQL of a name: that of a column, or ``reference(alias)``."""
    if callable(reference):
        return reference(alias)
    return SQL("%s::text", SQL.identifier(alias, reference))


class Merger:
    """Merges items, one after the other; each leaves its table for those after it.

    :param base: ``Base``: names of working tables
    :param run: ``ApplyRun``: network, user, date, reason and batch of the changes
    :param tell: ``tell(table, key, query, params)``; the query gives line and value
        of what is left out, and may take it away
    """

    def __init__(self, base, run, tell):
        self.base = base
        self.cr = base.cr
        self.run = run.head
        self.journal = run.journal
        self.tell = tell
        self.tracked = run.tracked
        self.dated = run.dated
        self.today = run.today
        self.counts = []

    def merge(self, item):
        """Bring the rows of an item to the network."""
        rows = self.base.make(f"n_{item.name}", item.rows)
        self.columns = [
            name for name in self.base.columns(f"n_{item.name}") if name not in _OWN
        ]
        self.item, self.rows = item, rows
        self.cr.execute(
            SQL(
                """ALTER TABLE %s ADD COLUMN res_id int,
                   ADD COLUMN row_new boolean DEFAULT FALSE,
                   ADD COLUMN row_changed boolean DEFAULT FALSE,
                   ADD COLUMN k text""",
                rows,
            )
        )
        self._set_keys()
        self._match()
        self._number()
        self._compare()
        self._log_changes()
        abandoned, present = self._abandoned() if "state" in self.updated else (0, 0)
        changed = self._written(self._update, "row_changed")
        created = self._written(self._insert, "row_new")
        if created >= _MANY:
            # What follows would be planned for the table as it was: nearly empty
            self.cr.execute(SQL("ANALYZE %s", item.sql_table))
        self.cr.execute(SQL("CREATE INDEX ON %s (code)", rows))
        self.cr.execute(SQL("ANALYZE %s", rows))
        if not item.counted:
            return
        self.cr.execute(SQL("SELECT count(*) FROM %s", rows))
        total = self.cr.fetchone()[0]
        self.counts.append(
            Counts(
                item.model,
                created,
                changed - abandoned,
                total - created - changed,
                abandoned,
                present,
            )
        )

    # -- which record is which ---------------------------------------------------------

    def _key(self, alias):
        parts = [
            SQL("COALESCE(%s::text, '')", SQL.identifier(alias, name))
            for name in self.item.key
        ]
        return SQL("concat_ws(%s, %s)", _PART, SQL(", ").join(parts))

    def _set_keys(self):
        """Leave out the rows without key, and those that say it a second time."""
        item = self.item
        self.cr.execute(SQL("UPDATE %s n SET k = %s", self.rows, self._key("n")))
        void = SQL("COALESCE(n.%s::text, '') = ''", SQL.identifier(item.key[-1]))
        long = [
            SQL("length(n.%s) > %s", SQL.identifier(name), size)
            for name, size in item.sizes.items()
        ]
        if not item.may_be_void:
            self._leave_out("apply_no_reference", void)
        for condition, size in zip(long, item.sizes.values(), strict=True):
            self._leave_out("apply_long_reference", condition, limit=size)
        self._leave_out(
            "apply_doubled",
            SQL(
                """n.ctid IN (SELECT m.ctid FROM (
                    SELECT ctid, row_number() OVER (PARTITION BY k ORDER BY line)
                           AS rank FROM %s) m WHERE m.rank > 1)""",
                self.rows,
            ),
        )

    def _leave_out(self, key, condition, **params):
        """Tell the rows that meet a condition, and take them away."""
        query = SQL(
            "DELETE FROM %s n WHERE %s RETURNING n.line, %s AS value",
            self.rows,
            condition,
            self.item.name_of("n"),
        )
        self.tell(self.item.table, key, query, params)

    def _match(self):
        item, network = self.item, self.run["network_id"]
        self.known = self.base.make(
            f"k_{item.name}",
            SQL(
                "SELECT t.id, %s AS k FROM %s t WHERE t.network_id = %s",
                self._key("t"),
                item.sql_table,
                network,
            ),
        )
        self.base.analyze(f"k_{item.name}")
        if item.table and item.by_code:
            self.cr.execute(
                SQL(
                    """UPDATE %s n SET res_id = o.res_id
                         FROM oiconnect_gracethd_object o
                         JOIN %s t ON t.id = o.res_id
                        WHERE o.network_id = %s AND o.table_name = %s
                          AND o.code = n.code AND o.res_model = %s""",
                    self.rows,
                    self.known,
                    network,
                    item.table,
                    item.model,
                )
            )
            self._tell_other_keys()
        self.cr.execute(
            SQL(
                """UPDATE %(rows)s n SET res_id = t.id FROM %(known)s t
                    WHERE n.res_id IS NULL AND t.k = n.k AND NOT EXISTS (
                        SELECT FROM %(rows)s m WHERE m.res_id = t.id)""",
                rows=self.rows,
                known=self.known,
            )
        )
        self._leave_out(
            "apply_taken",
            SQL(
                "n.res_id IS NULL AND EXISTS (SELECT FROM %s t WHERE t.k = n.k)",
                self.known,
            ),
        )

    def _tell_other_keys(self):
        """A record keeps its reference: operators and people know it by that."""
        query = SQL(
            """SELECT n.line, %s AS value FROM %s n
                 JOIN %s t ON t.id = n.res_id WHERE t.k <> n.k""",
            self.item.name_of("n"),
            self.rows,
            self.known,
        )
        self.tell(self.item.table, "apply_other_reference", query, {})

    def _number(self):
        self.cr.execute(
            SQL(
                """UPDATE %s n SET row_new = TRUE,
                          res_id = nextval(pg_get_serial_sequence(%s, 'id'))
                    WHERE res_id IS NULL""",
                self.rows,
                self.item.model.replace(".", "_"),
            )
        )
        self.cr.execute(SQL("CREATE INDEX ON %s (res_id)", self.rows))
        self.cr.execute(SQL("ANALYZE %s", self.rows))

    # -- what changes ------------------------------------------------------------------

    @property
    def updated(self):
        unchanged = {*self.item.fixed, *self.item.key}
        return [name for name in self.columns if name not in unchanged]

    def _compare(self):
        """Mark the records that differ; leave those in use as they are."""
        for key, assignments, condition in self.item.checks:
            self._check(key, assignments, condition)
        if not self.updated:
            return
        differs = SQL(" OR ").join(self._differs(name) for name in self.updated)
        self.cr.execute(
            SQL(
                """UPDATE %s n SET row_changed = TRUE FROM %s t
                    WHERE t.id = n.res_id AND NOT n.row_new AND (%s)""",
                self.rows,
                self.item.sql_table,
                differs,
            )
        )
        for key, names, condition in self.item.refusals:
            self._refuse(key, names, condition)
        for key, names in self.item.exclusive:
            self._leave_to_others(key, names)

    def _check(self, key, assignments, condition):
        query = SQL(
            "UPDATE %s n SET %s WHERE %s RETURNING n.line, %s AS value",
            self.rows,
            assignments,
            condition,
            self.item.name_of("n"),
        )
        self.tell(self.item.table, key, query, {})

    def _leave_to_others(self, key, names):
        """Leave as they are the records that would take what one in use keeps.

        Each that stays keeps its own in turn.
        """
        same = SQL(" AND ").join(
            SQL("o.%s = n.%s", self.item.column(name), SQL.identifier(name))
            for name in names
        )
        taken = SQL(
            """EXISTS (SELECT FROM %s o JOIN %s m ON m.res_id = o.id
                        WHERE %s AND o.id <> n.res_id AND NOT m.row_changed)""",
            self.item.sql_table,
            self.rows,
            same,
        )
        stays = SQL("row_changed = FALSE")
        void = SQL(", ").join(SQL("%s = NULL", SQL.identifier(n)) for n in names)
        self._check(key, stays, SQL("n.row_changed AND %s", taken))
        while self.cr.rowcount:
            self._check(key, stays, SQL("n.row_changed AND %s", taken))
        self._check(key, void, SQL("n.row_new AND %s", taken))

    def _differs(self, name):
        column = SQL.identifier(name)
        differs = SQL("t.%s IS DISTINCT FROM n.%s", self.item.column(name), column)
        if name in self.item.followed:
            return differs
        if name in self.item.filled:
            differs = SQL("t.%s IS NULL", self.item.column(name))
        return SQL("(n.%s IS NOT NULL AND %s)", column, differs)

    def _refuse(self, key, names, condition):
        """Keep a record in use as it is where the delivery would change ``names``."""
        touched = SQL(" OR ").join(self._differs(name) for name in names)
        query = SQL(
            """UPDATE %s n SET row_changed = FALSE FROM %s t
                WHERE t.id = n.res_id AND n.row_changed AND (%s) AND (%s)
            RETURNING n.line, %s AS value""",
            self.rows,
            self.item.sql_table,
            touched,
            condition,
            self.item.name_of("t"),
        )
        self.tell(self.item.table, key, query, {})

    # -- refusals of the database ------------------------------------------------------

    def _written(self, write, mark):
        """Return what ``write`` returns for all rows with a mark.

        :raises RowRefused: the database refuses one of them
        """
        try:
            with self.cr.savepoint(flush=False):
                return write(SQL("TRUE"))
        except (DataError, IntegrityError) as error:
            line = self._first_refused(write, mark)
            raise RowRefused(self.item.model, self.item.table, line) from error

    def _first_refused(self, write, mark):
        """Return the line of the first row that cannot be written after those before.

        By halves: few writes find it among millions.
        """
        self.cr.execute(
            SQL(
                "SELECT line FROM %s WHERE %s ORDER BY line",
                self.rows,
                SQL.identifier(mark),
            )
        )
        lines = [line for (line,) in self.cr.fetchall()]
        low, high = 0, len(lines) - 1
        while low < high:
            middle = (low + high) // 2
            if self._is_refused(write, lines[middle]):
                high = middle
            else:
                low = middle + 1
        return lines[low]

    def _is_refused(self, write, line):
        """Tell whether the database refuses the rows up to ``line``; write none."""
        savepoint = self.cr.savepoint(flush=False)
        try:
            with mute_logger("odoo.sql_db"):
                write(SQL("n.line <= %s", line))
        except (DataError, IntegrityError):
            return True
        finally:
            savepoint.close(rollback=True)
        return False

    # -- writing -----------------------------------------------------------------------

    def _value(self, name):
        column = SQL.identifier(name)
        if name in self.item.followed:
            return SQL("n.%s", column)
        if name in self.item.filled:
            return SQL("COALESCE(t.%s, n.%s)", self.item.column(name), column)
        return SQL("COALESCE(n.%s, t.%s)", column, self.item.column(name))

    def _text(self, name, value):
        if name in self.item.labels:
            table, reference = self.item.labels[name]
            return SQL(
                "(SELECT %s FROM %s r WHERE r.id = %s)",
                named(reference, "r"),
                SQL.identifier(table),
                value,
            )
        return SQL("(%s)::text", value)

    def _log_changes(self):
        tracked = self.tracked(self.item.model)
        names = [
            name
            for name in self.updated
            if self.item.renamed.get(name, name) in tracked
        ]
        if not names:
            return
        texts = SQL(", ").join(
            SQL(
                "(%s, %s, %s)",
                name,
                self._text(name, SQL("t.%s", self.item.column(name))),
                self._text(name, self._value(name)),
            )
            for name in names
        )
        head, values = self._head()
        self.cr.execute(
            SQL(
                """INSERT INTO oiconnect_change
                          (res_id, reference, kind, field, before, after, %(head)s)
                   SELECT t.id, %(reference)s, 'write', v.field, v.before, v.after,
                          %(values)s
                     FROM %(rows)s n JOIN %(table)s t ON t.id = n.res_id
                    CROSS JOIN LATERAL (VALUES %(texts)s) AS v(field, before, after)
                    WHERE n.row_changed AND v.before IS DISTINCT FROM v.after""",
                head=head,
                values=values,
                reference=self.item.name_of("t"),
                rows=self.rows,
                table=self.item.sql_table,
                texts=texts,
            )
        )

    def _head(self):
        values = {"res_model": self.item.model, **self.run}
        values.pop("company_id")
        return (
            SQL(", ").join(map(SQL.identifier, values)),
            SQL(", ").join(SQL("%s", value) for value in values.values()),
        )

    def _abandoned(self):
        """Return how many records are abandoned now, of those that were not."""
        self.cr.execute(
            SQL(
                """SELECT count(*) FILTER (WHERE n.row_changed AND
                              n.state = 'abandoned'), count(*)
                     FROM %s t LEFT JOIN %s n ON n.res_id = t.id
                    WHERE t.network_id = %s AND t.state <> 'abandoned'""",
                self.item.sql_table,
                self.rows,
                self.run["network_id"],
            )
        )
        return self.cr.fetchone()

    def _clear(self, condition):
        """Free the values that records exchange: unique indexes look at each row."""
        if not self.item.cleared:
            return
        self._change(
            SQL(
                "UPDATE %s t SET %s FROM %s n "
                "WHERE t.id = n.res_id AND n.row_changed AND %s",
                self.item.sql_table,
                SQL(", ").join(
                    SQL(
                        "%(c)s = CASE WHEN %(d)s THEN NULL ELSE t.%(c)s END",
                        c=self.item.column(name),
                        d=self._differs(name),
                    )
                    for name in self.item.cleared
                ),
                self.rows,
                condition,
            )
        )

    def _change(self, statement):
        return self.journal.changed(self.item.table_name, "t", statement)

    def _update(self, condition):
        """Write the changed records whose rows meet ``condition``; return how many."""
        if not self.updated:
            return 0
        self._clear(condition)
        return self._change(
            SQL(
                """UPDATE %s t SET %s, %s write_uid = %s, write_date = %s FROM %s n
                    WHERE t.id = n.res_id AND n.row_changed AND %s""",
                self.item.sql_table,
                SQL(", ").join(
                    SQL("%s = %s", self.item.column(name), self._value(name))
                    for name in self.updated
                ),
                SQL("last_change_date = %s,", self.today)
                if self.dated(self.item.model)
                else SQL(),
                self.run["user_id"],
                self.run["date"],
                self.rows,
                condition,
            )
        )

    def _insert(self, condition):
        """Create the new records whose rows meet ``condition``; return how many."""
        stamp = {
            "network_id": self.run["network_id"],
            "company_id": self.run["company_id"],
            "create_uid": self.run["user_id"],
            "create_date": self.run["date"],
            "write_uid": self.run["user_id"],
            "write_date": self.run["date"],
        }
        if self.dated(self.item.model):
            stamp["last_change_date"] = self.today
        head, values = self._head()
        self.cr.execute(
            SQL(
                """WITH made AS (
                       INSERT INTO %(table)s AS t (id, %(columns)s, %(stamp)s)
                       SELECT n.res_id, %(given)s, %(stamps)s FROM %(rows)s n
                        WHERE n.row_new AND %(condition)s ORDER BY n.line
                       RETURNING t.id, %(reference)s AS reference)
                   INSERT INTO oiconnect_change (res_id, reference, kind, %(head)s)
                   SELECT id, reference, 'create', %(values)s FROM made""",
                table=self.item.sql_table,
                columns=SQL(", ").join(map(self.item.column, self.columns)),
                given=SQL(", ").join(SQL.identifier("n", c) for c in self.columns),
                stamp=SQL(", ").join(map(SQL.identifier, stamp)),
                stamps=SQL(", ").join(SQL("%s", value) for value in stamp.values()),
                rows=self.rows,
                condition=condition,
                reference=self.item.name_of("t"),
                head=head,
                values=values,
            )
        )
        created = self.cr.rowcount
        self.journal.created(
            self.item.table_name,
            SQL("SELECT res_id AS id FROM %s WHERE row_new", self.rows),
        )
        return created


#: columns of the tables of rows that are none of the model
_OWN = {"line", "code", "res_id", "row_new", "row_changed", "k"}
