"""When each demo order lived: over the last five months, on working days."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

DAY = timedelta(days=1)
# Weekdays on which each operator drops its orders; one week in two for the last.
DROP_DAYS = {"OCAA": (1, 4), "OCBB": (2,), "OCCC": (3,)}
EVERY_OTHER_WEEK = "OCCC"
DROP_TIME = time(10, 2)
# Reports of the day come in the evening; the line is made available at once.
REPORT_TIME, DELIVERY_TIME = time(19, 2), time(19, 5)
# Days since the order, by what became of it.
AGES = {
    "in_service": (14, 150),
    "delivered": (10, 20),
    "taken_over": (14, 30),
    "connecting": (2, 26),
    "connect_ko": (14, 40),
    "cr_ok": (2, 9),
    "ar_ok": (0.1, 0.12),
    "cr_ko": (3, 150),
    "ar_ko": (3, 150),
    "mad_ko": (20, 120),
    "cancelled": (12, 140),
    "terminated": (60, 150),
}


@dataclass
class Life:
    """Local times of an order, as the operator and we write them."""

    dropped: datetime
    ordered: datetime
    receipt: datetime
    report: datetime
    connected: datetime
    delivered: datetime
    in_service: datetime
    ended: datetime

    @property
    def reported(self):
        return datetime.combine(self.connected.date(), REPORT_TIME)

    def deliver_at_once(self):
        """Nothing is to be built: the report makes the line available."""
        wait = self.in_service - self.delivered
        self.delivered, self.in_service = self.report, self.report + wait


def life(rng, operator, goal, now):
    """Return a life that fits ``goal`` and is over before ``now``."""
    youngest, oldest = AGES[goal]
    age = youngest + rng.random() * (oldest - youngest)
    draws = [rng.random() for _draw in range(6)]
    dropped = (now - age * DAY).replace(microsecond=0)
    if goal != "ar_ok":
        dropped = _drop(operator, dropped)
    last = now - timedelta(hours=2)
    report = _limit(dropped + timedelta(hours=1 + 20 * draws[0] ** 3), last)
    connected = _visit(report + (2 + 8 * draws[1]) * DAY, draws[2])
    connected = _limit(connected, last - DAY)
    delivered = datetime.combine(connected.date(), DELIVERY_TIME)
    in_service = _limit(delivered + timedelta(hours=14 + 40 * draws[3]), last)
    start = report if goal == "cancelled" else in_service
    ended = start + (last - start) * (0.1 + 0.8 * draws[4])
    if goal == "cancelled":
        ended = _limit(report + (2 + 6 * draws[4]) * DAY, last)
    return Life(
        dropped,
        _office_hours(dropped - (1 + draws[5]) * DAY, draws[5]),
        dropped + timedelta(minutes=3),
        report,
        connected,
        delivered,
        in_service,
        ended.replace(microsecond=0),
    )


def _drop(operator, moment):
    """Return the operator's last drop before ``moment``."""
    day = moment.date()
    while not _drops_on(operator, day):
        day -= DAY
    return datetime.combine(day, DROP_TIME)


def _drops_on(operator, day):
    on_week = operator != EVERY_OTHER_WEEK or day.isocalendar().week % 2 == 0
    return on_week and day.weekday() in DROP_DAYS[operator]


def _visit(moment, draw):
    """Technicians come from 8 to 17 h, Monday to Saturday."""
    day = moment.date() + (DAY if moment.weekday() == 6 else 0 * DAY)
    return datetime.combine(day, time(8)) + timedelta(minutes=int(draw * 540))


def _office_hours(moment, draw):
    """Customers order from 9 to 18 h, Monday to Saturday."""
    day = moment.date() - (DAY if moment.weekday() == 6 else 0 * DAY)
    return datetime.combine(day, time(9)) + timedelta(minutes=int(draw * 540))


def _limit(moment, last):
    return min(moment, last).replace(microsecond=0)
