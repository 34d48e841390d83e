"""Plan of the demo's orders: who orders what where, and what becomes of it."""

import random
from dataclasses import dataclass
from datetime import timedelta

from .facts import facts
from .lives import Life, life
from .people import customer
from .rare import add_rare
from .refusals import ACKNOWLEDGEMENT_CASES, STUDY_CASES
from .spots import Spot, Spots

SEED = 20261124
# What became of the orders, and how many of OCAA, OCBB, OCCC ended so.
GOALS = {
    "in_service": (48, 20, 18),
    "delivered": (3, 3, 3),
    "connecting": (8, 5, 6),
    "connect_ko": (2, 2, 2),
    "ar_ok": (0, 0, 2),
    "mad_ko": (2, 1, 1),
    "cancelled": (3, 2, 1),
    "terminated": (3, 2, 2),
}
OPERATORS = ("OCAA", "OCBB", "OCCC")
VERSIONS = {"OCAA": "V1.3", "OCBB": "V1.2", "OCCC": "V1.3"}
# The PMs at which each operator has its service, and what it has there.
KINDS = {"OCAA": "loca", "OCBB": "cofi", "OCCC": "loca"}
PMS = {
    "OCAA": (
        "OICN-01007-0001",
        "OICN-01007-0002",
        "OICN-01089-0001",
        "OICN-01089-0002",
        "OICN-01345-0001",
        "OICN-01345-0002",
        "OICN-01149-0001",
        "OICN-01008-0001",
    ),
    "OCBB": (
        "OICN-01007-0001",
        "OICN-01007-0002",
        "OICN-01089-0001",
        "OICN-01345-0001",
        "OICN-01345-0002",
        "OICN-01149-0001",
    ),
    "OCCC": ("OICN-01007-0001", "OICN-01345-0001", "OICN-01345-0002"),
}
FAILURES = {
    "connect_ko": ("FINT04", "FCLI07", "FINT11", "FCLI02", "FINT13", "FINT05"),
    "mad_ko": ("FCLI05", "FCLI04", "FCLI06"),
}
# Who connects, one order in progress after the other
IN_PROGRESS = ("STOC", "OC", "STOC", "OI", "STOC", "OC")
# No one opened the door to our team.
ABSENT = "FCLI07"
# One line in service in so many is on a PTO that was there before.
LAID_EVERY = 3


@dataclass(eq=False)
class Order:
    """One order to play.

    :param follows: the order whose PTO this one takes over, once it is ended
    :param copies: the order whose reference this one uses again
    :param mistaken: the line was taken over by mistake, and is given back
    :param reprovision: ``hot`` or ``cold`` when another route is given
    """

    operator: str
    goal: str
    line: dict
    life: Life
    spot: Spot | None = None
    reason: str = ""
    follows: "Order | None" = None
    copies: "Order | None" = None
    mistaken: bool = False
    reprovision: str = ""

    @property
    def is_at_once(self):
        """Nothing is to be built nor patched by us."""
        return self.line["existing_socket"] and self.line["connection_type"] == "OC"


def plan_orders(made, places, now):
    """Return the orders by time of their drop; ``now`` is local time."""
    return _Planner(made, places, now).orders()


def pm_service(operator, pm):
    """Return the reference of an operator's service at a PM."""
    return f"{pm.replace('OICN-', 'OICNM-')}-{operator}"


class _Planner:
    def __init__(self, made, places, now):
        self.rng = random.Random(SEED)
        self.now = now
        self.places = places
        self.made = made
        self.spots = Spots(self.rng, made, facts(made, places))
        self.found = []
        self._visits = 0

    def orders(self):
        for operator, rank in zip(OPERATORS, range(len(OPERATORS)), strict=True):
            for goal, counts in GOALS.items():
                self._add_goal(operator, goal, counts[rank])
        self._take_over()
        for case in STUDY_CASES:
            self._refuse(case, "cr_ko")
        for case in ACKNOWLEDGEMENT_CASES:
            self._refuse(case, "ar_ko")
        add_rare(self, set(PMS["OCAA"]) & set(PMS["OCBB"]))
        return self._numbered()

    def _numbered(self):
        """Give each its reference and its customer, in order of time."""
        self.found.sort(key=lambda order: order.life.dropped)
        numbers = dict.fromkeys(OPERATORS, 100000)
        for rank, order in enumerate(self.found, 1):
            numbers[order.operator] += 1
            given = {"oc_reference": f"{order.operator}-{numbers[order.operator]}"}
            order.line = given | customer(rank) | order.line
            if order.copies:
                order.line["oc_reference"] = order.copies.line["oc_reference"]
        return self.found

    def _add_goal(self, operator, goal, count):
        full = self._full_share(operator) if goal == "in_service" else 0
        laid = count // LAID_EVERY if goal == "in_service" else 0
        for rank in range(count):
            kind = "full" if rank < full else "laid" if rank < full + laid else "free"
            self.add(operator, goal, self.spots.take(PMS[operator], kind))

    def _full_share(self, operator):
        """The full boxes are those of the first two operators, by PM."""
        if operator == "OCAA":
            return len(self.spots.full) // 2
        return len(self.spots.full) if operator == "OCBB" else 0

    def _take_over(self):
        """A line that one operator ended is ordered by another, on its PTO."""
        for ended in [order for order in self.found if order.goal == "terminated"]:
            operator = "OCBB" if ended.operator == "OCAA" else "OCAA"
            if ended.spot.place.pm in PMS[operator] and ended.spot.pto is None:
                order = self.add(operator, "in_service", ended.spot, existing=True)
                order.follows = ended
                self.put_later(order, "taken_over")
                ended.life.ended = order.life.dropped - timedelta(days=2, hours=3)

    def put_later(self, order, age):
        """Let ``order`` find the network as those before it left it."""
        order.life = life(self.rng, order.operator, age, self.now)
        if order.is_at_once:
            order.life.deliver_at_once()
        return order

    def _refuse(self, case, goal):
        order = case(self)
        order.goal = goal

    def first(self, operator, goal, on_laid_pto=False):
        """Return the first order of that kind."""
        return next(
            order
            for order in self.found
            if (order.operator, order.goal) == (operator, goal)
            and bool(order.spot.pto) == on_laid_pto
        )

    # ------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------

    def add(self, operator, goal, spot, existing=None, **line):
        """Add an order of ``spot``; ``line`` overrides what it says."""
        existing = bool(spot.pto) if existing is None else existing
        order = Order(
            operator,
            goal,
            self._line(operator, goal, spot, existing) | line,
            life(self.rng, operator, goal, self.now),
            spot,
        )
        if order.is_at_once:
            order.life.deliver_at_once()
        reasons = FAILURES.get(goal)
        if reasons:
            order.reason = reasons[len(self.found) % len(reasons)]
        if goal == "connect_ko" and order.line["connection_type"] == "OI":
            order.reason = ABSENT
        self.found.append(order)
        return order

    def _line(self, operator, goal, spot, existing):
        line = self._address(operator, spot) | {
            "connection_type": self._connection(goal, existing),
            "existing_socket": existing,
            "requested_type": self.rng.choice(
                ("AUTO", "AUTO", KINDS[operator].upper())
            ),
            "offer": "ACCES_FTTH" if VERSIONS[operator] != "V1.2" else None,
        }
        if spot.pto:
            line["pto_reference"] = spot.pto.reference
        if line["connection_type"] == "OI":
            self._visits += 1
            line["appointment_reference"] = f"OICN-ERDV-{self._visits:010d}"
        pm = spot.place.pm
        if self.rng.random() < 0.6:
            line["pm_service_reference"] = pm_service(operator, pm)
        return line | {"pm_reference": pm}

    def _connection(self, goal, existing):
        """STOC most of the time; of what is in progress, each operator has each."""
        chance = self.rng.random()
        if goal == "connecting":
            rank = sum(order.goal == goal for order in self.found)
            return IN_PROGRESS[rank % len(IN_PROGRESS)]
        if existing:
            return "OC" if chance < 0.6 else "STOC"
        if goal == "connect_ko":
            return "OI" if chance < 0.4 else "STOC"
        if chance < 0.84:
            return "STOC"
        return "OI" if chance < 0.94 else "OC"

    def _address(self, operator, spot):
        """Tell the address by identifier, by hexaclé, or by Rivoli codes."""
        place = spot.place
        line = {
            "city": place.city,
            "postal_code": place.postal_code,
            "insee_code": place.insee_code,
            "rivoli_code": place.rivoli_code,
            "street_number": place.street_number,
            "street_number_suffix": place.street_number_suffix or None,
            "street_type": place.street_type,
            "street_name": place.street_name,
            "building_name": place.building_name or None,
        }
        if self.rng.random() < 0.8:
            line["address_code"] = place.address_code
        if VERSIONS[operator] != "V1.2" and place.identifier:
            line["building_identifier"] = place.identifier
        if spot.level:
            line |= {"staircase": spot.level.staircase, "floor": spot.level.floor}
        return line
