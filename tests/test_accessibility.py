"""Screens for people with a keyboard, a screen reader or weak eyes: axe-core.

Findings in what is Odoo's own are in ``accessibility_odoo.csv``, which may only shrink.
"""

import csv
import json
from pathlib import Path

import conftest
import pytest
from needs_browser import needs_browser
from odoo_process import environment, registry
from oictools import settings
from oictools.chromium import Chromium
from oictools.console import Failure
from web_session import session_of

pytestmark = [
    pytest.mark.slow,
    needs_browser,
]
AXE = settings.HOME / "node" / "node_modules" / "axe-core" / "axe.min.js"
KNOWN = Path(__file__).parent / "accessibility_odoo.csv"
#: seconds for one screen
TIMEOUT = 60
#: drawn, and no request is left
READY = """
(() => {
    const shown = document.querySelector(%s);
    const loads = document.querySelector(".o_loading_indicator, .o_blockUI");
    return Boolean(shown) && !loads;
})()
"""
#: Rules of WCAG 2.1, levels A and AA; of these what axe calls critical or serious.
CHECK = """
(async () => {
    const known = %s;
    const found = await axe.run(document, {
        runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
        resultTypes: ["violations"],
    });
    return found.violations
        .filter(({impact}) => ["critical", "serious"].includes(impact))
        .flatMap(({id, nodes}) => nodes.map(({target, html, any, all, none}) => {
            const node = document.querySelector(target.at(-1));
            const excuse = known.findIndex(
                ([rule, selector]) => rule === id && node && node.closest(selector)
            );
            const lacks = [...any, ...all, ...none].map(({message}) => message);
            return {
                rule: id,
                target: target.join(" "),
                html: html.slice(0, 160),
                why: lacks.join("; "),
                excuse,
            };
        }));
})()
"""
FORM = ".o_form_view .o_form_sheet"
#: of a form: its small map, once what is there is drawn
SMALL_MAP = ".o_form_view .o_oic_map_canvas .o_oic_point"
ROWS = ".o_list_view tbody tr, .o_view_nocontent"
#: screens of staff: the action, what is awaited, and the model of a form
SCREENS = (
    ("oiconnect_base.home_action", ".o_oic_home_block", None),
    ("oiconnect_base.todo_action", ROWS, None),
    ("oiconnect_orders.access_order_action", ROWS, None),
    ("oiconnect_orders.access_order_action", FORM, "oiconnect.access.order"),
    ("oiconnect_orders.appointment_action", ROWS, None),
    ("oiconnect_orders.appointment_action", FORM, "oiconnect.appointment"),
    ("oiconnect_orders.access_order_due_action", ".o_calendar_view", None),
    ("oiconnect_sav.ticket_action", ROWS, None),
    ("oiconnect_sav.ticket_action", FORM, "oiconnect.ticket"),
    ("oiconnect_infra.map_action", ".leaflet-container", None),
    ("oiconnect_infra.pm_action", ROWS, None),
    ("oiconnect_infra.pm_action", SMALL_MAP, "oiconnect.pm"),
    ("oiconnect_infra.building_action", FORM, "oiconnect.building"),
    ("oiconnect_interop.exchange_action", ROWS, None),
    ("oiconnect_billing.billing_run_action", ROWS, None),
    ("oiconnect_statistics.statistics_orders_action", ".o_oic_card", None),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with conftest.demo_server(
        "accessibility", tmp_path_factory.mktemp("accessibility")
    ) as found:
        yield found


@pytest.fixture(scope="module")
def known():
    with KNOWN.open(encoding="utf-8", newline="") as file:
        return [(row["rule"], row["selector"]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def used():
    """Excuses that were needed, by their place in the list."""
    return set()


@pytest.fixture(scope="module")
def browser():
    with Chromium(1400, 900) as found:
        yield found


def findings(browser, url, awaited, known, used):
    """Open a page and return what is wrong in what is ours, a line each."""
    browser.open(url)
    try:
        browser.wait(READY % json.dumps(awaited))
    except Failure:
        shown = browser.value("document.body.innerText")
        pytest.fail(f"{url}: no {awaited} in: {shown}")
    browser.value(f"{AXE.read_text(encoding='utf-8')}; true")
    found = browser.run(CHECK % json.dumps(known), TIMEOUT)
    used |= {one["excuse"] for one in found}
    return [
        f"{url}: {one['rule']}: {one['target']}: {one['html']} ({one['why']})"
        for one in found
        if one["excuse"] < 0
    ]


def screens(server):
    """Return the screens of staff: ``(address, selector of what is awaited)``."""
    found = []
    for action, awaited, model in SCREENS:
        address = f"http://127.0.0.1:{server.port}/odoo/action-{action}"
        if model:
            table = model.replace(".", "_")
            [[record]] = server.rows(f"SELECT min(id) FROM {table}")
            address += f"/{record}"
        found.append((address, awaited))
    return found


def test_screens_of_staff(server, browser, known, used):
    url = f"http://127.0.0.1:{server.port}"
    browser.log_in(url, session_of(server, "admin"))
    wrong = []
    for address, awaited in screens(server):
        wrong += findings(browser, address, awaited, known, used)
    assert wrong == [], "\n".join(wrong)


def pages(name):
    """Return the addresses of the operators' space: lists, a sheet of each."""
    with registry(name) as base, environment(base) as env:
        from odoo.addons.oiconnect_portal.pages import PAGES

        user = env["res.users"].search([("login", "=", "ocaa")])
        own = env(user=user)
        found = ["/my", "/my/oiconnect", "/my/oiconnect/rendez-vous/nouveau"]
        found += ["/my/oiconnect/tickets/nouveau", "/my/oiconnect/eligibilite"]
        found += ["/my/oiconnect/conditions", "/my/oiconnect/factures"]
        for key, page in PAGES.items():
            found.append(f"/my/oiconnect/{key}")
            if record := own[page.model].search(page.domain, limit=1):
                found.append(f"/my/oiconnect/{key}/{record.id}")
        env.cr.rollback()
    return found


def test_pages_of_operators(server, browser, known, used):
    url = f"http://127.0.0.1:{server.port}"
    browser.log_in(url, session_of(server, "ocaa"))
    found = pages(server.database)
    assert len(found) >= 23
    wrong = []
    for page in found:
        wrong += findings(browser, f"{url}{page}", "main, #wrap", known, used)
    assert wrong == [], "\n".join(wrong)


def test_what_strangers_see(server, browser, known, used):
    url = f"http://127.0.0.1:{server.port}"
    browser.log_in(url, "")
    wrong = findings(browser, f"{url}/web/login", "form", known, used)
    assert wrong == [], "\n".join(wrong)


def test_the_documentation_of_the_api(server, browser, known, used):
    """Who programs against it is a person too; the reference is drawn by Swagger UI."""
    url = f"http://127.0.0.1:{server.port}"
    browser.log_in(url, "")
    docs = f"{url}/oiconnect/api/v1/docs"
    wrong = findings(browser, docs, ".swagger-ui .opblock-tag", known, used)
    wrong += findings(browser, f"{docs}/guides", "article", known, used)
    assert wrong == [], "\n".join(wrong)


def test_no_excuse_is_there_in_vain(known, used):
    """The list only shrinks: what Odoo has corrected goes from it."""
    assert {known[place] for place in set(range(len(known))) - used} == set()
