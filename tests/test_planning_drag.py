"""A visit is dragged to another day of the planning, by a mouse in a real browser."""

import json
from datetime import date, datetime, time, timedelta

import conftest
import pytest
from odoo_process import environment, registry
from oictools.chromium import Chromium
from waiting import wait_until
from web_session import session_of

pytestmark = pytest.mark.slow
PAGE = "odoo/action-oiconnect_orders.appointment_action?view_type=calendar"
EVENT = ".o_event[data-event-id='{}']"
#: where a visit is taken, by its corner that no other covers, and where it is dropped
PLACE = """
(() => {{
    const rect = (selector) => document.querySelector(selector).getBoundingClientRect();
    document.querySelector({slot!r}).scrollIntoView({{block: "center"}});
    const [event, slot, day] = [{event!r}, {slot!r}, {day!r}].map(rect);
    return JSON.stringify([
        [event.x + 6, event.y + 4],
        [day.x + day.width / 2, slot.y + 4],
    ]);
}})()
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with conftest.demo_server("drag", tmp_path_factory.mktemp("drag")) as found:
        yield found


@pytest.fixture(scope="module")
def movable(server):
    """A visit of the week after the next, and a free slot at its hour on another day.

    :return: ``(id, its time in France, that of the slot, start of the slot in UTC)``
    """
    with registry(server.database) as base, environment(base) as env:
        from odoo.addons.oiconnect_base.time_zone import local_today, to_local, to_utc

        visits = env["oiconnect.appointment"]
        buildings = [("building_id.commune_id", "!=", False)]
        order = env["oiconnect.access.order"].search(buildings, limit=1)
        monday = local_today() + timedelta(days=14 - local_today().weekday())
        first = to_utc(datetime.combine(monday, time()))
        place = order.network_id, order.building_id.commune_id
        offers = visits._search_slots(*place, first, first + timedelta(days=7))
        days = {}
        for offer in offers:
            start = to_local(offer.start)
            days.setdefault(start.time(), {}).setdefault(start.date(), offer)
        booked, other = next(
            list(found.values())[:2] for found in days.values() if len(found) > 1
        )
        visit, refusals = visits._book(order.operator_id, *place, booked.reference)
        assert not refusals
        visit._fire("confirm")
        env.cr.commit()
        return visit.id, *map(to_local, (booked.start, other.start)), other.start


@pytest.fixture
def browser(server):
    with Chromium(1400, 900) as found:
        zone = "Europe/Paris"
        found.command("Emulation.setTimezoneOverride", timezoneId=zone)
        session = session_of(server, "commandes")
        found.log_in(f"http://127.0.0.1:{server.port}", session)
        found.open(f"http://127.0.0.1:{server.port}/{PAGE}")
        yield found


def drag(browser, start, end):
    """Press, move in steps as a hand does, release."""

    def mouse(kind, point):
        browser.command(
            "Input.dispatchMouseEvent",
            type=kind,
            x=point[0],
            y=point[1],
            button="left",
            buttons=1,
            clickCount=1,
        )

    mouse("mousePressed", start)
    for part in range(1, 11):
        mouse(
            "mouseMoved",
            [a + (b - a) * part / 10 for a, b in zip(start, end, strict=True)],
        )
    mouse("mouseReleased", end)


def test_a_visit_is_dragged_to_a_free_slot_of_another_day(server, movable, browser):
    visit, start, other, moment = movable
    event = EVENT.format(visit)
    browser.wait("Boolean(document.querySelector('.fc-timegrid'))")
    shown = f"Boolean(document.querySelector({event!r}))"
    later = "document.querySelector('.o_calendar_button_next').click()"
    weeks = (start.date() - timedelta(days=start.weekday())) - monday_of(browser)
    for _week in range(weeks.days // 7):
        browser.value(later)
    browser.wait(shown)
    place = PLACE.format(
        event=event,
        slot=f".fc-timegrid-slot-lane[data-time='{other:%H:%M:%S}']",
        day=f".fc-timegrid-col[data-date='{other:%Y-%m-%d}']",
    )
    drag(browser, *json.loads(browser.value(place)))
    confirm = "document.querySelector('.modal-footer .btn-primary')"
    browser.wait(f"Boolean({confirm})")
    assert "Déplacer" in browser.value(f"{confirm}.textContent")
    browser.value(f"{confirm}.click()")
    browser.wait("!document.querySelector('.modal:has(.btn-primary:disabled)')")
    query = "SELECT move_count, start FROM oiconnect_appointment WHERE id = %s"
    moved = "document.querySelector('.modal')?.innerText || ''"
    wait_until(lambda: server.rows(query, visit)[0][0] or browser.value(moved))
    assert browser.value(moved) == ""
    assert server.rows(query, visit) == [(1, moment)]


def monday_of(browser):
    """The first day that the planning shows."""
    first = "document.querySelector('.fc-timegrid-col[data-date]').dataset.date"
    return date.fromisoformat(browser.value(first))
