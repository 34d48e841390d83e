"""Sources of billing: each kind of billed record declares itself as a source.

A model that holds something to bill declares ``_billing_sources``; the run knows none
of them by name. Texts are SQL: constants of the code, in which ``record`` is the row of
what is billed, and ``network_id``, ``operator_id`` are columns of it by default.
"""

from dataclasses import dataclass, field

from odoo.tools import SQL
from odoo.tools.translate import LazyGettext

from odoo.addons.oiconnect_base.time_zone import PARIS

# Dwellings behind a PM, whose column is ``pm``
DWELLINGS_OF_PM = """(
    SELECT COALESCE(SUM(building.dwelling_count), 0)
      FROM oiconnect_building AS building WHERE building.pm_id = {pm}
)"""
# How any order is called
ORDER_NAMES = {
    "oc_reference": "record.oc_reference",
    "service_reference": "record.service_reference",
    "searched": {
        "oc_reference": "oc_reference",
        "service_reference": "service_reference",
    },
}

# How many of a thing an operator owes, where the price is not one of the whole thing
EACH = "each"


def paris_day(column):
    """Return the SQL of the day of a moment, by the wall clock in Paris."""
    return f"({column} AT TIME ZONE 'UTC' AT TIME ZONE '{PARIS}')::date"


@dataclass(frozen=True)
class Source:
    """A kind of thing that is billed: held from a day to another, or an event."""

    key: str
    label: LazyGettext
    #: what follows FROM, with the row ``record``
    tables: str
    #: ``{moment: SQL of the first day that is billed}``; NULL: nothing to bill
    begun: dict
    #: SQL of the day from which it is not billed any more; None: an event, billed once
    ended: str | None = None
    where: str = "TRUE"
    record_id: str = "record.id"
    operator: str = "record.operator_id"
    network: str = "record.network_id"
    #: ``{field of the product: SQL of the value that it chooses}``
    filters: dict = field(default_factory=dict)
    #: ``{unit: SQL of the quantity}``
    units: dict = field(default_factory=dict)
    #: SQL of the operator's id where several operators owe the same record
    part: str = "0"
    #: SQL of the last moment at which a filter's value changed, of ``late.record_id``
    changed: str | None = None
    #: what follows FROM to name records, where ``tables`` has several rows of one
    names_from: str | None = None
    #: what an operator and we call it, as SQL
    oc_reference: str = "NULL::varchar"
    service_reference: str = "NULL::varchar"
    place: str = "NULL::varchar"
    #: ``{name: field of the model}`` by which it is looked for
    searched: dict = field(default_factory=dict)
    #: model that people open, and the field of the record with its id; None: the record
    opens: str | None = None
    opened_by: str | None = None
    #: place in the list of sources
    rank: int = 50

    @property
    def is_event(self):
        return self.ended is None

    @property
    def asks(self):
        """Names of the product's fields that mean something for this source."""
        more = [("order_state", len(self.begun) > 1), ("unit", bool(self.units))]
        return [*self.filters, *(name for name, is_offered in more if is_offered)]

    def names(self):
        """Return the query of what records are called, by ``record_id``."""
        return SQL(
            "(SELECT %s AS record_id, %s AS oc_reference, %s AS service_reference,"
            " %s AS place FROM %s)",
            *map(
                SQL,
                (
                    self.record_id,
                    self.oc_reference,
                    self.service_reference,
                    self.place,
                    self.names_from or self.tables,
                ),
            ),
        )
