"""Visits that a test books for itself: those of the demo change with the day."""

from datetime import datetime, timedelta
from typing import NamedTuple

from odoo_process import environment, registry


class Visit(NamedTuple):
    """A confirmed visit, and the start of a free slot at its hour, another day.

    Moments are naive and in UTC, days those of France.
    """

    id: int
    reference: str
    start: datetime
    other: datetime


def book_visit(name):
    """Book a visit of the week after the next in a copy of the demo."""
    with registry(name) as base, environment(base) as env:
        from odoo.addons.oiconnect_base.time_zone import (
            local_today,
            start_of_day,
            to_local,
        )

        visits = env["oiconnect.appointment"]
        placed = [("building_id.commune_id", "!=", False)]
        order = env["oiconnect.access.order"].search(placed, limit=1)
        place = order.network_id, order.building_id.commune_id
        today = local_today()
        first = start_of_day(today + timedelta(days=14 - today.weekday()))
        offers = {}
        for offer in visits._search_slots(*place, first, first + timedelta(days=7)):
            start = to_local(offer.start)
            offers.setdefault(start.time(), {}).setdefault(start.date(), offer)
        booked, other = next(
            list(days.values())[:2] for days in offers.values() if len(days) > 1
        )
        visit, refusals = visits._book(order.operator_id, *place, booked.reference)
        assert not refusals
        visit._fire("confirm")
        return Visit(visit.id, visit.reference, booked.start, other.start)
