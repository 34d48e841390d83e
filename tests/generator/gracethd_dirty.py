"""Deliveries as builders make them: a network with faults, whose truth is known.

A ``Case`` says which network, and which faults, each with a number that chooses its
row: the same case makes the same delivery. The modules of the faults declare them.
"""

from collections.abc import Iterable
from contextlib import suppress

# Their faults are declared as they are imported
from . import gracethd_dirty_rows, gracethd_dirty_ways  # noqa: F401
from .gracethd import PLAIN, Network
from .gracethd_catalogue import TABLES
from .gracethd_dirty_delivery import FAULTS, Case, Delivery
from .gracethd_dirty_truth import Splice, truth_of
from .gracethd_rows import Row

__all__ = ["FAULTS", "Case", "Delivery", "make"]


def make(case: Case) -> Delivery:
    """Return the delivery of a case."""
    traits = PLAIN._replace(dwellings=(2, 7), **dict(case.traits))
    network = Network(case.pms, case.seed, traits)
    codes = {
        id(row): str(row.get(TABLES[table].key[0], ""))
        for table, rows in network.tables.items()
        for row in rows
    }
    rows = [row for rows in network.tables.values() for row in rows]
    delivery = Delivery(case, network, truth_of(network), rows, codes)
    for name, number in case.faults:
        with suppress(LookupError):
            FAULTS[name](delivery, number)
            delivery.fault_count += 1
    _add_splices_to_nothing(delivery)
    return delivery


def _add_splices_to_nothing(delivery: Delivery) -> None:
    """A position that names a fibre that is not there is a splice that cannot be."""
    known = {
        row["fo_code"]
        for row in delivery.tables["t_fibre"]
        if id(row) not in delivery.gone
    }
    for row in _joining(delivery.tables["t_position"]):
        code = delivery.codes.get(id(row))
        if code and not {row["ps_1"], row["ps_2"]} <= known:
            splice = Splice(str(row["ps_1"]), str(row["ps_2"]), "")
            delivery.truth.splices.setdefault(code, splice)


def _joining(rows: Iterable[Row]) -> Iterable[Row]:
    """Return the positions of two fibres that are in no drawer."""
    return (r for r in rows if r["ps_1"] and r["ps_2"] and not r.get("ps_ti_code"))
