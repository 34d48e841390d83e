"""Which price of a list applies. Plain Python."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple


class PlanRow(NamedTuple):
    """A month of a product, and what it costs then."""

    product_id: int
    period: date
    last_day: date
    month_days: int
    #: of operators that have none of their own; None: they owe nothing
    price: float | None
    #: ``{operator id: price}``
    particular: dict


def general_and_particular(prices, network_id, period):
    """Return ``(general price, {operator id: price})`` of a month on a network.

    The most precise price applies (operator and network, operator, network, all); of
    those as precise, the one that started last. None: no general price.

    :param prices: rows ``(start or None, operator id or None, network id or None,
        price)``
    """
    best = defaultdict(lambda: (None, None))
    for start, operator_id, of_network, price in prices:
        applies = not of_network or of_network == network_id
        if applies and (not start or start <= period):
            rank = (bool(of_network), bool(start), start or period)
            known, _price = best[operator_id or None]
            if known is None or rank > known:
                best[operator_id or None] = (rank, price)
    particular = {operator: price for operator, (_rank, price) in best.items()}
    return particular.pop(None, None), particular
