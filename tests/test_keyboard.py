"""People without a mouse: what they do all day and where the focus is, by real keys."""

import json

import conftest
import pytest
from keyboard import ALT, Keyboard
from needs_browser import needs_browser
from odoo_process import environment, registry
from oictools.chromium import Chromium
from planned_visits import book_visit
from test_accessibility import READY, pages, screens
from web_session import session_of

pytestmark = [pytest.mark.slow, needs_browser]
LIST = ".o_list_view .o_data_row"
VIEW = ".o_list_view, .o_view_nocontent"
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


def test_an_order_is_taken_by_telephone(at, server):
    [[building, address]] = server.rows(
        "SELECT id, address FROM oiconnect_building WHERE state = 'deployed'"
        " AND id NOT IN (SELECT building_id FROM oiconnect_building_level)"
        " AND pm_id IN ("
        "   SELECT pm_id FROM oiconnect_pm_service WHERE operator_id = ("
        "     SELECT id FROM oiconnect_operator WHERE interop_code = 'OCAA'))"
        " AND id NOT IN (SELECT building_id FROM oiconnect_access_order"
        "   WHERE building_id IS NOT NULL) ORDER BY id LIMIT 1"
    )
    street, city = address.split(",")
    keys = at("commandes", "/action-oiconnect_orders.access_order_action", LIST)
    keys.press("c", ALT)
    keys.choose("operator_id", "OCAA", "OCAA", ".modal")
    keys.choose("building_id", street, street, ".modal")
    keys.fill("customer_name", "EXEMPLE", ".modal")
    keys.fill("customer_firstname", "Camille", ".modal")
    keys.fill("customer_contact1", "0600000001", ".modal")
    keys.push(".modal button[name=action_order]")
    keys.wait_gone(".modal")
    keys.wait_text(STATE, "En raccordement")
    query = (
        "SELECT state FROM oiconnect_access_order WHERE building_id = %s"
        " AND customer_name = 'EXEMPLE'"
    )
    assert server.rows(query, building) == [("connecting",)]


def test_a_month_is_billed_and_what_is_contested_of_it_is_answered(at, server):
    keys = at("facturation", "/action-oiconnect_billing.billing_run_action", VIEW)
    keys.press("c", ALT)
    keys.push(".o_statusbar_buttons button[name=action_compute]")
    keys.push(".o_statusbar_buttons button[name=action_view_invoices]")
    keys.open_row("OCAA")
    keys.push(".o_statusbar_buttons button[name=action_post]")
    keys.push(".modal .btn-primary")
    keys.wait_text(STATE, "Comptabilis")
    contest_first_line(server.database, "OCAA")
    keys = at("facturation", "/action-oiconnect_billing.billing_dispute_action", LIST)
    keys.open_row("OCAA")
    keys.push(".o_statusbar_buttons button[name=action_view_lines]")
    keys.open_row("Clos")
    keys.push(".o_statusbar_buttons button[name=action_accept]")
    keys.push(".modal .btn-primary")
    keys.wait_text(STATE, "Acceptée")
    states = "SELECT state FROM oiconnect_billing_dispute_line"
    assert server.rows(states) == [("accepted",)]


def contest_first_line(name, operator):
    """Import the file by which an operator contests a line of its posted invoice."""
    with registry(name) as base, environment(base) as env:
        partner = env["oiconnect.operator"].search([("interop_code", "=", operator)])
        line = env["oiconnect.billing.line"].search(
            [
                ("item_id.operator_id", "=", partner.id),
                ("item_id.move_id.state", "=", "posted"),
            ],
            limit=1,
        )
        content = f"Numéro de ligne;Montant contesté;Motif\r\nL{line.id};1,00;Clos\r\n"
        _dispute, problems = env["oiconnect.billing.dispute"]._import_file(
            partner, line.item_id.company_id, content.encode(), "contestation.csv"
        )
        assert problems == []


def test_a_publication_is_asked_for_and_a_file_sent_again(at, server):
    keys = at("reseau", "/action-oiconnect_interop.publication_plan_action", LIST)
    waiting = "SELECT count(*) FROM oiconnect_publication WHERE state = 'waiting'"
    [[before]] = server.rows(waiting)
    keys.open_row("IPE")
    keys.push(".o_statusbar_buttons button[name=action_publish]")
    keys.push(".modal button[name=action_publish]")
    keys.wait_gone(".modal")
    keys.wait_text(".o_data_row", "En attente")
    [[after]] = server.rows(waiting)
    assert after > before
    keys = at("reseau", "/action-oiconnect_interop.publication_action", LIST)
    keys.open_row("Publié")
    keys.push(".o_statusbar_buttons button[name=action_send]")
    keys.choose("operator_id", "OCAA", "OCAA", ".modal")
    keys.push(".modal button[name=action_send]")
    keys.wait_gone(".modal")
    keys.wait_text(".o_notification", "en route vers")
