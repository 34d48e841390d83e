"""Rules as SQL over the records: of one form, of a page, or of a whole network."""

from odoo.tools import SQL

from odoo.addons.oiconnect_base.time_zone import local_today

from .declaration import BUILDING, PBO, PM, PTO, Compared, names_in

MODELS = {target: f"oiconnect.{target}" for target in (BUILDING, PM, PBO, PTO)}
# Numbers that were not given are 0 in the tables.
_EMPTY_AT_ZERO = ("integer", "float")


class Subject:
    """The objects of one kind, as the conditions of rules read them.

    :param target: ``BUILDING``, ``PM``, ``PBO`` or ``PTO``
    :param rows: SQL of the rows judged instead of the table, which has their columns
    :param alias: of the rows in the query
    """

    def __init__(self, env, target, rows=None, alias="t"):
        self.env = env
        self.target = target
        self.model = env[MODELS[target]]
        self.rows = rows or SQL.identifier(self.model._table)
        self.alias = alias

    @property
    def source(self):
        """The FROM of the objects (``t``), with the PM of buildings."""
        if self.target != BUILDING:
            return SQL("%s AS t", self.rows)
        return SQL("%s AS t LEFT JOIN oiconnect_pm pm ON pm.id = t.pm_id", self.rows)

    def condition(self, rule, field):
        """Return the condition that ``field`` is to blame for breaking ``rule``."""
        values = {name: self._value(name) for name in rule.reads}
        return SQL(rule.condition, **values, blamed=self.column(field))

    def compared(self, rule, names):
        """Return the SQL of the texts of what ``rule`` compared: the fields first.

        :param names: fields that are to blame, of those of the rule
        """
        cells = [self.column(name) for name in names]
        cells += [self._sql_of(item) for item in rule.shown_values]
        return SQL("ARRAY[%s]::text[]", SQL(", ").join(cells))

    def _sql_of(self, item):
        if not isinstance(item, Compared):
            return self.column(item)
        return SQL(item.sql, **{name: self._value(name) for name in names_in(item.sql)})

    def broken(self, rule):
        """Return the condition that an object breaks ``rule``, whatever the field."""
        return SQL(" OR ").join(
            SQL("(%s)", self.condition(rule, field)) for field in rule.fields
        )

    def column(self, field):
        """Return the SQL of the field "pm.state", empty when it was not given."""
        target, _dot, name = field.partition(".")
        model = self.env[MODELS[target]]
        alias = self.alias if target == self.target else PM
        if not model._fields[name].column_type:
            return SQL("NULL::text")
        cell = SQL.identifier(alias, name)
        if name != "id" and model._fields[name].type in _EMPTY_AT_ZERO:
            return SQL("NULLIF(%s, 0)", cell)
        return cell

    def _value(self, name):
        if name == "day":
            return SQL("%s::date", local_today())
        if name == "undated":
            # The fields whose changes do not move the date of last change
            return SQL("%s::varchar[]", list(self.model._undated_fields))
        if name == "outside_zone":
            return self.env["oiconnect.zone"]._outside_sql(self.alias)
        return self.column(name.replace("_", ".", 1))

    def verdicts(self, rules):
        """Return the query of what is wrong: id, code, field, value.

        One pass over the objects serves all ``rules``; add conditions after it.
        """
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, %s::text, (%s))",
                rule.code,
                field.partition(".")[2],
                self.column(field),
                self.condition(rule, field),
            )
            for rule in rules
            for field in rule.fields
        )
        return SQL(
            "SELECT t.id, v.code, v.field, v.value FROM %s CROSS JOIN LATERAL "
            "(VALUES %s) AS v(code, field, value, broken) WHERE v.broken",
            self.source,
            rows,
        )

    def of(self, network_id, among=None):
        """Return the condition that an object is one of a network.

        :param among: the query of the ids of those in question, all without it
        """
        network = SQL("t.network_id = %s", network_id)
        if among is None:
            return network
        return SQL("%s AND t.id IN (%s)", network, among)

    def counts(self, rules, network_id, among=None):
        """Return the query of how many objects there are, then break each rule."""
        return SQL(
            "SELECT %s FROM %s WHERE %s",
            SQL(", ").join(
                [
                    SQL("count(*)"),
                    *(
                        SQL("count(*) FILTER (WHERE %s)", self.broken(rule))
                        for rule in rules
                    ),
                ]
            ),
            self.source,
            self.of(network_id, among),
        )

    def count(self, rule, network_id, among=None):
        """Return the query of how many objects break a rule, joins left to choose."""
        return SQL(
            "SELECT count(*) FROM %s WHERE %s AND (%s)",
            self.source,
            self.of(network_id, among),
            self.broken(rule),
        )

    def numbers(self, rules, network_id, among=None):
        """Return ``{rule: how many objects break it}``.

        One pass for the rules of a row, one query for each that looks further.
        """
        found = {}
        if by_rows := [rule for rule in rules if not rule.linked]:
            query = self.counts(by_rows, network_id, among)
            [[_all, *numbers]] = self.env.execute_query(query)
            found.update(zip(by_rows, numbers, strict=True))
        for rule in rules:
            if rule.linked:
                query = self.count(rule, network_id, among)
                [[found[rule]]] = self.env.execute_query(query)
        return found

    def pairs(self, rule_ids, network_id):
        """Return queries of (object, id of a rule that it breaks), rows in one pass.

        :param rule_ids: ``{rule: id}``
        """
        by_rows = {rule: id_ for rule, id_ in rule_ids.items() if not rule.linked}
        queries = [
            SQL(
                "SELECT t.id, %s AS rule_id FROM %s WHERE t.network_id = %s AND (%s)",
                id_,
                self.source,
                network_id,
                self.broken(rule),
            )
            for rule, id_ in rule_ids.items()
            if rule.linked
        ]
        if by_rows:
            rows = {id_: self.broken(rule) for rule, id_ in by_rows.items()}
            queries.append(
                SQL(
                    "SELECT t.id, v.rule_id FROM %s CROSS JOIN LATERAL "
                    "(VALUES %s) AS v(rule_id, broken) "
                    # Few break any: only these are returned rule by rule
                    "WHERE t.network_id = %s AND (%s) AND v.broken",
                    self.source,
                    SQL(", ").join(SQL("(%s, (%s))", *row) for row in rows.items()),
                    network_id,
                    SQL(" OR ").join(rows.values()),
                )
            )
        return queries

    def linked_condition(self, rule, network_id):
        """Return the condition that a row of a query breaks a linked rule.

        Beside the row itself: PostgreSQL joins what the rule looks at, once for all.
        """
        return SQL(
            "(%s = %s AND (%s))",
            SQL.identifier(self.alias, "network_id"),
            network_id,
            self.broken(rule),
        )

    def ids(self, rules, network_id):
        """Return the query of the objects of a network that break one of ``rules``."""
        by_rows = [rule for rule in rules if not rule.linked]
        parts = [by_rows] if by_rows else []
        parts += [[rule] for rule in rules if rule.linked]
        return SQL(" UNION ").join(
            SQL(
                "SELECT t.id FROM %s WHERE t.network_id = %s AND (%s)",
                self.source,
                network_id,
                SQL(" OR ").join(map(self.broken, part)),
            )
            for part in parts
        )


def literal_row(record, rules):
    """Return the SQL of one row that has the values of a form being filled in."""
    names = {"id", "network_id", "pm_id", "latitude", "longitude"} | _names_read(
        rules, record._name
    )
    return SQL(
        "(SELECT %s)",
        SQL(", ").join(
            SQL("%s AS %s", _literal(record, name), SQL.identifier(name))
            for name in sorted(names & record._fields.keys())
            if record._fields[name].column_type
        ),
    )


def _names_read(rules, model):
    """Return the names of the fields of ``model`` that ``rules`` read or blame."""
    prefix = next(target for target, name in MODELS.items() if name == model)
    read = {name.replace("_", ".", 1) for rule in rules for name in _all_reads(rule)}
    read |= {field for rule in rules for field in rule.fields}
    return {
        field.removeprefix(f"{prefix}.")
        for field in read
        if field.startswith(f"{prefix}.")
    }


def _all_reads(rule):
    """Return the names that the condition of a rule reads, and what it tells."""
    for item in rule.shown_values:
        if isinstance(item, Compared):
            yield from names_in(item.sql)
        else:
            yield item.replace(".", "_", 1)
    yield from rule.reads


def names_read(rules, model):
    """Return the stored fields of ``model`` that ``rules`` depend on, sorted."""
    return sorted(_names_read(rules, model) - {"id"})


def _literal(record, name):
    field = record._fields[name]
    value = record._origin.id if name == "id" else record[name]
    if field.type == "many2one":
        value = value._origin.id
    return SQL("%s::%s", value or None, SQL(field.column_type[0]))
