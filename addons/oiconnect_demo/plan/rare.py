"""Lives of the demo that are rare: lines taken over, one by mistake, and new routes."""

from datetime import datetime, time, timedelta

from .lives import DAY, life

HOLDER, TAKER = "OCAA", "OCBB"
# When people of ours correct what went wrong
DESK_TIME = time(9, 40)


def add_rare(planner, pms):
    """Take two lines over, give one of them back, change the route of two orders.

    :param pms: the PMs at which both operators have a service
    """
    *_others, hot, wrong, taken = _served(planner, pms)
    _take_over(planner, taken, "in_service")
    _take_over_by_mistake(planner, wrong)
    hot.reprovision, hot.life.changed = "hot", hot.life.connected
    _reprovision_cold(planner)


def _served(planner, pms):
    """Return orders of flats, each of which would do; scenarios know the first."""
    return [
        order
        for order in planner.found
        if (order.operator, order.goal) == (HOLDER, "in_service")
        and order.spot.level
        and not order.spot.pto
        and order.spot.place.pm in pms
        and order.line["connection_type"] == "STOC"
    ]


def _take_over(planner, holder, goal):
    """Another operator connects the line of ``holder``, which served for months."""
    holder.life = life(planner.rng, HOLDER, "terminated", planner.now)
    taker = planner.add(TAKER, goal, holder.spot, existing=True, connection_type="STOC")
    taker.follows = holder
    planner.put_later(taker, "taken_over")
    holder.life.ended = taker.life.delivered
    return taker


def _take_over_by_mistake(planner, holder):
    taker = _take_over(planner, holder, "delivered")
    taker.mistaken = True
    taker.life.ended = holder.life.changed = _at_the_desk(taker.life.delivered, 2)


def _reprovision_cold(planner):
    """The visit failed for the fibre: it is made again on another one."""
    order = next(
        order
        for order in planner.found
        if (order.operator, order.goal) == (HOLDER, "connect_ko")
        and order.line["connection_type"] == "STOC"
        and order.reason.startswith("FINT")
    )
    order.reprovision = "cold"
    order.life.changed = _at_the_desk(order.life.delivered, 1)


def _at_the_desk(moment, days):
    day = moment.date() + days * DAY
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, DESK_TIME)
