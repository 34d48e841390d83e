"""What is owed, month by month: slow, obvious, and without the product's code.

Plain Python. Everything is looked at again each month: what a record owes of each month
that was billed, by what is known now, less what was billed of it so far.
"""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ONE_DAY = timedelta(days=1)


def last_of(month):
    return month.replace(day=monthrange(month.year, month.month)[1])


def after(month):
    return last_of(month) + ONE_DAY


def cents(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass
class Record:
    """Something that an operator holds, or an event: its end is not billed."""

    key: int
    source: str
    operator: str
    begun: date
    ended: date | None = None
    quantity: Decimal = Decimal(1)
    traits: dict = field(default_factory=dict)


@dataclass
class Product:
    key: int
    source: str
    #: ``[(start or None, operator or None, price)]``
    prices: list
    fee: str = "per_access"
    one_off: bool = False
    advance: bool = False
    prorata: str = "both"
    by_quantity: bool = False
    traits: dict = field(default_factory=dict)

    def bills(self, record):
        return record.source == self.source and all(
            record.traits.get(name) == value for name, value in self.traits.items()
        )

    def price(self, operator, month):
        """The operator's own price first, then that of all; the latest start."""
        for whose in (operator, None):
            valid = [
                (start or date.min, price)
                for start, of, price in self.prices
                if of == whose and (start or date.min) <= month
            ]
            if valid:
                return max(valid)[1]
        return None

    def months(self, month):
        return [month, after(month)] if self.advance else [month]


def days_owed(product, record, month):
    """Return how many days of the month are owed."""
    last = last_of(month)
    ended = record.ended
    if record.begun > last or (ended and ended <= max(record.begun, month)):
        return 0
    first = month
    if product.prorata in ("first", "both"):
        first = max(first, record.begun)
    if ended and product.prorata in ("last", "both"):
        last = min(last, ended - ONE_DAY)
    return max((last - first).days + 1, 0)


def owed(product, record, month):
    """Return what the record owes of the month, by what is known now."""
    price = product.price(record.operator, month)
    if price is None:
        return Decimal(0)
    quantity = record.quantity if product.by_quantity else Decimal(1)
    if product.one_off:
        happened = month <= record.begun <= last_of(month)
        return cents(price * quantity) if happened else Decimal(0)
    days = days_owed(product, record, month)
    return cents(price * quantity * days / monthrange(month.year, month.month)[1])


class Books:
    """What was billed: ``{(operator, product, month): amount}``."""

    def __init__(self):
        self.billed = defaultdict(Decimal)
        self.by_record = defaultdict(Decimal)
        self.fees = set()
        self.covered = defaultdict(set)

    def bill(self, products, records, month):
        """Bill a month, and set right what earlier ones were billed."""
        for product in products:
            self.covered[product.key].update(product.months(month))
        for product in products:
            if product.fee == "per_access":
                self._bill_records(product, records)
        for fee in ("flat", "minimum"):
            for product in products:
                if product.fee == fee:
                    self._bill_fee(product, products, records, month)

    def _bill_records(self, product, records):
        for record in filter(product.bills, records):
            for month in self.covered[product.key]:
                place = (record.key, record.source, product.key, month)
                difference = owed(product, record, month) - self.by_record[place]
                self.by_record[place] += difference
                self.billed[record.operator, product.key, month] += difference

    def _bill_fee(self, product, products, records, month):
        for period in product.months(month):
            holders = {
                record.operator
                for record in filter(product.bills, records)
                if record.begun <= last_of(period)
                and not (record.ended and record.ended <= max(record.begun, period))
            }
            for operator in holders:
                amount = self._fee(product, products, operator, period)
                place = (operator, product.key, period)
                if place not in self.fees and amount > 0:
                    self.fees.add(place)
                    self.billed[place] += amount

    def _fee(self, product, products, operator, period):
        price = product.price(operator, period)
        if product.fee == "flat" or price is None:
            return price or Decimal(0)
        return price - sum(
            self.billed[operator, other.key, period]
            for other in products
            if other.source == product.source
            and not other.one_off
            and other.fee != "minimum"
        )
