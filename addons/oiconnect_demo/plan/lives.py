"""When each demo order lived: over the last five months, on working days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAY = timedelta(days=1)
# Weekday on which each operator drops its files, and at what time which.
DROP_DAYS = {"OCAA": 1, "OCBB": 2, "OCCC": 3}
DROP_TIME, REPORT_TIME, ACTIVATION_TIME = time(10, 2), time(19, 2), time(21, 30)
# A line is made available as soon as its connection is reported.
DELIVERY_TIME = time(19, 5)
# Days since the order, by what became of it.
AGES = {
    "in_service": (24, 150),
    "delivered": (16, 24),
    "taken_over": (22, 34),
    "connecting": (2, 26),
    "connect_ko": (20, 44),
    "ar_ok": (0.1, 0.12),
    "cr_ko": (3, 150),
    "ar_ko": (3, 150),
    "refused_later": (3, 9),
    "mad_ko": (24, 120),
    "cancelled": (14, 140),
    "terminated": (75, 150),
}


@dataclass
class Life:
    """Local times of an order, as the operator and we write them."""

    dropped: datetime
    ordered: datetime
    receipt: datetime
    report: datetime
    connected: datetime
    reported: datetime
    delivered: datetime
    in_service: datetime
    activated: datetime
    ended: datetime
    # When its route was changed, or its line given back
    changed: datetime | None = None

    def deliver_at_once(self):
        """Nothing is to be built: the report makes the line available."""
        wait = self.in_service - self.delivered
        self.delivered, self.in_service = self.report, self.report + wait


def life(rng, operator, goal, now):
    """Return a life that fits ``goal`` and is over before ``now``."""
    youngest, oldest = AGES[goal]
    draws = [rng.random() for _draw in range(6)]
    dropped = now - (youngest + draws[0] * (oldest - youngest)) * DAY
    if goal != "ar_ok":
        dropped = datetime.combine(_drop(operator, dropped, -DAY), DROP_TIME)
    last = now - timedelta(hours=2)
    # The orders of one file are studied at once.
    report = min(dropped + timedelta(minutes=60 + 9 * dropped.day), last)
    connected = min(_visit(report + (2 + 6 * draws[2]) * DAY, draws[3]), last - DAY)
    evening = _evening(operator, connected, last - DAY)
    delivered = datetime.combine(evening, DELIVERY_TIME)
    in_service = min(delivered + timedelta(hours=14 + 40 * draws[4]), last)
    activation = datetime.combine(_drop(operator, in_service, DAY), ACTIVATION_TIME)
    activation = min(activation, last + timedelta(hours=1))
    ended = _end(goal, report, max(in_service, activation), last, draws[5])
    times = (
        dropped,
        _office_hours(dropped - (1 + draws[5]) * DAY, draws[4]),
        dropped + timedelta(minutes=3),
        report,
        connected,
        datetime.combine(evening, REPORT_TIME),
        delivered,
        in_service,
        activation,
        ended,
    )
    return Life(*(moment.replace(microsecond=0) for moment in times))


def _drop(operator, moment, step) -> date:
    """Return the operator's nearest day of files from ``moment`` on."""
    day = moment.date()
    while day.weekday() != DROP_DAYS[operator]:
        day += step
    return day


def _evening(operator, connected, last) -> date:
    """Return the day on which the connection is reported."""
    day = _drop(operator, connected, DAY)
    return day if day <= last.date() else connected.date()


def _end(goal, report, served, last, draw):
    """A customer renounces within days, or leaves after a time of service."""
    if goal == "cancelled":
        return min(report + (1 + draw) * DAY, last)
    return served + (last - served) * (0.1 + 0.8 * draw)


def _visit(moment, draw):
    """Technicians come from 8 to 17 h, Monday to Saturday."""
    day = moment.date() + (DAY if moment.weekday() == 6 else 0 * DAY)
    return datetime.combine(day, time(8)) + timedelta(minutes=int(draw * 540))


def _office_hours(moment, draw):
    """Customers order from 9 to 18 h, Monday to Saturday."""
    day = moment.date() - (DAY if moment.weekday() == 6 else 0 * DAY)
    return datetime.combine(day, time(9)) + timedelta(minutes=int(draw * 540))
