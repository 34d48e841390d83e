"""A visit is dragged to another day of the planning, by a mouse in a real browser."""

import json
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import conftest
import pytest
from needs_browser import needs_browser
from oictools.chromium import Chromium
from planned_visits import book_visit
from waiting import wait_until
from web_session import session_of

pytestmark = [pytest.mark.slow, needs_browser]
ZONE = "Europe/Paris"
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


@pytest.fixture
def browser(server):
    with Chromium(1400, 900) as found:
        found.command("Emulation.setTimezoneOverride", timezoneId=ZONE)
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


def test_a_visit_is_dragged_to_a_free_slot_of_another_day(server, browser):
    visit = book_visit(server.database)
    start, other = map(in_france, (visit.start, visit.other))
    event = EVENT.format(visit.id)
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
    wait_until(lambda: server.rows(query, visit.id)[0][0] or browser.value(moved))
    assert browser.value(moved) == ""
    assert server.rows(query, visit.id) == [(1, visit.other)]


def in_france(moment):
    """Return the time in France of a moment in UTC."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE))


def monday_of(browser):
    """The first day that the planning shows."""
    first = "document.querySelector('.fc-timegrid-col[data-date]').dataset.date"
    return date.fromisoformat(browser.value(first))
