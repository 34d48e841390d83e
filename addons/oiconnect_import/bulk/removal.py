"""Objects of the network that left a file: abandoned with history, never deleted."""

from odoo.tools import SQL

from .merge import BATCH


class Removal:
    """Abandonment of the objects of one model that are missing from a file.

    :param gone: SQL condition on the alias ``t``: the file does not tell the object
    :param day: when they are abandoned
    """

    def __init__(self, model, stage, run, gone, day, reference=("reference",)):
        self.model = model
        self.table = SQL.identifier(model._table)
        self.stage = stage
        self.cr = stage.cr
        self.run = run
        self.gone = gone
        self.day = day
        self.reference = reference

    def execute(self, counts, tick):
        """Abandon them by batches; return ``counts`` with what was abandoned.

        :param counts: what the file made of the objects of the model before
        :param tick: called after each batch with (done, total)
        """
        here = SQL("SELECT FROM %s t WHERE %s", self.table, self._present)
        present = self._count(here)
        gone = SQL(
            "SELECT row_number() OVER (ORDER BY t.id) AS rank, t.id FROM %s t "
            "WHERE %s AND %s",
            self.table,
            self._present,
            self.gone,
        )
        table = self.stage.side(f"{self.model._table}_gone", gone)
        total = self._count(SQL("SELECT FROM %s", table))
        for first in range(0, total, BATCH):
            ranks = SQL("rank > %s AND rank <= %s", first, first + BATCH)
            self._abandon(SQL("SELECT id FROM %s WHERE %s", table, ranks))
            tick(min(first + BATCH, total), total)
        return counts._replace(abandoned=total, present=present - counts.created)

    def _count(self, query):
        self.cr.execute(SQL("SELECT count(*) FROM (%s) AS r", query))
        return self.cr.fetchone()[0]

    @property
    def _present(self):
        return SQL("t.network_id = %s AND t.state <> 'abandoned'", self.run.network.id)

    def _abandon(self, ids):
        self.cr.execute(self._log(ids))
        self.cr.execute(
            SQL(
                "UPDATE %s t SET %s FROM (%s) g WHERE t.id = g.id",
                self.table,
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in self._values().items()
                ),
                ids,
            )
        )

    def _values(self):
        dates = [
            name
            for name in ("abandoned_date", "last_change_date")
            if name in self.model._fields
        ]
        return {
            "state": "abandoned",
            **dict.fromkeys(dates, self.day),
            "write_uid": self.run.user_id,
            "write_date": self.run.date,
        }

    def _log(self, ids):
        return SQL(
            """INSERT INTO oiconnect_change
                      (res_id, reference, kind, field, before, after, %(head)s)
               SELECT t.id, COALESCE(%(reference)s), 'write', 'state', t.state,
                      'abandoned', %(head_values)s
                 FROM (%(ids)s) g JOIN %(table)s t ON t.id = g.id""",
            reference=SQL(", ").join(SQL.identifier("t", n) for n in self.reference),
            ids=ids,
            table=self.table,
            **self.run.head(self.model._name),
        )
