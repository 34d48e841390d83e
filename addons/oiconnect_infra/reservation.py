"""Assignment of routes to requests: plain Python, no database.

The order of the requests is their rank: first come, first served.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from .const import MAX_CONNECTORS
from .strategies import DEFAULT_STRATEGY


@dataclass(frozen=True)
class PboSettings:
    """Settings of the network of a PBO, and how many free routes the PBO has."""

    strategy: str = DEFAULT_STRATEGY
    fibres: int = 1
    refuse_scarce: bool = False
    free: int = 0


@dataclass
class Request:
    """One fibre requested by an operator, at the first possible of its PBOs."""

    pbo_ids: tuple
    operator_id: int
    pto_id: int | None = None
    connector_number: int | None = None
    new_pto: bool = False
    # Values of the PTO to make once there is a route; other columns of the route
    pto_values: dict | None = None
    more: dict = field(default_factory=dict)
    # What is found
    route_id: int | None = None
    strategy: str = DEFAULT_STRATEGY
    spread: bool = False
    needed: int = 1
    explain: dict = field(default_factory=dict)

    @classmethod
    def from_values(cls, values):
        return cls(
            tuple(values["pbo_ids"]),
            values["operator_id"],
            values.get("pto_id") or None,
            values.get("connector_number") or None,
            bool(values.get("new_pto")),
            values.get("pto_values"),
            values.get("more") or {},
        )

    def follow(self, settings, strategies):
        """Take over what the network of the request's PBOs wants."""
        mine = settings.get(self.pbo_ids[0]) if self.pbo_ids else None
        if not mine:
            return
        self.strategy = mine.strategy
        self.spread = strategies[mine.strategy].spread
        if self.new_pto and mine.refuse_scarce:
            self.needed = mine.fibres

    def tell(self, **why):
        self.explain = {"strategy": self.strategy, **why}


class PtoConnectors:
    """Connectors of the PTOs that the requests name, and the routes on them."""

    def __init__(self, capacities, wired):
        """``capacities``: ``{pto id: connectors}``.

        ``wired``: ``(route id, pto id, connector number, is free, operator id that it
        is dedicated to or None)`` of each route on these PTOs.
        """
        self._capacities = capacities
        self._taken = defaultdict(set)
        self._free = defaultdict(dict)
        for route_id, pto_id, number, free, dedicated in wired:
            self._taken[pto_id].add(number)
            if free:
                self._free[pto_id][number] = (route_id, dedicated)

    def is_bare(self, pto_id):
        """No route is wired to the PTO yet."""
        return not self._taken[pto_id]

    def give_wired(self, request):
        """Give the free route that is wired to the request's PTO, if any."""
        free = self._free.get(request.pto_id, {})
        number = self._best(request, free)
        if number is None:
            return False
        request.connector_number = number
        request.route_id, _dedicated = free.pop(number)
        request.tell(wired=True, free=len(free) + 1)
        return True

    def _best(self, request, free):
        """Return the connector of the route that suits the request best."""
        dedicated = {number: operator for number, (_id, operator) in free.items()}
        possible = [
            number
            for number, operator in dedicated.items()
            if operator in (None, request.operator_id)
        ]
        if request.connector_number in possible:
            return request.connector_number
        return min(possible, key=lambda n: (dedicated[n] is None, n), default=None)

    def give_connector(self, request):
        """Choose a connector of the PTO that no route is on; False if none."""
        if not request.pto_id:
            request.connector_number = request.connector_number or 1
            return True
        left = self.connectors_left(request.pto_id)
        if not left:
            request.tell(reason="no_connector")
            return False
        if request.connector_number not in left:
            request.connector_number = left[0]
        self._taken[request.pto_id].add(request.connector_number)
        return True

    def connectors_left(self, pto_id, limit=MAX_CONNECTORS):
        """Return the connectors, up to ``limit``, that no route is on."""
        number = min(self._capacities.get(pto_id, MAX_CONNECTORS), limit)
        taken = self._taken[pto_id]
        return [rank for rank in range(1, number + 1) if rank not in taken]


class Stock:
    """The free routes that each operator may have at each PBO."""

    def __init__(self, free):
        """``free``: ``{pbo id: number of free routes}``, to spread and to explain."""
        self._free = Counter(free)
        self._taken = set()
        self._routes = {}

    def see(self, rows):
        """``rows``: ``(pbo id, operator id, route id, is dedicated)``, best first."""
        self._routes = defaultdict(list)
        for pbo_id, operator_id, *route in rows:
            self._routes[pbo_id, operator_id].append(tuple(route))

    def take(self, request):
        """Give the request its route, and keep aside the others that it needs."""
        for pbo_id in self._in_order(request):
            routes = self._enough(request, pbo_id)
            if routes:
                request.route_id = routes[0]
                request.tell(pbo_id=pbo_id, free=self._free[pbo_id])
                self._taken.update(routes)
                self._free[pbo_id] -= len(routes)
                return True
        request.tell(
            reason="saturated" if request.pbo_ids else "no_pbo",
            free=sum(self._free[pbo_id] for pbo_id in request.pbo_ids),
            needed=request.needed,
        )
        return False

    def _in_order(self, request):
        if not request.spread:
            return request.pbo_ids
        return sorted(request.pbo_ids, key=lambda pbo_id: -self._free[pbo_id])

    def _enough(self, request, pbo_id):
        """Return the route to give and those to keep aside; nothing when too few."""
        left = self._routes[pbo_id, request.operator_id]
        while left and left[0][0] in self._taken:
            left.pop(0)
        if not left:
            return []
        aside = []
        if request.needed > 1:
            # Whoever comes later to the PTO may have these.
            aside = [
                route_id
                for route_id, dedicated in left[1:]
                if not dedicated and route_id not in self._taken
            ][: request.needed - 1]
        return [left[0][0], *aside] if len(aside) == request.needed - 1 else []


def wanted(requests):
    """Return ``{(pbo id, operator id): routes}``: the most that may be looked at.

    Each operator looks at as many routes as all of them may take there; at all of
    them (None) where one needs several.
    """
    numbers, whole = Counter(), set()
    for request in requests:
        numbers.update(request.pbo_ids)
        if request.needed > 1:
            whole.update(request.pbo_ids)
    return {
        (pbo_id, request.operator_id): None if pbo_id in whole else numbers[pbo_id]
        for request in requests
        for pbo_id in request.pbo_ids
    }


def share(requests, stock):
    """Give the routes of ``stock``; return the requests that got one.

    The first request chooses first, down to its last choice: a later request never
    takes what an earlier one could have had.
    """
    return [request for request in requests if stock.take(request)]


def fill(ptos, bare, stock):
    """Return ``[(route id, pto id, connector number)]`` to wire to new PTOs.

    ``bare``: ``{pto id: (pbo id, fibres)}``; ``stock``: ``{pbo id: [route ids]}``.
    """
    wiring = []
    for pto_id, (pbo_id, fibres) in bare.items():
        for number in ptos.connectors_left(pto_id, fibres):
            if stock.get(pbo_id):
                wiring.append((stock[pbo_id].pop(0), pto_id, number))
    return wiring
