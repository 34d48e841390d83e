"""The database of the mixed load, and the pages that its people look at."""

import os
import random
from contextlib import closing
from time import monotonic

import psycopg2
from lxml import etree

from odoo.sql_db import close_db, connection_info_for

from ..generator import ipe as ipe_generator
from . import map, map_network, network, publication, tickets, tickets_fill
from .common import figure
from .ipe_import import packing
from .order_list import PAGE, TYPED, Screen

OI = "OIMX"
CODES = tuple(f"OCX{letter}" for letter in "ABCDEFGHIJ")
WORD = "word-of-{}"
#: log-in and word of people
LOGIN, PASSWORD = "mixed", "mixed-word"
GROUPS = ("access_user", "ticket_user", "infra_read", "exchange_user", "billing_user")
#: orders of an operator in a file, and seconds between two of them
ORDERS_PER_FILE, EACH = 5, 20
#: of the lines: buildings of the network whose IPE is published; of these, lines of
#: the files that are imported, and how many such files there are
IPE_SHARE, IMPORT_SHARE, IMPORT_FILES = 10, 5, 3
LISTS = {
    **TYPED,
    "oiconnect.ticket": tickets.TYPED,
    "oiconnect.building": {"identifier": "IMB/4321", "address": "RUE DU LAVOIR 12"},
    "oiconnect.pm": {"reference": "PM42"},
    "oiconnect.exchange": {},
}
BOARDS = ("oiconnect.access.order", "oiconnect.ticket", "oiconnect.todo")
#: records of each model whose forms are opened
FORMS = 40
# What would be studied or notified at once: a day has its own
SETTLED = (
    "UPDATE oiconnect_access_order SET state = 'connecting' "
    "WHERE state = 'ar_ok' AND oc_reference LIKE 'BENCH-%'",
)
LINES = """
    SELECT access.service_reference FROM oiconnect_access_order access
     WHERE access.operator_id = %s AND access.network_id = %s AND state = 'in_service'
       AND NOT EXISTS (SELECT FROM oiconnect_ticket ticket
                        WHERE ticket.service_reference = access.service_reference)
     ORDER BY access.id DESC LIMIT 2000
"""


def accounts(operators):
    return {code.lower(): WORD.format(code) for code in CODES[:operators]}


class Steps:
    """Duration of each part of the fill: `steps.end("orders")`."""

    def __init__(self):
        self._parts, self._last = {}, monotonic()

    def end(self, part):
        now = monotonic()
        self._parts[part], self._last = round(now - self._last, 1), now

    def tell(self, lines):
        total = sum(self._parts.values())
        figure("mixed.fill", total, "s", lines=lines, **self._parts)


def make(env, lines, people, operators, seconds, sftp, folder):
    """Fill the database; return the plan of the load."""
    steps = Steps()
    users = _users(env, people)
    made = tickets_fill.make_tickets(env, lines // 10, users, orders=lines)
    for statement in SETTLED:
        env.cr.execute(statement)
    steps.end("orders_and_tickets")
    # Before the map: it dates back all the buildings that there are.
    ipe = publication.fill(env, lines // IPE_SHARE)
    plan = publication.make_plan(ipe)
    publication.publish(plan, "full")
    files = list(_ipe_files(folder, lines // IPE_SHARE // IMPORT_SHARE))
    steps.end("ipe")
    map_network.make(env, lines)
    steps.end("map")
    env["oiconnect.map.delta"]._compact()
    steps.end("cells_of_the_map")
    orders = seconds * operators * ORDERS_PER_FILE // EACH * 2 + 1_000
    places = _ordering(env, orders, CODES[:operators], sftp)
    steps.end("free_lines")
    env.flush_all()
    env.cr.execute("ANALYZE")
    steps.end("analyze")
    # As each night does: a network never checked is judged whole, on each look.
    env["oiconnect.rule.run"]._cron_nightly()
    steps.end("rules")
    steps.tell(lines)
    return {
        "database": env.cr.dbname,
        "logins": users.mapped("login"),
        "password": PASSWORD,
        "pages": _pages(env(user=users[0])),
        "places": places,
        "codes": CODES[:operators],
        "references": _hotline(env, made),
        "plan": plan.id,
        "ipe_files": files,
    }


def _ipe_files(folder, lines):
    """Files to import, made before: none of it is the load's."""
    for seed in range(1, IMPORT_FILES + 1):
        path = folder / f"ipe_{seed}.csv"
        ipe_generator.write(path, lines, seed=seed)
        with packing(path.with_suffix(".zip")) as target:
            target.write(path.read_bytes())
        path.unlink()
        yield path.with_suffix(".zip")


def settle():
    """Leave the tables as a night does."""
    _name, info = connection_info_for(os.environ["OIC_BENCH_DB"])
    with closing(psycopg2.connect(**info)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    close_db(os.environ["OIC_BENCH_DB"])


def _users(env, count):
    """People of every desk; all have one word, whose digest is made once."""
    users = tickets.make_users(env, LOGIN, count)
    groups = [env.ref(f"oiconnect_base.group_{name}") for name in GROUPS]
    users.write({"group_ids": [(6, 0, [group.id for group in groups])], "tz": "UTC"})
    users[0].password = PASSWORD
    env.flush_all()
    env.cr.execute(
        "UPDATE res_users SET password = (SELECT password FROM res_users WHERE id = %s)"
        " WHERE id = ANY(%s)",
        [users[0].id, users.ids],
    )
    return users


def _ordering(env, orders, codes, sftp):
    """Let operators order in a network of their own; return where."""
    from small_network import make_sftp_operators

    made = network.make(env, OI, orders + network.ROUTES_PER_PBO)
    make_sftp_operators(env, made, codes, sftp, WORD, 10)
    return made["identifiers"]


def _hotline(env, made):
    """Let an operator open tickets by SOAP; return the lines that have none."""
    import test_soap_server as soap

    operator, net = made["operators"][1], made["networks"][0]
    net.siren, operator.siren = soap.OI_SIREN, soap.OC_SIREN
    env["oiconnect.soap.account"].create(
        {
            "network_id": net.id,
            "operator_id": operator.id,
            "login": soap.LOGIN,
            "password": soap.PASSWORD,
        }
    )
    env.flush_all()
    env.cr.execute(LINES, [operator.id, net.id])
    return [reference for (reference,) in env.cr.fetchall()]


# -- pages: (what it is, the calls of the web client) ----------------------------------


def _pages(env):
    chance = random.Random(5)
    screens = {model: Screen(env, model, typed) for model, typed in LISTS.items()}
    return {
        "list": [page for screen in screens.values() for page in _list(screen)],
        "form": [page for screen in screens.values() for page in _form(screen, chance)],
        "kanban": [_board(screens[model]) for model in BOARDS],
        "map": list(_map(env, chance)),
        "search": list(_searches(chance)),
        "home": [
            (
                "home",
                [
                    call("oiconnect.home", "page"),
                    call("oiconnect.home", "take_up_heat"),
                ],
            )
        ],
    }


def call(model, method, *arguments, context=None, **keywords):
    keywords["context"] = {"lang": "fr_FR", "tz": "Europe/Paris", **(context or {})}
    params = {"model": model, "method": method, "args": arguments, "kwargs": keywords}
    return f"/web/dataset/call_kw/{model}/{method}", params


def _list(screen):
    model = screen.model._name
    for name, domain in {"no filter": [], **screen.filters()}.items():
        yield (
            f"{model}: {name}",
            [
                call(
                    model,
                    "web_search_read",
                    domain=domain,
                    specification=screen.columns,
                    limit=PAGE,
                    order=screen.order or "",
                    count_limit=10_001,
                )
            ],
        )


def _form(screen, chance):
    """The record, and what was said of it."""
    model = screen.model
    arch = etree.fromstring(model.get_view(view_type="form")["arch"])
    specification = _specification(model, arch)
    last = model.search([], order="id desc", limit=1).id or 0
    for _rank in range(FORMS if last else 0):
        near = [("id", "<=", chance.randint(1, last))]
        for record in model.search(near, order="id desc", limit=1):
            calls = [call(model._name, "web_read", [record.id], specification)]
            if "message_ids" in model._fields:
                calls += _thread(record)
            yield f"{model._name} form", calls


def _thread(record):
    """Return the calls for followers, attachments, activities and messages."""
    thread = {"thread_model": record._name, "thread_id": record.id}
    requested = ["activities", "attachments", "followers", "scheduledMessages"]
    params = ["mail.thread", {**thread, "request_list": requested}]
    return [
        ("/mail/data", {"fetch_params": [params]}),
        ("/mail/thread/messages", {**thread, "fetch_params": {"limit": 30}}),
    ]


def _specification(model, node):
    """Return what the client reads for a view: fields, those of lists in it too."""
    found = {}
    for child in node:
        if child.tag != "field":
            found |= _specification(model, child)
            continue
        field = model._fields.get(child.get("name"))
        if not field:
            continue
        found[field.name] = {}
        if field.type in ("one2many", "many2many"):
            inner = {}
            for view in child:
                inner |= _specification(model.env[field.comodel_name], view)
            found[field.name] = {
                "fields": inner or {"display_name": {}},
                "limit": 40,
            }
        elif field.type == "many2one":
            found[field.name] = {"fields": {"display_name": {}}}
    return found


def _board(screen):
    model = screen.model
    arch = etree.fromstring(model.get_view(view_type="kanban")["arch"])
    keywords = {
        "domain": screen.filters()["[open]"],
        "groupby": [arch.get("default_group_by")],
        "auto_unfold": True,
        "unfold_read_specification": screen._columns(arch.find("templates")),
        "order": arch.get("default_order") or "",
        "context": {"read_group_expand": True},
    }
    return f"{model._name} board", [call(model._name, "web_read_group", **keywords)]


def _map(env, chance):
    middles = map_network.random_positions(env, chance, 100)
    for middle in middles:
        bounds, zoom = map.viewport(*middle, chance.choice(map.ZOOMS))
        params = {"bounds": bounds, "zoom": zoom, "kinds": map.KINDS, "filters": {}}
        yield f"map {zoom}", [("/oiconnect/map/view", params)]


def _searches(chance):
    for _rank in range(30):
        number = chance.randint(1, 40_000)
        for text in (
            f"BENCH-{number:07d}",
            f"IMB/{number}",
            f"PBO{number % 5000}",
            f"ZB-{number // 10_000:04d}-{number % 10_000:04d}",
            f"rue du lavoir {number % 997}",
        ):
            yield text, [call("oiconnect.quick.search", "find", text)]
