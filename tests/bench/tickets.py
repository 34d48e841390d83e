"""Tickets: opened by web service, listed by each filter, and the lines of an incident.

Creation is measured as operators see it: requests in parallel to a server with two
workers, by SOAP, and by Odoo's own external API for the same records in the same run,
by turns. The lists are those of a user of tickets, as the web client asks for them.
"""

import json
from datetime import datetime

from odoo.addons.oiconnect_soap.soap import CONTENT_TYPE, read_reply, request
from odoo.addons.oiconnect_soap.soap.services import sav

from . import tickets_fill
from .common import environment, figure, percentile, timed
from .http_server import SENT, HttpServer, check_status, compare
from .order_list import Screen

COUNTS = {"small": 100_000, "full": 1_000_000}
NETWORK, LINES = "OIBT", 2_000
SOAP_PATH, JSON_PATH = "/oiconnect/soap/sav/3.0", "/json/2/oiconnect.ticket/create"
OI_SIREN, OC_SIREN = "999000011", "999000029"
LOGIN, PASSWORD = "bench", "bench-of-tickets"
ROUNDS, SLOWEST = 20, 12
GROUP = "oiconnect_base.group_ticket_user"
USERS = 8
# What is reported of each ticket
DEFECT, DEFECT_CLASS, LOCATION = "PAS DE SIGNAL", "1", "PBO"
WORDS, CUSTOMER = "Plus de signal", "EXEMPLE"
# What is typed or chosen in the fields of the search view
TYPED = {
    "reference": "BENCH-SAV-00004321",
    "operator_id": "L012",
    "state": "frozen",
    "defect_id": "SIGNAL",
    "type_id": "1",
    "pto_id": "ZB-0000-4321",
    "service_reference": "OIBLP0000000000004321",
    "pm_id": "OIBL-PM-1",
    "pbo_id": "OIBL-PBO-1",
    "building_id": "OIBL/B/1",
    "user_id": "bench 3",
    "closure_code_id": "RET01",
    "incident_id": "OIBL-INC",
    "network_id": "OIBL",
}


def run(size):
    with environment() as env:
        made = tickets_fill.make_lines(env, NETWORK, LINES)
        calls = Calls(env, made)
    with environment() as env:
        impacted(env)
    creations(calls)
    with environment() as env:
        lists(env, COUNTS[size])
        env.cr.rollback()


# -- creation ------------------------------------------------------------------------


class Calls:
    """The same tickets to open by SOAP and by /json/2, each on a line of its own."""

    def __init__(self, env, made):
        self._references = iter(made["references"])
        self._network, self._operator = made["network"], made["operator"]
        self._network.siren, self._operator.siren = OI_SIREN, OC_SIREN
        env["oiconnect.soap.account"].create(
            {
                "network_id": self._network.id,
                "operator_id": self._operator.id,
                "login": LOGIN,
                "password": PASSWORD,
            }
        )
        self._json_headers = {
            "Content-Type": "application/json",
            "Authorization": f"bearer {self._key(env)}",
        }
        self._common = self._values(env)

    def _key(self, env):
        [user] = make_users(env, "bench_api", 1)
        keys = env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate(None, "bench", None)

    def _values(self, env):
        codes = env["oiconnect.ticket.code"]
        return {
            "network_id": self._network.id,
            "operator_id": self._operator.id,
            "type_id": codes._of("type", "1").id,
            "defect_id": codes._of("defect", DEFECT).id,
            "defect_class_id": codes._of("defect_class", DEFECT_CLASS).id,
            "prelocation_id": codes._of("location", LOCATION).id,
            "description": WORDS,
            "customer_name": CUSTOMER,
        }

    def by_soap(self, count):
        """Return ``[(path, body, headers)]``."""
        headers = {"Content-Type": CONTENT_TYPE}
        return [
            (SOAP_PATH, self._envelope(next(self._references)), headers)
            for _rank in range(count)
        ]

    def _envelope(self, reference):
        ticket = {
            "event": "CASE CREATE REQUEST",
            "wire_state": "QUEUED",
            "date": datetime(2026, 11, 23, 7, 0),
            "oc_siren": OC_SIREN,
            "oi_siren": OI_SIREN,
            "oc_key": f"SOAP-{reference[-8:]}",
            "type": "1",
            "service_reference": reference,
            "defect": DEFECT,
            "defect_class": DEFECT_CLASS,
            "prelocation": LOCATION,
            "already_operated": False,
            "description": WORDS,
            "customer_name": CUSTOMER,
        }
        header = {"login": LOGIN, "password": PASSWORD}
        return request(sav.SERVICE, sav.CREATE, {"ticket": ticket}, header)

    def by_json(self, count):
        """Return ``[(path, body, headers)]``."""
        return [
            (JSON_PATH, self._arguments(next(self._references)), self._json_headers)
            for _rank in range(count)
        ]

    def _arguments(self, reference):
        vals = self._common | {
            "oc_key": f"JSON-{reference[-8:]}",
            "service_reference": reference,
        }
        return json.dumps({"vals_list": [vals]}).encode()


def creations(calls):
    """Open tickets both ways."""
    with HttpServer() as server:
        compare(
            "tickets.soap_creations",
            server,
            (calls.by_soap, check_soap),
            (calls.by_json, check_json),
            "/json/2 create of the same tickets",
        )
    check_tickets(SENT)


def check_soap(status, content):
    reply = read_reply(content, sav.SERVICE, sav.CREATE)
    assert (status, reply.code) == (200, 0), (status, content[-1000:])


def check_json(status, content):
    check_status(status, content)
    [_ticket_id] = json.loads(content)


def check_tickets(count):
    """Each request opened its ticket, and found its line."""
    with environment() as env:
        groups = env["oiconnect.ticket"]._read_group(
            [("network_id.oi_code", "=", NETWORK), ("route_id", "!=", False)],
            ["opened_by"],
            ["__count"],
        )
    assert dict(groups) == {"oc": count, "oi": count}, groups


# -- incident ------------------------------------------------------------------------


def impacted(env):
    """Lines through a PM, and through the cable that all of them leave it by."""
    pm = env["oiconnect.pm"].search([("reference", "=", f"{NETWORK}-PM-1")])
    cable = env["oiconnect.pbo.cable"].search([("pm_id", "=", pm.id)], limit=1)
    common = {"name": "Bench", "network_id": pm.network_id.id}
    for vals in (
        {"point": "pm", "pm_id": pm.id},
        {"point": "cable", "cable_id": cable.id},
    ):
        incident = env["oiconnect.incident"].create(common | vals)
        times = [time_of(incident) for _round in range(ROUNDS)]
        figure(
            f"tickets.impacted_lines_of_{vals['point']}",
            percentile(times, 0.95) * 1000,
            "ms",
            lines=LINES,
            median=round(percentile(times, 0.5) * 1000, 1),
        )
        incident.action_close()


def time_of(incident):
    incident.env.invalidate_all()
    with timed() as clock:
        lines = incident._impacted_lines()
    assert len(lines) == LINES, len(lines)
    return clock.seconds


# -- lists ---------------------------------------------------------------------------


def make_users(env, name, count):
    users = env["res.users"].with_context(no_reset_password=True)
    group = env.ref(GROUP)
    return users.create(
        [
            {
                "name": f"{name} {rank}",
                "login": f"{name}_{rank}",
                "group_ids": [(6, 0, group.ids)],
            }
            for rank in range(count)
        ]
    )


def lists(env, count):
    """Each filter of the list alone and by two, groups, sorts, the board's columns."""
    users = make_users(env, "bench", USERS)
    tickets_fill.make_tickets(env, count, users)
    screen = Screen(env(user=users[0]), "oiconnect.ticket", TYPED)
    pages = screen.pages()
    alone = {name: pages.pop(name) for name in screen.filters()}
    tell("list_filter_p95", alone, count)
    tell("list_two_filters_p95", pages, count)
    tell("list_group_p95", screen.groups(), count)
    tell("list_sort_p95", screen.sorts(), count)
    views = screen.views()
    tell("board_p95", {"kanban": views.pop("kanban")}, count)
    tell("other_views_p95", views, count)


def tell(name, times, count):
    """Print the p95 of all ``times``, and the slowest of them by their names."""
    every = [seconds for values in times.values() for seconds in values]
    worst = sorted(times, key=lambda key: -max(times[key]))[:SLOWEST]
    figure(
        f"tickets.{name}",
        percentile(every, 0.95) * 1000,
        "ms",
        tickets=count,
        requests=len(times),
        median=round(percentile(every, 0.5) * 1000, 1),
        slowest={key: round(max(times[key]) * 1000, 1) for key in worst},
    )
