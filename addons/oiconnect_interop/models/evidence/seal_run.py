from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...evidence import SOURCES, Part, leaf

#: rows of a source that one statement seals; the first run of an old database has many
ROWS = 200_000
#: days whose parts are read for what is sealed: no transaction lasts longer
DAYS = 2


class Seal(models.Model):
    """Sealing, every few minutes: all rows that are there and in no seal yet.

    Rows of a transaction that ends late have lower numbers than some that are sealed:
    what is sealed is a set of numbers, not a last one.
    """

    _inherit = "oiconnect.seal"

    @api.model
    def _cron_seal(self):
        """Seal what came, network by network; a run that finds much goes on at once."""
        if not self._lock_chains():
            return
        found, is_more = {}, False
        for source in SOURCES:
            if source.table not in self._tables():
                continue
            rows = self._unsealed(source)
            is_more |= sum(part.row_count for _network, part in rows) >= ROWS
            for network_id, part in rows:
                found.setdefault(network_id, []).append(part)
        for network_id, parts in sorted(found.items()):
            seal = self._append(self.env["oiconnect.network"].browse(network_id), parts)
            seal._plan_timestamp()
        if is_more:
            self.env.ref("oiconnect_interop.cron_seal")._trigger()

    def _lock_chains(self):
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s))", ("oiconnect.seal",)
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _tables(self):
        return {model._table for model in self.env.registry.values() if model._auto}

    def _unsealed(self, source):
        """Return ``[(network id, part)]`` of the rows of a source in no seal yet."""
        self.env.flush_all()
        floor, sealed = self._sealed(source)
        self.env.cr.execute(
            SQL(
                """
                WITH fresh AS (
                    SELECT row.id, %(leaf)s AS leaf, %(network)s AS network_id
                      FROM %(table)s row
                     WHERE row.id > %(floor)s AND %(condition)s
                       AND NOT row.id::bigint <@ %(sealed)s::int8multirange
                     ORDER BY row.id
                     LIMIT %(rows)s
                )
                SELECT network_id,
                       range_agg(int8range(id, id, '[]'))::text,
                       count(*),
                       encode(sha256(string_agg(leaf, ''::bytea ORDER BY id)), 'hex')
                  FROM fresh
                 WHERE network_id IS NOT NULL
                 GROUP BY network_id
                """,
                leaf=SQL(leaf(source, "row")),
                network=self._network_of(source),
                table=SQL.identifier(source.table),
                floor=floor,
                condition=SQL(source.condition),
                sealed=sealed,
                rows=ROWS,
            )
        )
        return [
            (network_id, Part(source.name, ids, count, digest))
            for network_id, ids, count, digest in self.env.cr.fetchall()
        ]

    def _sealed(self, source):
        """Return above which number rows may be unsealed, and those that are not."""
        limit = fields.Datetime.now() - timedelta(days=DAYS)
        is_old = SQL("seal.date < %s", limit) if source.is_growing else SQL("FALSE")
        self.env.cr.execute(
            SQL(
                """
                SELECT COALESCE(max(upper(part.ids) - 1) FILTER (WHERE %(old)s), 0),
                       COALESCE(
                           range_agg(part.ids) FILTER (WHERE NOT %(old)s), '{}'
                       )::text
                  FROM oiconnect_seal_part part
                  JOIN oiconnect_seal seal ON seal.id = part.seal_id
                 WHERE part.source = %(source)s
                """,
                old=is_old,
                source=source.name,
            )
        )
        return self.env.cr.fetchone()

    def _network_of(self, source):
        """Return the SQL of the network that a row is about."""
        if source.network:
            return SQL(source.network)
        cases = [
            SQL(
                "WHEN %s THEN (SELECT about.network_id FROM %s about"
                " WHERE about.id = row.res_id)",
                name,
                SQL.identifier(model._table),
            )
            for name, model in sorted(self.env.registry.items())
            if self._is_of_network(model)
        ]
        return SQL("CASE row.res_model %s END", SQL(" ").join(cases))

    def _is_of_network(self, model):
        field = model._fields.get("network_id")
        is_ours = model._name.startswith("oiconnect.") and model._auto
        return bool(is_ours and field and field.store and not model._transient)
