from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import SQL

from .common import BillingCase, moment
from .reference import Books, Product, Record
from .sources import Sources

MONTHS = [date(2025, month, 1) for month in range(1, 13)]
FIRST, LAST = date(2024, 11, 1), date(2025, 12, 31)
# How many days a column that names the last day is before the end
INCLUSIVE = {"pm_service", "cofinancing", "link_service"}
SOURCES = (
    "access",
    "access",
    "pm_service",
    "cofinancing",
    "link_service",
    "link_fibre",
    "takeover",
    "pb_order",
    "pb_batch",
    "ticket_wrong",
    "ticket_absence",
    "missed_visit",
    "pm_order",
    "pm_update",
    "link_order",
)
EVENTS = set(SOURCES) - INCLUSIVE - {"access", "link_fibre"}

EXAMPLES = 5

days = st.dates(FIRST, LAST)
histories = st.fixed_dictionaries(
    {
        # What else than accesses there is
        "sources": st.lists(st.sampled_from(SOURCES[2:]), min_size=3, max_size=4),
        # (source, operator, begin, months until it is known, type, quantity)
        "records": st.lists(
            st.tuples(
                st.integers(0, 7),
                st.integers(0, 1),
                days,
                st.integers(0, 4),
                st.sampled_from(("loca", "cofi")),
                st.integers(1, 3),
            ),
            min_size=6,
            max_size=14,
        ),
        # (month in which it is known, which record, its end or its return)
        "ends": st.lists(
            st.tuples(st.integers(0, 11), st.integers(0, 99), st.none() | days),
            max_size=12,
        ),
        # (month in which it is given, which product, months ahead, operator, cents)
        "prices": st.lists(
            st.tuples(
                st.integers(0, 11),
                st.integers(0, 99),
                st.integers(1, 3),
                st.none() | st.integers(0, 1),
                st.integers(1, 9999),
            ),
            max_size=6,
        ),
        "indexed": st.none() | st.tuples(st.integers(1, 10), st.integers(900, 1100)),
    }
)


@tagged("post_install", "-at_install")
class TestBillingReference(BillingCase):
    """A year of random histories, month by month, equals a slow obvious reference."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sources = Sources(cls.billing)
        cls.operators = [cls.ocaa, cls.ocbb]
        cls.products, cls.sold = {}, []
        for name, values in (
            ("rental", {"price": 13.37, "retained_type": "loca"}),
            ("share", {"price": 5.11, "retained_type": "cofi", "prorata": "first"}),
            ("option", {"price": 1.99, "billing_mode": "advance", "prorata": "last"}),
            ("whole", {"price": 2.5, "prorata": "none", "billing_mode": "advance"}),
            ("set-up", {"price": 49.9, "billing_type": "one_off"}),
            ("flat", {"price": 20.0, "fee_mode": "flat"}),
            ("least", {"price": 60.0, "fee_mode": "minimum"}),
        ):
            cls.sell(name, source="access", **values)
        for key in sorted(set(SOURCES) - {"access"}):
            unit = {"cofinancing": "share"}.get(key, "each")
            cls.sell(key, source=key, price=17.77, unit=unit)

    @classmethod
    def sell(cls, name, **values):
        product = cls.billing.product(name=name, **values)
        retained = values.get("retained_type")
        cls.products[name] = product
        cls.sold.append(
            Product(
                product.id,
                product.source,
                [(None, None, Decimal(str(values["price"])))],
                fee=product.fee_mode,
                one_off=product.billing_type == "one_off",
                advance=product.billing_mode == "advance",
                prorata=product.prorata,
                by_quantity=product.unit != "each",
                traits={"retained_type": retained} if retained else {},
            )
        )

    def test_a_year_of_any_history_is_billed_to_the_cent(self):
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            # Each example is a year of runs: the first that fails is reported as it is.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(histories)
        def billed_as_owed(history):
            sources = ["access", *history["sources"]]
            history["records"] = [
                (sources[max(rank - 3, 0) % len(sources)], *more)
                for rank, *more in history["records"]
            ]
            with self.cr.savepoint(flush=False) as savepoint:
                self.leave_out(set(SOURCES) - set(sources))
                _Year(self, history).live()
                savepoint.rollback()
            self.env.invalidate_all()

        billed_as_owed()

    def leave_out(self, sources):
        """Sell nothing of some sources, whose statements would find nothing."""
        self.env.cr.execute(
            "DELETE FROM oiconnect_billing_product WHERE source = ANY(%s)"
            " AND company_id = %s",
            [list(sources), self.billing.company.id],
        )
        self.env.invalidate_all()

    def test_a_year_is_invoiced_as_it_is_owed(self):
        """Every source, one history, to the invoices."""
        records = [
            (source, rank % 2, date(2025, 1 + rank % 9, 1 + rank), rank % 3, kind, 2)
            for rank, source in enumerate(SOURCES)
            for kind in ("loca", "cofi")
        ]
        history = {
            "records": records,
            "ends": [(4, 0, date(2025, 2, 14)), (6, 0, None), (8, 2, date(2025, 8, 3))],
            "prices": [(2, 0, 1, None, 1414), (3, 1, 2, 1, 499)],
            "indexed": (5, 1023),
        }
        year = _Year(self, history, invoiced=True)
        year.live()
        lines = self.env["oiconnect.billing.line"].search(
            [("run_id", "in", year.runs.ids)]
        )
        self.assertEqual(set(lines.mapped("source")), set(SOURCES))
        for run in year.runs:
            self.assertAgrees(run)
            self.assertAlmostEqual(
                sum(run.move_ids.mapped("amount_untaxed_signed")), run.amount, places=2
            )


class _Year:
    """One history: lived month by month by the product and by the reference."""

    def __init__(self, case, history, invoiced=False):
        self.case, self.env, self.history = case, case.env, history
        self.invoiced = invoiced
        self.records, self.made = [], []
        self.books = Books()
        self.sold = [
            Product(**(vars(product) | {"prices": list(product.prices)}))
            for product in case.sold
            if case.env["oiconnect.billing.product"].browse(product.key).exists()
        ]
        self.runs = self.env["oiconnect.billing.run"]

    def live(self):
        for rank, month in enumerate(MONTHS):
            self._begin(rank, month)
            self._end(rank)
            self._change_prices(rank, month)
            self._index(rank, month)
            self._bill(month)
            self._compare(month)

    def _begin(self, rank, month):
        """Records of the month, and those that are received late."""
        for source, who, begun, late, kind, quantity in self.history["records"]:
            known = max((begun.year - 2025) * 12 + begun.month - 1, 0) + late
            if known == rank:
                operator = self.case.operators[who]
                more = {"level": quantity} if source == "cofinancing" else {}
                if source == "access":
                    more = {"retained_type": kind}
                make = getattr(self.case.sources, source)
                self.made.append(make(operator, begun.isoformat(), **more))
                self._note(source, operator, begun, kind, quantity)

    def _note(self, source, operator, begun, kind, quantity):
        made = self.made[-1]
        self.records.append(
            Record(
                made.id,
                source,
                operator.id,
                begun,
                quantity=Decimal(quantity if source == "cofinancing" else 1),
                traits={"retained_type": kind} if source == "access" else {},
            )
        )
        if source == "takeover":
            # Its own access is in service too, and that of the former holder is not.
            holder = made.takeover_of_id
            for access, first, ended in (
                (made, begun, None),
                (holder, date(2024, 1, 10), begun),
            ):
                self.records.append(
                    Record(access.id, "access", operator.id, first, ended)
                )
                self.made.append(access)
            # One record a row made
            self.records[-1].fixed = self.records[-2].fixed = True
        if source == "pm_update":
            service = made.service_id
            self.made.append(service)
            self.records.append(
                Record(
                    service.id,
                    "pm_service",
                    operator.id,
                    begun,
                    begun + timedelta(days=1),
                )
            )
            self.records[-1].fixed = True
        if source == "link_fibre":
            order = made.order_id
            self.made.append(order)
            self.records.append(Record(order.id, "link_order", operator.id, begun))

    def _end(self, rank):
        for known, which, end in self.history["ends"]:
            held = [
                (record, made)
                for record, made in zip(self.records, self.made, strict=True)
                if record.source not in EVENTS and not hasattr(record, "fixed")
            ]
            if known == rank and held:
                record, made = held[which % len(held)]
                end = end and max(end, record.begun)
                record.ended = end
                self._write_end(record, made, end)

    def _write_end(self, record, made, end):
        last = end
        if record.source in INCLUSIVE:
            # The last day is billed: it cannot be before the first.
            last = end and max(end - timedelta(days=1), record.begun)
            record.ended = last and last + timedelta(days=1)
        elif end:
            last = moment(end.isoformat())
        active = SQL(", active = %s", not last)
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET end_date = %s %s WHERE id = %s",
                SQL.identifier(made._table),
                last,
                active if record.source in INCLUSIVE else SQL(),
                made.id,
            )
        )

    def _change_prices(self, rank, month):
        for known, which, ahead, who, cents in self.history["prices"]:
            if known != rank:
                continue
            product = self.sold[which % len(self.sold)]
            # What is billed in advance is billed until the month after.
            start = MONTHS[rank]
            for _month in range(ahead):
                start = (start + timedelta(days=32)).replace(day=1)
            operator = None if who is None else self.case.operators[who].id
            taken = {(of, first) for first, of, _price in product.prices}
            if (operator, start) not in taken:
                price = Decimal(cents) / 100
                self.case.billing.price(
                    self.env["oiconnect.billing.product"].browse(product.key),
                    float(price),
                    f"{start:%Y-%m}",
                    operator_id=operator,
                )
                product.prices.append((start, operator, price))

    def _index(self, rank, month):
        if not self.history["indexed"] or self.history["indexed"][0] != rank:
            return
        coefficient = self.history["indexed"][1]
        start = (month + timedelta(days=64)).replace(day=1)
        free = [
            product
            for product in self.sold
            if all(first != start for first, _of, _price in product.prices)
        ]
        dialog = self.env["oiconnect.billing.indexation"].create(
            {
                "coefficient": coefficient / 1000,
                "start_month": start,
                "product_ids": [product.key for product in free],
            }
        )
        if coefficient != 1000:
            dialog.action_apply()
            for product in free:
                self._indexed(product, Decimal(coefficient) / 1000, start)

    def _indexed(self, product, coefficient, start):
        for who in {of for _first, of, _price in product.prices}:
            valid = [
                (first or date.min, price)
                for first, of, price in product.prices
                if of == who and (first or date.min) <= start
            ]
            if valid:
                price = (max(valid)[1] * coefficient).quantize(
                    Decimal("0.01"), "ROUND_HALF_UP"
                )
                product.prices.append((start, who, price))

    def _bill(self, month):
        run = self.case.billing.run(f"{month:%Y-%m}")
        self.runs |= run
        if self.invoiced:
            run.action_compute()
            self.case.assertFalse(run.row_ids.filtered("error"))
        else:
            run._start()
            run._freeze()
        self.books.bill(self.sold, self.records, month)

    def _compare(self, month):
        """Compare all that was billed until now, by operator, product and month."""
        self.env.flush_all()
        found = defaultdict(Decimal)
        for place, amount, lines in self._items():
            found[place] += amount
            if lines is not None:
                self.case.assertEqual(lines, amount, "lines of an item add up")
        expected = {key: total for key, total in self.books.billed.items() if total}
        found = {key: total for key, total in found.items() if total}
        self.case.assertEqual(found, expected, f"after the run of {month:%Y-%m}")

    def _items(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.operator_id, item.product_id, item.period, item.amount,
                       (SELECT SUM(amount) FROM oiconnect_billing_line AS line
                         WHERE line.item_id = item.id)
                  FROM oiconnect_billing_item AS item WHERE item.run_id = ANY(%s)
                """,
                self.runs.ids,
            )
        )
        for operator_id, product_id, period, amount, lines in rows:
            yield (
                (operator_id, product_id, period),
                Decimal(str(amount)),
                None if lines is None else Decimal(str(lines)),
            )
