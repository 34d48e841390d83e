"""The undoing of an applied delivery: what it created goes, old values are back."""

from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import expect_many_rows

from .base import LINKED, MODELS, RECEIVED, UndoBase, table_of

#: columns of unique indexes, that records may have exchanged
_CLEARED = {
    "oiconnect_pm_position": ("cable_id",),
    "oiconnect_route": ("fibre_id", "pto_id"),
}
#: tables that tell of a record by its model and id, and go with it
_COMPANIONS = {"mail_followers": "res_model", "ir_model_data": "model"}


class Undoing(UndoBase):
    """One undoing, in the transaction of whoever calls; nothing depends on it.

    :param head: network_id, date, user_id, reason and batch of the history
    """

    def __init__(self, record, head, report=lambda fraction: None):
        super().__init__(record)
        self.head = head
        self.report = report

    def execute(self):
        """Undo all; return ``{model: (removed, restored)}``."""
        expect_many_rows(self.cr)
        self._log()
        self.report(0.2)
        restored = {model: self._restore(table_of(model)) for model in MODELS}
        self.report(0.4)
        removed = {}
        for rank, model in enumerate(reversed(MODELS), 1):
            removed[model] = self._remove(table_of(model))
            self._remove_companions(model)
            self.report(0.4 + 0.5 * rank / len(MODELS))
        for table, columns in _CLEARED.items():
            self._write(table, columns)
        self._draw_zones()
        self._bring_back("oiconnect_splice")
        self._unlink_pairs()
        self._remove(RECEIVED)
        self._restore(RECEIVED)
        self._forget_codes()
        self._close()
        return {
            model: (removed[model], restored[model])
            for model in MODELS
            if removed[model] or restored[model]
        }

    def _restore(self, table):
        """Give changed rows their values back; return how many there are.

        What records exchanged stays void until those that were created are gone.
        """
        columns = self._changed_columns(table)
        if not columns:
            return 0
        cleared = _CLEARED.get(table, ())
        return self._write(table, columns, cleared)

    def _changed_columns(self, table):
        self.cr.execute(
            SQL(
                """SELECT DISTINCT jsonb_object_keys(before) FROM (%s) j
                    WHERE jsonb_typeof(before) = 'object'""",
                self.entries(table, "changed"),
            )
        )
        return sorted(name for (name,) in self.cr.fetchall() if name != "id")

    def _write(self, table, columns, cleared=()):
        assignments = SQL(", ").join(
            SQL(
                "%(c)s = CASE WHEN v.before ? %(name)s THEN %(value)s ELSE t.%(c)s END",
                c=SQL.identifier(name),
                name=name,
                value=SQL("NULL") if name in cleared else SQL.identifier("o", name),
            )
            for name in columns
        )
        self.cr.execute(
            SQL(
                """UPDATE %(table)s t SET %(assignments)s
                     FROM (%(values)s) v
                    CROSS JOIN LATERAL
                          jsonb_populate_record(NULL::%(table)s, v.before) o
                    WHERE t.id = v.id""",
                table=SQL.identifier(table),
                assignments=assignments,
                values=self.values(table),
            )
        )
        return self.cr.rowcount

    def _remove(self, table):
        """Delete what was created; return how many there were."""
        if not self.has(table, "created"):
            return 0
        self.cr.execute(
            SQL(
                """DELETE FROM %s t USING (%s) r
                    WHERE t.id BETWEEN r.first_id AND r.last_id""",
                SQL.identifier(table),
                self.created(table),
            )
        )
        return self.cr.rowcount

    def _remove_companions(self, model):
        for table, column in _COMPANIONS.items():
            self.cr.execute(
                SQL(
                    """DELETE FROM %s t USING (%s) r
                        WHERE t.%s = %s
                          AND t.res_id BETWEEN r.first_id AND r.last_id""",
                    SQL.identifier(table),
                    self.created(table_of(model)),
                    SQL.identifier(column),
                    model,
                )
            )

    def _bring_back(self, table):
        """Insert again the rows that were deleted, with their ids."""
        self.cr.execute(
            SQL(
                """INSERT INTO %(table)s
                   SELECT o.* FROM (%(deleted)s) j
                    CROSS JOIN LATERAL
                          jsonb_populate_record(NULL::%(table)s, j.before) o""",
                table=SQL.identifier(table),
                deleted=self.entries(table, "deleted"),
            )
        )

    def _draw_zones(self):
        """Let SQL see the outlines that zones have again."""
        self.cr.execute(
            SQL("SELECT id FROM (%s) v", self.values(table_of("oiconnect.zone")))
        )
        zones = self.env["oiconnect.zone"].browse(row[0] for row in self.cr.fetchall())
        zones._redraw()

    def _unlink_pairs(self):
        self.cr.execute(
            SQL(
                """DELETE FROM %s t USING (%s) j
                    WHERE t.building_id = (j.after ->> 'building_id')::int
                      AND t.pbo_id = (j.after ->> 'pbo_id')::int""",
                SQL.identifier(LINKED),
                self.entries(LINKED, "linked"),
            )
        )

    def _forget_codes(self):
        """Take away the rows that an export gave to what is gone."""
        self.cr.execute(
            SQL(
                """DELETE FROM %s o USING oiconnect_gracethd_journal j
                    WHERE o.network_id = %s AND j.import_id = %s
                      AND j.kind = 'created'
                      AND j.table_name = replace(o.res_model, '.', '_')
                      AND o.res_id BETWEEN j.first_id AND j.last_id""",
                SQL.identifier(RECEIVED),
                self.network_id,
                self.import_id,
            )
        )

    # -- history -----------------------------------------------------------------------

    def _log(self):
        """Write to the history the opposite of what the application wrote there."""
        head = SQL(", ").join(map(SQL.identifier, self.head))
        values = SQL(", ").join(SQL("%s", value) for value in self.head.values())
        for model in MODELS:
            self._log_removals(model, head, values)
        own = SQL(
            """SELECT c.* FROM (%s) d
                 JOIN oiconnect_change c ON c.date >= d.first_date
                WHERE c.batch = %s""",
            self.dates(),
            self.batch,
        )
        self.cr.execute(
            SQL(
                """INSERT INTO oiconnect_change (res_model, res_id, reference, kind,
                                                 field, before, after, %(head)s)
                   SELECT c.res_model, c.res_id, c.reference,
                          CASE c.kind WHEN 'unlink' THEN 'create' ELSE 'write' END,
                          c.field, c.after, c.before, %(values)s
                     FROM (%(own)s) c
                    WHERE c.kind IN ('write', 'unlink')
                      AND NOT EXISTS (
                          SELECT FROM oiconnect_gracethd_journal j
                           WHERE j.import_id = %(import_id)s AND j.kind = 'created'
                             AND j.table_name = replace(c.res_model, '.', '_')
                             AND c.res_id BETWEEN j.first_id AND j.last_id)
                    ORDER BY c.id DESC""",
                head=head,
                values=values,
                own=own,
                import_id=self.import_id,
            )
        )

    def _log_removals(self, model, head, values):
        self.cr.execute(
            SQL(
                """INSERT INTO oiconnect_change (res_model, res_id, reference, kind,
                                                 snapshot, %(head)s)
                   SELECT c.res_model, c.res_id, c.reference, 'unlink', to_jsonb(t),
                          %(values)s
                     FROM (%(dates)s) d
                     JOIN oiconnect_change c ON c.date >= d.first_date
                     JOIN %(table)s t ON t.id = c.res_id
                    WHERE c.batch = %(batch)s AND c.kind = 'create'
                      AND c.res_model = %(model)s""",
                head=head,
                values=values,
                dates=self.dates(),
                table=SQL.identifier(table_of(model)),
                batch=self.batch,
                model=model,
            )
        )

    def _close(self):
        self.cr.execute(
            SQL(
                "DELETE FROM oiconnect_gracethd_journal WHERE import_id = %s",
                self.import_id,
            )
        )
