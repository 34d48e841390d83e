"""A visit is dragged to another day of the planning, by a mouse in a real browser."""

import json
from datetime import timedelta

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
    """A visit and a slot of another day of its week at the same hour:

    ``(id, start, start of the slot)``, in the time of France
    """
    with registry(server.database) as base, environment(base) as env:
        visits = env["oiconnect.appointment"].with_context(tz="Europe/Paris")
        found = visits.search([("state", "=", "confirmed")], order="start")
        from odoo.fields import Datetime

        for visit in found.filtered(lambda one: one.start > Datetime.now()):
            local = Datetime.context_timestamp(visit, visit.start)
            monday = visit.start - timedelta(days=local.weekday() + 1)
            offers = visits._search_slots(
                visit.network_id,
                visit.commune_id,
                max(monday, Datetime.now()),
                monday + timedelta(days=7),
                visit.kind,
                appointment=visit,
            )
            for offer in offers:
                other = Datetime.context_timestamp(visit, offer.start)
                same_week = other.isocalendar()[:2] == local.isocalendar()[:2]
                if (
                    same_week
                    and other.time() == local.time()
                    and other.date() != local.date()
                ):
                    return visit.id, local, other
    raise AssertionError("no visit of the demo can be moved within its week")


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
    visit, start, other = movable
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
    query = "SELECT move_count, start AT TIME ZONE 'UTC' FROM oiconnect_appointment"
    query += " WHERE id = %s"
    moved = "document.querySelector('.modal')?.innerText || ''"
    wait_until(lambda: server.rows(query, visit)[0][0] or browser.value(moved))
    assert browser.value(moved) == ""
    assert server.rows(query, visit)[0][1] == other


def monday_of(browser):
    """The first day that the planning shows."""
    from datetime import date

    first = "document.querySelector('.fc-timegrid-col[data-date]').dataset.date"
    return date.fromisoformat(browser.value(first))
