"""The home page of each of the demo's people: its numbers are those of its lists."""

import json

import conftest
import pytest
from needs_browser import needs_browser
from odoo_process import environment, registry
from oictools import database
from oictools.chromium import Chromium
from web_session import session_of

pytestmark = pytest.mark.slow
#: lists, and so the page, count no further
LIMIT = 10_001
# The blocks of each person, in their order
BLOCKS = {
    "admin": [
        "work",
        "orders",
        "tickets",
        "visits",
        "flows",
        "publications",
        "imports",
        "pulse",
        "availability",
        "take_up",
        "money",
        "billing",
    ],
    "commandes": [
        "work",
        "orders",
        "visits",
        "flows",
        "publications",
        "pulse",
        "take_up",
    ],
    "tickets": [
        "work",
        "orders",
        "tickets",
        "visits",
        "publications",
        "pulse",
        "availability",
        "take_up",
    ],
    "reseau": ["work", "publications", "imports", "take_up"],
    "facturation": ["money", "billing"],
}
READY = "Boolean(document.querySelector('.o_oic_home_block'))"
# The first number that is not zero: what it is, and what it says
FIRST = """
(() => {
    const number = document.querySelector(".o_oic_home_number:not(.o_oic_home_zero)");
    const text = number.querySelector(".o_oic_home_count").textContent;
    number.click();
    return Number(text.replace(/\\D/g, ""));
})()
"""
# Where one is among what the page listed
PLACE = "document.querySelector('.o_form_view .o_pager_value')?.textContent"
LISTED = "document.querySelector('.o_list_view .o_pager_limit')?.textContent"


@pytest.fixture(scope="module")
def demo():
    name = conftest.copy_of("demo", "home")
    yield name
    database.drop(name)


@pytest.fixture(scope="module")
def base(demo):
    with registry(demo) as found, environment(found) as env:
        yield env
        env.cr.rollback()


@pytest.fixture(params=BLOCKS)
def env(base, request):
    """The environment of one of the demo's people."""
    user = base["res.users"].search([("login", "=", request.param)])
    return base(user=user, context={"lang": "fr_FR", "tz": "Europe/Paris"})


@pytest.fixture
def page(env):
    """The page as the client gets it."""
    return json.loads(json.dumps(env["oiconnect.home"].page(), default=str))


def listed(env, page, number):
    """How many records the list of a number counts, as the web client asks it."""
    action = page["actions"][number["action"]]
    records = env[action["res_model"]].with_context(**action["context"])
    networks = env["oiconnect.network"]
    domain = networks._domain_of_screen(records, number["domain"])
    return records.web_search_read(
        domain, {"display_name": {}}, limit=1, count_limit=LIMIT
    )["length"]


def test_each_number_is_that_of_the_list_it_leads_to(env, page):
    numbers = [
        (block["key"], number)
        for block in page["blocks"]
        for number in block["numbers"]
    ]
    assert numbers
    wrong = {
        (block, number["key"]): (number["count"], found)
        for block, number in numbers
        if (found := listed(env, page, number)) != number["count"]
    }
    assert wrong == {}


def test_a_person_has_the_blocks_of_its_rights_and_something_to_look_at(env, page):
    assert [block["key"] for block in page["blocks"]] == BLOCKS[env.user.login]
    assert any(
        number["count"] for block in page["blocks"] for number in block["numbers"]
    )
    for block in page["blocks"]:
        empty = not any(number["count"] for number in block["numbers"])
        assert bool(block["empty"]) == empty, block["key"]


def test_open_work_is_in_one_column_each(env, page):
    numbers = [
        number
        for block in page["blocks"]
        if block["key"] == "work"
        for number in block["numbers"]
        if number["more"]["row"] == "all"
    ]
    todos = env["oiconnect.todo"]
    is_open = [("state", "=", "open")]
    readable = todos.has_access("read") and todos.search_count(is_open)
    assert sum(number["count"] for number in numbers) == readable


def test_the_first_steps_are_done_in_the_demo(env, page):
    assert page["start"] is False


@needs_browser
def test_each_person_opens_on_it_and_a_number_opens_its_list(demo, tmp_path):
    server = conftest.OdooServer(
        demo, tmp_path / "odoo.log", scheduled=False, jobs=False
    ).start()
    url = f"http://127.0.0.1:{server.port}"
    try:
        with Chromium(1000, 700) as browser:
            for login in BLOCKS:
                browser.log_in(url, session_of(server, login))
                browser.open(f"{url}/odoo")
                browser.wait(READY)
                count = browser.value(FIRST)
                browser.wait(f"{LISTED} === '{count}'")
                browser.value("document.querySelector('.o_back_button').click()")
                browser.wait(READY)
                if "visits" in BLOCKS[login] and login != "admin":
                    # What is opened goes along with its list.
                    click(browser, ".o_oic_home_todo")
                    browser.wait(f"Boolean({PLACE})")
                    before = browser.value(PLACE)
                    click(browser, ".o_form_view .o_pager_next")
                    browser.wait(f"{PLACE} && {PLACE} !== {json.dumps(before)}")
    finally:
        server.kill()


@needs_browser
def test_an_empty_database_leads_to_its_first_order_until_one_hides_that(tmp_path):
    name = conftest.copy_of("nodemo", "start")
    server = conftest.OdooServer(
        name, tmp_path / "odoo.log", scheduled=False, jobs=False
    ).start()
    url = f"http://127.0.0.1:{server.port}"
    try:
        with Chromium(1000, 700) as browser:
            browser.log_in(url, session_of(server, "admin"))
            browser.open(f"{url}/odoo")
            browser.wait(shown(".o_oic_home_step_next[data-step=network] .btn"))
            steps = "document.querySelectorAll('.o_oic_home_step').length"
            assert browser.value(steps) == 6
            click(browser, ".o_oic_home_step_next .btn")
            browser.wait(shown(".o_form_view .o_field_widget[name=oi_code]"))
            click(browser, ".o_back_button")
            browser.wait(shown(".o_oic_home_hide_start"))
            click(browser, ".o_oic_home_hide_start")
            browser.wait(shown(".o_oic_home_show_start"))
            assert browser.value(steps) == 0
            click(browser, ".o_oic_home_show_start")
            browser.wait(shown(".o_oic_home_step_next[data-step=network]"))
    finally:
        server.kill()
        database.drop(name)


def shown(selector):
    return f"Boolean(document.querySelector({json.dumps(selector)}))"


def click(browser, selector):
    browser.value(f"document.querySelector({json.dumps(selector)}).click()")
