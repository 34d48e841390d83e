"""People without a mouse: what they do all day and where the focus is, by real keys."""

import json

import conftest
import pytest
from keyboard import ALT, Keyboard
from needs_browser import needs_browser
from oictools.chromium import Chromium
from planned_visits import book_visit
from test_accessibility import READY, pages, screens
from web_session import session_of

pytestmark = [
    pytest.mark.slow,
    needs_browser,
]
LIST = ".o_list_view .o_data_row"
STATE = ".o_statusbar_status .o_arrow_button_current"
#: keys until the focus has been everywhere on a screen, at the most
AROUND = 500
# Remember how what can have the focus looks without it.
PREPARE = """
(() => {
    const look = (node) => {
        const style = getComputedStyle(node);
        return [
            "outlineStyle", "outlineWidth", "boxShadow", "borderTopColor",
            "borderBottomColor", "backgroundColor", "color", "textDecorationLine",
            "opacity",
        ].map((name) => style[name]).join();
    };
    const around = (node) => {
        const found = [node, ...node.querySelectorAll("*")].slice(0, 12);
        for (let parent = node.parentElement, k = 0; parent && k < 3; k++) {
            found.push(parent);
            parent = parent.parentElement;
        }
        return found;
    };
    const shown = (node) => node.checkVisibility({
        checkOpacity: true, checkVisibilityCSS: true,
    }) && node.getClientRects().length;
    const TABBABLE = "a[href], button, input, select, textarea, [tabindex], summary";
    document.activeElement?.blur();
    const all = [...document.querySelectorAll(TABBABLE)].filter(
        (node) => node.tabIndex >= 0 && !node.disabled && shown(node)
    );
    const looks = new Map();
    for (const node of all) {
        for (const part of around(node)) looks.set(part, look(part));
    }
    const reached = new Set();
    const name = (node) => node.outerHTML.slice(0, 120);
    window.oiconnectFocus = {
        /** What is wrong with what has the focus now; null at the end of the page. */
        next() {
            const node = document.activeElement;
            if (!node || node === document.body) return null;
            if (reached.has(node)) return "again";
            reached.add(node);
            if (!shown(node)) return `hidden: ${name(node)}`;
            const seen = around(node).some(
                (part) => looks.has(part) && looks.get(part) !== look(part)
            );
            return seen || !all.includes(node) ? "" : `no ring: ${name(node)}`;
        },
        missed() {
            return all
                .filter((node) => node.isConnected && shown(node))
                .filter((node) => node.tabIndex >= 0 && !reached.has(node))
                // Odoo's: its facet has the focus, and Backspace removes it.
                .filter((node) => !node.closest(".o_facet_remove"))
                .map((node) => `never reached: ${name(node)}`);
        },
    };
})()
"""
MISSED = "window.oiconnectFocus.missed()"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with conftest.demo_server("keyboard", tmp_path_factory.mktemp("keyboard")) as found:
        yield found


@pytest.fixture(scope="module")
def browser():
    with Chromium(1400, 900) as found:
        yield found


@pytest.fixture
def keys(browser):
    return Keyboard(browser)


def walk(browser, keys, url, awaited):
    """Go around a page by Tab; return what is wrong with where the focus was."""
    browser.open(url)
    browser.wait(READY % json.dumps(awaited))
    browser.value(PREPARE)
    wrong, missed = [], [""]
    for _key in range(AROUND):
        keys.press("Tab")
        found = browser.value("window.oiconnectFocus.next()")
        if found not in (None, "", "again"):
            wrong.append(found)
        # A screen may have put the focus into its middle: it goes around the end.
        elif found != "" and not (missed := browser.value(MISSED)):
            break
    wrong += missed
    return [f"{url}: {one}" for one in wrong]


def test_the_focus_is_seen_and_goes_everywhere_on_screens_of_staff(
    server, browser, keys
):
    url = f"http://127.0.0.1:{server.port}"
    browser.log_in(url, session_of(server, "admin"))
    wrong = []
    for address, awaited in screens(server):
        wrong += walk(browser, keys, address, awaited)
    assert wrong == [], "\n".join(wrong)


def test_the_focus_is_seen_and_goes_everywhere_on_pages_of_operators(
    server, browser, keys
):
    url = f"http://127.0.0.1:{server.port}"
    browser.log_in(url, session_of(server, "ocaa"))
    wrong = []
    for page in pages(server.database):
        wrong += walk(browser, keys, f"{url}{page}", "main, #wrap")
    assert wrong == [], "\n".join(wrong)


# -- what people do all day ------------------------------------------------------------


@pytest.fixture
def at(server, browser, keys):
    """Open a screen as a person: ``at(login, path, what is shown)``."""

    def opened(login, path, shown):
        url = f"http://127.0.0.1:{server.port}"
        browser.log_in(url, session_of(server, login))
        browser.open(f"{url}/odoo{path}")
        keys.wait(shown)
        return keys

    return opened


def test_a_ticket_from_the_call_to_its_resolution(at, server):
    [[reference]] = server.rows(
        "SELECT oc_reference FROM oiconnect_access_order WHERE state = 'in_service'"
        " AND service_reference NOT IN (SELECT service_reference FROM oiconnect_ticket"
        " WHERE service_reference != '') ORDER BY id LIMIT 1"
    )
    keys = at("tickets", "/action-oiconnect_sav.ticket_action", LIST)
    keys.search(reference, reference)
    keys.push("button[name=action_open_ticket]")
    keys.wait(".o_form_view .o_oic_line_header")
    keys.choose("defect_id", "PAS DE SIGNAL", "ignal")
    keys.choose("defect_class_id", "interruption", "Interruption totale")
    keys.choose("prelocation_id", "PBO", "PBO")
    keys.press("s", ALT)
    keys.push(".o_statusbar_buttons button[name=action_add_task]")
    keys.push(".modal .o_form_button_save")
    keys.wait_gone(".modal")
    keys.wait_text(STATE, "En cours")
    keys.push(".o_statusbar_buttons button[name=action_report]")
    keys.fill("result", "Connecteur nettoyé au PBO", ".modal")
    keys.choose("location_id", "PBO", "PBO", ".modal")
    keys.fill("loss", "17,5", ".modal")
    keys.push(".modal button[name=action_do_and_resolve]")
    keys.choose("closure_code_id", "RET01", "RET01", ".modal")
    keys.push(".modal button[name=action_confirm]")
    keys.wait_gone(".modal")
    keys.wait_text(STATE, "Clôturé")


def test_a_visit_is_moved(at, server):
    visit = book_visit(server.database)
    keys = at("commandes", "/action-oiconnect_orders.appointment_action", LIST)
    keys.search(visit.reference, visit.reference)
    keys.push("button[name=action_move]")
    keys.fill("comment", "Le client préfère un autre jour", ".modal")
    keys.push(".modal .o_oic_slot")
    keys.wait_gone(".modal")
    keys.wait_text(".o_field_widget[name=move_count]", "1")
    query = "SELECT move_count FROM oiconnect_appointment WHERE id = %s"
    assert server.rows(query, visit.id) == [(1,)]
