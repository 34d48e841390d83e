"""Which route goes to which request: plain Python, no database.

The order of the requests is their rank: the first asked is the first served.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from .const import MAX_CONNECTORS


@dataclass
class Request:
    """One fibre asked by an operator, at the first possible of its PBOs."""

    pbo_ids: tuple
    operator_id: int
    pto_id: int | None = None
    connector_number: int | None = None
    route_id: int | None = None

    @classmethod
    def from_values(cls, values):
        return cls(
            tuple(values["pbo_ids"]),
            values["operator_id"],
            values.get("pto_id") or None,
            values.get("connector_number") or None,
        )


class Sockets:
    """Connectors of the sockets that the requests name, and the routes on them."""

    def __init__(self, capacities, wired):
        """``capacities``: ``{pto id: connectors}``.

        ``wired``: ``(route id, pto id, connector number, is free)`` of each route
        on these sockets.
        """
        self._capacities = capacities
        self._taken = defaultdict(set)
        self._free = defaultdict(dict)
        for route_id, pto_id, number, free in wired:
            self._taken[pto_id].add(number)
            if free:
                self._free[pto_id][number] = route_id

    def give_wired(self, request):
        """Give the free route that is wired to the request's socket, if any."""
        free = self._free.get(request.pto_id)
        if not free:
            return False
        wished = request.connector_number
        request.connector_number = wished if wished in free else min(free)
        request.route_id = free.pop(request.connector_number)
        return True

    def give_connector(self, request):
        """Choose a connector of the socket that no route is on; False if none."""
        if not request.pto_id:
            request.connector_number = request.connector_number or 1
            return True
        taken = self._taken[request.pto_id]
        numbers = range(1, self._capacities.get(request.pto_id, MAX_CONNECTORS) + 1)
        left = [number for number in numbers if number not in taken]
        if not left:
            return False
        if request.connector_number not in left:
            request.connector_number = left[0]
        taken.add(request.connector_number)
        return True


def wanted(requests):
    """Return ``{pbo id: most routes that the requests may need there}``."""
    return Counter(pbo_id for request in requests for pbo_id in request.pbo_ids)


def share(requests, stock):
    """Give the routes of ``stock`` (``{pbo id: [route ids]}``); return who got one.

    Who asked first chooses first, down to its last choice: a later request never
    takes what an earlier one could have had.
    """
    served = []
    for request in requests:
        routes = next((stock[pbo] for pbo in request.pbo_ids if stock.get(pbo)), None)
        if routes:
            request.route_id = routes.pop(0)
            served.append(request)
    return served
