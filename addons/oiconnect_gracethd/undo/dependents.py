"""What depends on an applied delivery: it is not undone while something does."""

from collections import Counter

from odoo.tools import SQL

from .base import LINKED, MODELS, RECEIVED, UndoBase, table_of

#: columns that tell when and by whom, not what
_STAMPS = ["write_uid", "write_date", "last_change_date"]
#: models that only log, and those that go with the records
_NOT_DEPENDENT = {
    "oiconnect.change",
    "oiconnect.gracethd.object",
    "oiconnect.zone.part",
    "ir.model.data",
    "mail.followers",
}
#: tables of pairs that go with the records
_LOOSE_PAIRS = {
    LINKED,
    "oiconnect_gracethd_export_nro_rel",
    "oiconnect_gracethd_export_pm_rel",
}


class Dependents(UndoBase):
    """Counts of what depends on a delivery, by kind."""

    def counts(self):
        """Return ``[(label, count)]`` of what keeps the delivery from being undone."""
        self.naming, self.changed = Counter(), Counter()
        for model in MODELS:
            if self.has(table_of(model), "created"):
                self._add_references(model)
                self._add_records(model)
        self._add_history()
        for model in MODELS:
            if not self.changed[model]:
                self.changed[model] = self._touched(model) + self._overwritten(model)
        found = [
            (self.env._("Lines that operators hold"), self._held_routes()),
            (self.env._("Addresses that operators were told"), self._published()),
            (
                self.env._("Rows that a later delivery tells otherwise"),
                self._delivered(),
            ),
            *((self._label(model), count) for model, count in self.naming.items()),
            *(
                (self.env._("%s, changed since", self._label(model)), count)
                for model, count in self.changed.items()
            ),
        ]
        return [(label, count) for label, count in found if count]

    def _label(self, model):
        return self.env["ir.model"].sudo()._get(model).name or model

    def _count(self, query):
        self.cr.execute(SQL("SELECT count(*) FROM (%s) q", query))
        return self.cr.fetchone()[0]

    # -- records that name what was created ----------------------------------------

    def _add_references(self, target):
        """Count the records, of all models, that name a created one."""
        for model in self._stored_models():
            for field in model._fields.values():
                if not field.store or field.comodel_name != target:
                    continue
                if field.type == "many2one" and field.column_type:
                    count = self._naming(model._table, field.name, target)
                    self.naming[model._name] += count
                elif field.type == "many2many":
                    self._add_pairs(model, field, target)

    def _stored_models(self):
        return [
            model
            for model in self.env.values()
            if not (model._abstract or model._transient)
            and model._auto
            and model._name not in _NOT_DEPENDENT
        ]

    def _naming(self, table, column, target):
        """Count the rows of a table that name a created one.

        Those that the import created or changed so go, or have their former value.
        """
        return self._count(
            SQL(
                """SELECT x.id FROM %(table)s x
                     JOIN (%(created)s) r
                       ON x.%(column)s BETWEEN r.first_id AND r.last_id
                    WHERE NOT %(own)s AND NOT EXISTS (
                        SELECT FROM (%(changed)s) c
                         WHERE c.first_id = x.id AND c.before ? %(name)s)""",
                table=SQL.identifier(table),
                created=self.created(table_of(target)),
                column=SQL.identifier(column),
                own=self.among_created(table, SQL("x.id")),
                changed=self.entries(table, "changed"),
                name=column,
            )
        )

    def _add_pairs(self, model, field, target):
        """Count the records that are paired with a created one."""
        if field.relation in _LOOSE_PAIRS or model._name in MODELS:
            return
        self.naming[model._name] += self._count(
            SQL(
                """SELECT DISTINCT x.%s FROM %s x
                     JOIN (%s) r ON x.%s BETWEEN r.first_id AND r.last_id""",
                SQL.identifier(field.column1),
                SQL.identifier(field.relation),
                self.created(table_of(target)),
                SQL.identifier(field.column2),
            )
        )

    def _add_records(self, target):
        """Count the messages, documents, events… of a created record."""
        for model in self._stored_models():
            for field in model._fields.values():
                if field.type != "many2one_reference" or not field.store:
                    continue
                named = model._fields.get(field.model_field)
                if named is None or not named.store:
                    continue
                self.naming[model._name] += self._count(
                    SQL(
                        """SELECT x.id FROM %s x
                             JOIN (%s) r ON x.%s BETWEEN r.first_id AND r.last_id
                            WHERE x.%s = %s""",
                        SQL.identifier(model._table),
                        self.created(table_of(target)),
                        SQL.identifier(field.name),
                        SQL.identifier(field.model_field),
                        target,
                    )
                )

    # -- what was changed afterwards ------------------------------------------------

    def _add_history(self):
        """Count the records of which the history tells a later change."""
        self.cr.execute(
            SQL(
                """SELECT c.res_model, count(DISTINCT c.res_id)
                     FROM (%(dates)s) d
                     JOIN oiconnect_change c ON c.date >= d.first_date
                     JOIN oiconnect_gracethd_journal j
                       ON j.import_id = %(import_id)s
                      AND j.table_name = replace(c.res_model, '.', '_')
                      AND j.kind = 'created'
                      AND c.res_id BETWEEN j.first_id AND j.last_id
                    WHERE c.network_id = %(network)s
                      AND c.batch IS DISTINCT FROM %(batch)s
                      -- What came and went with a later delivery is as before it
                      AND NOT EXISTS (
                          SELECT FROM oiconnect_import i
                           WHERE i.network_id = c.network_id
                             AND i.gracethd_undone_date IS NOT NULL
                             AND split_part(c.batch, '/', 1)
                                 = 'oiconnect.import,' || i.id)
                    GROUP BY 1""",
                dates=self.dates(),
                import_id=self.import_id,
                network=self.network_id,
                batch=self.batch,
            )
        )
        self.changed.update(dict(self.cr.fetchall()))

    def _touched(self, model):
        """Count the created records that were written to later, or deleted."""
        table = table_of(model)
        # Each splice writes to its fibres: it is counted itself
        if model == "oiconnect.pbo.fibre" or not self.has(table, "created"):
            return 0
        return self._count(
            SQL(
                """SELECT t.id FROM (%s) d, %s t
                     JOIN (%s) r ON t.id BETWEEN r.first_id AND r.last_id
                    WHERE t.write_date > d.last_date""",
                self.dates(),
                SQL.identifier(table),
                self.created(table),
            )
        )

    def _overwritten(self, model):
        """Count the changed records that do not have the delivery's values any more."""
        table = table_of(model)
        if not self.has(table, "changed"):
            return 0
        return self._count(
            SQL(
                """SELECT v.id FROM (%s) v LEFT JOIN %s t ON t.id = v.id
                    WHERE t.id IS NULL OR EXISTS (
                        SELECT FROM jsonb_each(v.after) a
                         WHERE a.key <> ALL(%s)
                           AND to_jsonb(t) -> a.key IS DISTINCT FROM a.value)""",
                self.values(table),
                SQL.identifier(table),
                _STAMPS,
            )
        )

    def _held_routes(self):
        """Count the routes of operators that the undoing would cut or take away."""
        self.cr.execute(
            SQL(
                _HELD,
                created_splice=self.created("oiconnect_splice"),
                created_fibre=self.among_created(
                    "oiconnect_pbo_fibre", SQL("s.downstream_id")
                ),
                deleted=self.entries("oiconnect_splice", "deleted"),
                created_route=self.among_created("oiconnect_route", SQL("r.id")),
                changed=self.values("oiconnect_route"),
                wired=["fibre_id", "pto_id", "position_id", "module_fibre"],
                network=self.network_id,
            )
        )
        return self.cr.fetchone()[0]

    def _published(self):
        """Count the created buildings of which operators have the line."""
        published = self.env["oiconnect.building"]._published_ids(self.network_id)
        if published is None:
            return 0
        return self._count(
            SQL(
                "SELECT DISTINCT p.id FROM (%s) p(id) WHERE %s",
                published,
                self.among_created("oiconnect_building", SQL("p.id")),
            )
        )

    def _delivered(self):
        """Count the received rows that came otherwise with a later delivery."""
        rows = SQL.identifier(RECEIVED)
        return self._count(
            SQL(
                """SELECT o.id FROM %(rows)s o
                     JOIN (%(created)s) r ON o.id BETWEEN r.first_id AND r.last_id
                    WHERE o.import_id IS DISTINCT FROM %(import_id)s
                    UNION ALL
                   SELECT o.id FROM %(rows)s o
                     JOIN (%(changed)s) j ON j.first_id = o.id
                    WHERE o.import_id IS DISTINCT FROM %(import_id)s""",
                rows=rows,
                created=self.created(RECEIVED),
                changed=self.entries(RECEIVED, "changed"),
                import_id=self.import_id,
            )
        )


_HELD = """
    WITH RECURSIVE touched(fibre) AS (
        SELECT s.downstream_id FROM oiconnect_splice s
          JOIN (%(created_splice)s) c ON s.id BETWEEN c.first_id AND c.last_id
         WHERE NOT %(created_fibre)s
         UNION
        SELECT (d.before ->> 'downstream_id')::int FROM (%(deleted)s) d
    ), down(fibre) AS (
        SELECT fibre FROM touched
         UNION
        SELECT s.downstream_id
          FROM down d JOIN oiconnect_splice s ON s.upstream_id = d.fibre
    )
    SELECT count(*) FROM oiconnect_route r
     WHERE r.network_id = %(network)s AND r.operator_id IS NOT NULL
       -- Those that the delivery reserved; the history tells who reserves later
       AND NOT (r.state = 'reserved' AND %(created_route)s)
       AND (%(created_route)s
            OR r.fibre_id IN (SELECT fibre FROM down)
            OR r.id IN (SELECT v.id FROM (%(changed)s) v
                         WHERE v.before ?| %(wired)s::text[]))
"""
