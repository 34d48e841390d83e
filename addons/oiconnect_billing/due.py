"""Finds and freezes what the records of a source owe, in one SQL statement."""

from odoo.tools import SQL

from .due_sql import (
    FEES,
    IS_DUE,
    LATE,
    MINIMUM,
    PARTICULAR_JOIN,
    STATEMENT,
    UNBILLED,
)
from .source import EACH

# Types of the columns that a statement gets as values
PRODUCT_KINDS = ("int", "bool", "text", "text", "text", "bool", "bool")
PLAN_KINDS = ("int", "date", "date", "int", "numeric")
PARTICULAR_KINDS = ("int", "date", "int", "numeric")
LINES = "oiconnect_billing_line"
# Of who only looks what would be billed: a temporary table
EXPECTED = "oiconnect_billing_expected"
# Of a row of the plan; the prices of single operators are apart
PLAN_COLUMNS = len(PLAN_KINDS)


def freeze(env, run, products):
    """Keep what the network's records owe and was not billed yet, as items of ``run``.

    :param products: what the run bills; what others billed may be given back
    """
    env.flush_all()
    # Whoever bills the same waits, and begins again once it is billed.
    _of_company(run, products).filtered(
        lambda product: product.network_id <= run.network_id
    )._lock_prices()
    for statement in _statements(run, products, LINES):
        statement.freeze()
    env["oiconnect.billing.item"].invalidate_model()
    run.invalidate_recordset(["item_ids"])


def expect(env, run, products, report=None):
    """Do as ``freeze`` does, with lines in a temporary table: the caller rolls back.

    :param report: called with how many sources of how many are done
    """
    env.flush_all()
    env.cr.execute(
        SQL(
            "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS SELECT * FROM %s WITH NO DATA",
            SQL.identifier(EXPECTED),
            SQL.identifier(LINES),
        )
    )
    statements = _statements(run, products, EXPECTED)
    for rank, statement in enumerate(statements):
        if report:
            report(rank, len(statements))
        statement.freeze()
    env.cr.execute(SQL("ANALYZE %s", SQL.identifier(EXPECTED)))
    env["oiconnect.billing.item"].invalidate_model()


def _of_company(run, products):
    return products.with_context(active_test=False).search(
        [("company_id", "=", run.company_id.id)]
    )


def _statements(run, products, lines):
    """Return the statements, one a source, whose lines go into the table ``lines``."""
    return [
        _Statement(run, products & known, known, key, lines)
        for key, known in _of_company(run, products).grouped("source").items()
    ]


class _Statement:
    """The statement of one source, made of the plan of its products."""

    def __init__(self, run, products, known, key, lines):
        self.env, self.run, self.products = run.env, run, products
        self.lines = lines
        self.source = run.env["oiconnect.billing.source"]._source(key)
        self.plan = products._plan(run.network_id, run.month)
        self.past = products._past_plan(run)
        recurring = known.filtered(lambda one: one.billing_type == "recurring")
        self.recurring = recurring.ids

    def freeze(self):
        if not (self.plan or self.past or self.recurring):
            return
        # Lines are inserted in the order of records, which fills the indexes fastest:
        # the few items are hashed, the many lines not sorted by item.
        self.env.cr.execute("SET LOCAL enable_mergejoin TO off")
        self.env.cr.execute(self._sql())
        self.env.cr.execute("SET LOCAL enable_mergejoin TO on")
        if "minimum" in self.products.mapped("fee_mode"):
            self.env.cr.execute(SQL(MINIMUM, recurring=self.recurring, run=self.run.id))

    def _sql(self):
        particular = self._particular()
        prices = {
            "price": SQL("COALESCE(own_price, general_price)")
            if particular
            else SQL("general_price"),
            "particular_join": PARTICULAR_JOIN if particular else SQL(),
            "is_due": IS_DUE,
        }
        charges = SQL("SELECT * FROM charge")
        if self.past:
            charges = SQL("%s UNION ALL SELECT * FROM late_charge", charges)
        return SQL(
            STATEMENT,
            **prices,
            **self._record(),
            products=_values(self._product_rows(), self._product_kinds()),
            matched=SQL("MATERIALIZED" if self.past else "NOT MATERIALIZED"),
            plan=_values(self._plan_rows(), (*PLAN_KINDS, "bool")),
            particular=_values(particular, PARTICULAR_KINDS),
            unbilled=_unbilled("held", "held", SQL("is_new")),
            fees=self._fees(),
            late=self._late(prices),
            charges=charges,
            lines=SQL.identifier(self.lines),
            recurring=self.recurring,
            since=self.run._past_limit(),
            run=self.run.id,
            network=self.run.network_id.id,
            company=self.run.company_id.id,
            decimals=self.run.currency_id.decimal_places,
            uid=self.run.env.uid,
        )

    def _record(self):
        """Return what the source says of its records."""
        source = self.source
        units = {name: source.units[name] for name in self._units()}
        columns = {
            "record_id": source.record_id,
            "operator_id": source.operator,
            "part": source.part,
            "ended": source.ended or "NULL::date",
            **{f"begun_{moment}": day for moment, day in source.begun.items()},
            **source.filters,
            **{f"unit_{name}": quantity for name, quantity in units.items()},
        }
        return {
            "filters": SQL().join(
                SQL(", %s", SQL.identifier(n)) for n in source.filters
            ),
            "record_columns": SQL(", ").join(
                SQL("%s AS %s", SQL(text), SQL.identifier(name))
                for name, text in columns.items()
            ),
            "tables": SQL(source.tables),
            "of_network": SQL("%s = %s", SQL(source.network), self.run.network_id.id),
            "where": SQL(source.where),
            "chosen": _all(
                SQL("product.%(name)s IN ('all', record.%(name)s)", name=SQL(name))
                for name in source.filters
            ),
            "begun": self._begun(SQL("product.moment")),
            "sold_begun": self._begun(SQL("sold.order_state")),
            "quantity": _case(
                SQL("product.unit"),
                {name: SQL.identifier("record", f"unit_{name}") for name in units},
                SQL("1::numeric"),
            ),
        }

    def _begun(self, moment):
        """Return the SQL of the first day billed of a record."""
        days = {
            name: SQL.identifier("record", f"begun_{name}")
            for name in self.source.begun
        }
        _name, last = days.popitem()
        return _case(moment, days, last)

    def _units(self):
        return sorted({*self.products.mapped("unit")} - {EACH})

    def _product_kinds(self):
        return (*PRODUCT_KINDS, *("text" for _name in self.source.filters))

    def _product_rows(self):
        return [
            (
                product.id,
                product.billing_type == "one_off",
                product.fee_mode,
                product.order_state,
                product.unit,
                product.prorata in ("first", "both"),
                product.prorata in ("last", "both"),
                *(product[name] for name in self.source.filters),
            )
            for product in self.products
        ]

    def _plan_rows(self):
        """Return the rows of the plan, each with whether nothing is billed of it."""
        billed = set(
            self.env.execute_query(
                SQL(
                    "SELECT DISTINCT product_id, period FROM oiconnect_billing_item"
                    " WHERE product_id = ANY(%s)",
                    self.products.ids,
                )
            )
        )
        # What is due once may be billed in any month.
        once = self.products.filtered(lambda one: one.billing_type == "one_off").ids
        known = billed | {(product_id, None) for product_id, _period in billed}
        return [
            (
                *row[:PLAN_COLUMNS],
                (row.product_id, None if row.product_id in once else row.period)
                not in known,
            )
            for row in self.plan
        ]

    def _fees(self):
        if {*self.products.mapped("fee_mode")} <= {"per_access"}:
            return SQL()
        return SQL(FEES, network=self.run.network_id.id)

    def _past_rows(self):
        """Return the rows of earlier months, each with the next one of its product."""
        following, rows = {}, []
        for row in reversed(self.past):
            rows.append((*row[:PLAN_COLUMNS], following.get(row.product_id)))
            following[row.product_id] = row.period
        return rows

    def _particular(self):
        return [
            (row.product_id, row.period, operator_id, price)
            for row in (*self.plan, *self.past)
            for operator_id, price in row.particular.items()
        ]

    def _late(self, prices):
        if not self.past:
            return SQL()
        return SQL(
            LATE,
            past=_values(self._past_rows(), (*PLAN_KINDS, "date")),
            unbilled=_unbilled("matched", "past", SQL("FALSE")),
            unchanged=self._unchanged(),
            **prices,
        )

    def _unchanged(self):
        """Return the condition that the record was what the product bills."""
        choosy = [
            product.id
            for product in self.products
            if any(product[name] != "all" for name in self.source.filters)
        ]
        if not self.source.changed or not choosy:
            return SQL("TRUE")
        return SQL(
            "(late.product_id != ALL(%s)"
            " OR COALESCE((%s)::date, late.last_day) <= late.last_day)",
            choosy,
            SQL(self.source.changed),
        )


def _unbilled(row, month, is_new):
    """Return the condition that the row has no line for the month."""
    return SQL(UNBILLED, row=SQL(row), month=SQL(month), is_new=is_new)


def _values(rows, kinds):
    """Return the rows of a VALUES list; one of nothing but NULL if there are none."""
    return SQL(", ").join(
        SQL(
            "(%s)",
            SQL(", ").join(
                SQL("%s::%s", value, SQL(kind))
                for value, kind in zip(row, kinds, strict=True)
            ),
        )
        for row in rows or [[None] * len(kinds)]
    )


def _all(conditions):
    return SQL(" AND ").join([SQL("TRUE"), *conditions])


def _case(value, results, otherwise):
    """Return ``CASE value WHEN … THEN … ELSE otherwise END``."""
    if not results:
        return otherwise
    whens = SQL(" ").join(
        SQL("WHEN %s THEN %s", name, result) for name, result in results.items()
    )
    return SQL("CASE %s %s ELSE %s END", value, whens, otherwise)
