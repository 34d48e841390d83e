"""Everything that can be opened is opened: no error, no English, no query a row."""

import json
from pathlib import Path

import conftest
import curious
import pytest
from lxml import etree
from needs_browser import needs_browser
from odoo_process import environment, registry
from oictools import database
from oictools.chromium import Chromium
from screens import Screens
from web_session import ask, session_of

pytestmark = pytest.mark.slow
CRAWL = Path(__file__).parent / "crawl.js"
#: seconds for all screens of a person, several times what is usual
TIMEOUT = 1800
READY = "Boolean(window.odoo && odoo.isReady && odoo.__WOWL_DEBUG__)"
FEW, MANY = 8, 80
# What the first rows had no need of: a kind of neighbour, of text or of picture.
# A missed delay is that of an order of five kinds, or of a ticket.
ONCE = 8
DAYS = ("date", "datetime")
# Whose console speaks of what is not ours
NOT_OURS = ("tile.openstreetmap.org", "data.geopf.fr", "favicon")
# One who may read all and write nothing, and those of the demo who may do some of it
READER = "lecture"
PEOPLE = ("commandes", "tickets", "reseau", "facturation", READER)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with conftest.demo_server("crawl", tmp_path_factory.mktemp("crawl")) as found:
        add_reader(found)
        yield found


@pytest.fixture(scope="module")
def env():
    name = conftest.copy_of("demo")
    with registry(name) as base, environment(base) as made:
        yield made(user=made.ref("base.user_admin"), context={"lang": "fr_FR"})
        made.cr.rollback()
    database.drop(name)


@pytest.fixture(scope="module")
def browser():
    """One for all people: it fetches and compiles the web client once."""
    with Chromium(1400, 900) as found:
        found.listen()
        yield found


@pytest.fixture(scope="module")
def english(env):
    """Texts that would be read without our French catalogues."""
    from odoo.addons.oiconnect_interop.tests.french import english_labels

    return english_labels()


def add_reader(server):
    session = session_of(server, "admin")

    def call(model, method, *args):
        path = f"/web/dataset/call_kw/{model}/{method}"
        wanted = {"model": model, "method": method, "args": args, "kwargs": {}}
        answer, _headers = ask(server, path, session, **wanted)
        return answer["result"]

    rights = [("model", "=", "res.groups"), ("name", "=like", "group_%_read")]
    rights.append(("module", "=", "oiconnect_base"))
    groups = call("ir.model.data", "search_read", rights, ["res_id"])
    reader = {"name": "Lou Lecture", "login": READER, "password": READER}
    reader |= {"lang": "fr_FR", "tz": "Europe/Paris"}
    reader["group_ids"] = [(6, 0, [group["res_id"] for group in groups])]
    assert len(groups) > 3
    call("res.users", "create", [reader])


@needs_browser
@pytest.mark.parametrize(
    ("login", "width", "height"), [("admin", 1400, 900), (READER, 1000, 700)]
)
def test_every_screen_opens_in_french(server, browser, english, login, width, height):
    url = f"http://127.0.0.1:{server.port}"
    browser.resize(width, height)
    browser.log_in(url, session_of(server, login))
    browser.open(f"{url}/odoo")
    browser.wait(READY)
    browser.run(CRAWL.read_text(), TIMEOUT)
    thorough = json.dumps(login == "admin")
    result = browser.run(f"oiconnectCrawl({json.dumps(english)}, {thorough})", TIMEOUT)
    assert len(result["opened"]) > 5
    assert result["wrong"] == [], "\n".join(result["wrong"])
    complaints = [
        text
        for text in browser.complaints
        if not any(host in text for host in NOT_OURS)
    ]
    assert complaints == []
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("login", PEOPLE)
def test_what_a_person_is_led_to_is_of_its_rights(env, login):
    """The browser draws the same screens for those who may do all, and nothing."""
    user = env["res.users"].search([("login", "=", login)])
    if login == READER:
        user = curious.make_user(env, READER, curious.rights(env, "_read"))
    context = {"lang": "fr_FR", "tz": "Europe/Paris", "uid": user.id}
    found = Screens(env(user=user, context=context))
    found.walk()
    assert found.wrong == [], "\n".join(found.wrong)
    assert len(found.opened) > 20


# -- queries -------------------------------------------------------------------------


def screens(env):
    """Yield the action of each menu of ours that opens lists, and its model."""
    root = env.ref("oiconnect_base.menu_root")
    menus = env["ir.ui.menu"].search([("id", "child_of", root.id)], order="id")
    for action in {menu.action for menu in menus if menu.action}:
        if action._name == "ir.actions.act_window":
            context = evaluated(env, action.context)
            yield action, env[action.res_model].with_context(**context)


def evaluated(env, text):
    from odoo.tools.safe_eval import safe_eval

    return safe_eval(text or "{}", {"uid": env.uid})


def searches(env):
    """Yield each filter and each group of the screens: where, model, domain, group."""
    for action, model in screens(env):
        views = model.get_views([(action.search_view_id.id, "search")])["views"]
        for node in etree.fromstring(views["search"]["arch"]).iter("filter"):
            where = f"{action.name} › {node.get('string')}"
            domain = evaluated(env, node.get("domain") or "[]")
            group = evaluated(env, node.get("context")).get("group_by")
            if group and group in model._fields and model._fields[group].type in DAYS:
                group += ":month"
            yield where, model, domain, group


def test_each_filter_and_each_group_is_answered(env):
    wrong, count = [], 0
    for where, model, domain, group in searches(env):
        count += 1
        try:
            with env.cr.savepoint():
                if group:
                    model.web_read_group(domain, [group], ["__count"], limit=MANY)
                else:
                    model.web_search_read(domain, {"display_name": {}}, limit=FEW)
        except Exception as error:
            wrong.append(f"{where}: {error!r}")
    assert wrong == [], "\n".join(wrong)
    assert count > 300


def specification(model, arch):
    """Return the fields that the web client asks for, to draw ``arch``."""
    wanted = {}
    for node in etree.fromstring(arch).iter("field"):
        field = model._fields[node.get("name")]
        wanted[field.name] = (
            {"fields": {"display_name": {}}} if field.relational else {}
        )
    return wanted


def queries(model, domain, wanted, limit):
    model.env.invalidate_all()
    before = model.env.cr.sql_log_count
    found = model.web_search_read(domain, wanted, limit=limit)["records"]
    return len(found), model.env.cr.sql_log_count - before


def test_no_screen_asks_more_for_more_rows(env):
    growing, seen = {}, 0
    for action, model in screens(env):
        for view_id, kind in action.views:
            if kind not in ("list", "kanban"):
                continue
            arch = model.get_views([(view_id, kind)])["views"][kind]["arch"]
            wanted = specification(model, arch)
            queries(model, [], wanted, MANY)  # what is read once only
            _few, queries_few = queries(model, [], wanted, FEW)
            many, queries_many = queries(model, [], wanted, MANY)
            seen += many > MANY // 2
            if queries_many > queries_few + ONCE:
                growing[f"{action.name} › {kind}"] = (queries_few, queries_many)
    assert seen > 10
    assert growing == {}, growing
