from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ...rules import BUILDING, PM, RECORD
from ...rules.queries import MODELS, Subject

#: objects whose list is filtered on "breaks a rule"
STORED_TARGETS = (BUILDING, PM)
_NONE = SQL("SELECT NULL::int AS id, NULL::int AS rule_id WHERE FALSE")
# Up to so many objects that changed since the check are judged again (0.1 s)
TOUCHED = 1000


class OiconnectRuleFinding(models.Model):
    """Object that broke a rule at the last check of its network."""

    _name = "oiconnect.rule.finding"
    _description = "Finding of a quality rule"
    _log_access = False
    _rec_name = "res_id"
    _event_fields = EVERY_FIELD

    # Each check forgets the findings of rules that are gone.
    rule_id = Many2oneWithoutForeignKey(
        "oiconnect.rule", required=True, readonly=True, ondelete="cascade"
    )
    res_id = fields.Integer("Record", required=True, readonly=True)

    # Objects that break one of some rules: rule_id = any(x)
    _rule_idx = models.Index("(rule_id, res_id)")
    # A page of a list that many objects are in: res_id = x and rule_id = any(y)
    _record_idx = models.Index("(res_id, rule_id)")

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _store(self, network):
        """Store what breaks the rules of ``network`` now; write what differs only.

        :return: ``{id of a rule: how many objects break it}``
        """
        # Apart: PostgreSQL looks in parallel only where it does not write as well.
        self.env.cr.execute(
            SQL(
                "CREATE TEMP TABLE oiconnect_rule_found ON COMMIT DROP AS %s",
                self._found_now(network),
            )
        )
        self.env.cr.execute("ANALYZE oiconnect_rule_found")
        self._write_differences(network)
        counts = dict(
            self.env.execute_query(
                SQL("SELECT rule_id, count(*) FROM oiconnect_rule_found GROUP BY 1")
            )
        )
        self.env.cr.execute("DROP TABLE oiconnect_rule_found")
        return counts

    @api.model
    def _found_now(self, network):
        """Return the query of the pairs (object, rule that it breaks) now."""
        settings = self.env["oiconnect.rule"]._settings(network.id)
        parts = [_NONE]
        for target in STORED_TARGETS:
            rules = self.env["oiconnect.rule"]._active_rules(network.id, RECORD, target)
            ids = {rule: settings[rule.id][0] for rule in rules}
            parts += Subject(self.env, target).pairs(ids, network.id)
        return SQL(" UNION ALL ").join(parts)

    @api.model
    def _write_differences(self, network):
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM oiconnect_rule_finding f
                 WHERE (f.rule_id IN (SELECT id FROM oiconnect_rule
                                       WHERE network_id = %s)
                        OR f.rule_id NOT IN (SELECT id FROM oiconnect_rule))
                   AND NOT EXISTS (SELECT FROM oiconnect_rule_found n
                                    WHERE n.id = f.res_id AND n.rule_id = f.rule_id)
                """,
                network.id,
            )
        )
        self.env.cr.execute(
            """
            INSERT INTO oiconnect_rule_finding (rule_id, res_id)
            SELECT n.rule_id, n.id FROM oiconnect_rule_found n
             WHERE NOT EXISTS (SELECT FROM oiconnect_rule_finding f
                                WHERE f.res_id = n.id AND f.rule_id = n.rule_id)
            """
        )

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _pairs(self, target, rules):
        """Return the query of the pairs (id of an object, id of a rule it breaks).

        Of the last check of each network; what changed since is judged again, unless
        it is very much, as after an import, which asks for a check. A rule that was
        not checked yet is evaluated now.

        :param rules: active rules of ``target``
        """
        parts = [_NONE]
        for network, own in rules.grouped("network_id").items():
            ids = self.env[MODELS[target]]._declared_ids(network, own)
            run = own.sudo().run_id.filtered("since").sorted("id")[-1:]
            checked = own.sudo().filtered(lambda rule, run=run: run == rule.run_id)
            stored = {rule: id_ for rule, id_ in ids.items() if id_ in checked.ids}
            if run and stored:
                parts += self._stored_parts(target, network, stored, run.since)
            else:
                stored = {}
            others = {rule: id_ for rule, id_ in ids.items() if rule not in stored}
            parts += Subject(self.env, target).pairs(others, network.id)
        return SQL(" UNION ALL ").join(parts)

    @api.model
    def _stored_parts(self, target, network, ids, since):
        """Return the queries of the stored pairs, and of those judged again."""
        touched = self._touched(target, network, since)
        query = SQL(
            "SELECT res_id AS id, rule_id FROM oiconnect_rule_finding "
            "WHERE rule_id = ANY(%s)",
            list(ids.values()),
        )
        if not touched:
            return [query]
        by_id = {rule.id: id_ for rule, id_ in ids.items()}
        records = self.env[MODELS[target]].browse(touched)
        again = {
            (record.id, by_id[code, target])
            for record, lines in records._verdicts(list(ids)).items()
            for code, _name in lines
        }
        parts = [SQL("%s AND res_id <> ALL(%s)", query, touched)]
        if again:
            records, rules = map(list, zip(*sorted(again), strict=True))
            parts.append(
                SQL("SELECT * FROM unnest(%s::int[], %s::int[])", records, rules)
            )
        return parts

    @api.model
    def _touched(self, target, network, since):
        """Return the ids of the objects that changed, none when they are too many."""
        query = _TOUCHED[target]
        rows = self.env.execute_query(
            SQL(query, network=network.id, since=since, limit=TOUCHED + 1)
        )
        return [id_ for (id_,) in rows] if len(rows) <= TOUCHED else []


# A building is judged beside its PM, a PM beside its buildings.
_TOUCHED = {
    BUILDING: """
        SELECT t.id FROM oiconnect_building t
         WHERE t.network_id = %(network)s AND t.write_date >= %(since)s
         UNION
        SELECT t.id FROM oiconnect_building t JOIN oiconnect_pm pm ON pm.id = t.pm_id
         WHERE pm.network_id = %(network)s AND pm.write_date >= %(since)s
         LIMIT %(limit)s
    """,
    PM: """
        SELECT t.id FROM oiconnect_pm t
         WHERE t.network_id = %(network)s AND t.write_date >= %(since)s
         UNION
        SELECT b.pm_id FROM oiconnect_building b
         WHERE b.network_id = %(network)s AND b.write_date >= %(since)s
           AND b.pm_id IS NOT NULL
         LIMIT %(limit)s
    """,
}
