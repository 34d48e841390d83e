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
    hot, wrong, taken = (_serve(planner, pms) for _line in range(3))
    _take_over(planner, taken, "in_service")
    _take_over_by_mistake(planner, wrong)
    hot.reprovision, hot.life.changed = "hot", hot.life.connected
    _reprovision_cold(planner, pms)


def _serve(planner, pms, goal="in_service"):
    """Return an order of a flat that a sub-contractor connects."""
    spot = planner.spots.take_flat(pms)
    return planner.add(HOLDER, goal, spot, existing=False, connection_type="STOC")


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


def _reprovision_cold(planner, pms):
    """The visit failed for the fibre: it is made again on another one."""
    order = _serve(planner, pms, "connect_ko")
    order.reason = "FINT04"
    order.reprovision = "cold"
    order.life.changed = _at_the_desk(order.life.delivered, 1)


def _at_the_desk(moment, days):
    day = moment.date() + days * DAY
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, DESK_TIME)
