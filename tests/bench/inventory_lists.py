"""First page of each list of the inventory, by each filter of the users' guide.

As the web client asks for it: the columns of the list, a page of eighty, a count up to
ten thousand; for a user of the network, with the rules on companies.
"""

from lxml import etree

from odoo.tools.safe_eval import safe_eval

from . import inventory
from .common import environment, figure, percentile, timed

COUNTS = {"small": 100_000, "full": 1_000_000}
PAGE = 80
ROUNDS = 5
SLOWEST = 8
# List: what users type in its filters, rare and frequent; {field: operator, text}
TYPED = {
    "prdm": {
        "reference": ("ilike", "0042"),
        "state": ("=", "planned"),
        "min_dwellings": (">=", 350),
    },
    "pm": {
        "reference": ("ilike", "PM-0002"),
        "state": ("=", "deployed"),
        "authorisation": ("=", "closed"),
    },
    "pm_link": {
        "reference": ("ilike", "0002"),
        "pm_id": ("ilike", "PM-0002"),
        "prdm_id": ("ilike", "0002"),
        "state": ("=", "deployed"),
    },
    "pbo": {
        "reference": ("ilike", "0001234"),
        "type_id": ("ilike", "aérien"),
        "connection_type_id": ("ilike", "façade"),
        "pm_id": ("ilike", "PM-0002"),
    },
    "building": {
        "identifier": ("ilike", "X/0001234"),
        "state": ("=", "signed"),
        "address": ("ilike", "12 rue des tilleuls"),
        "dwelling_count": ("=", 12),
        "building_type": ("=", "building"),
        "pm_id": ("ilike", "PM-0002"),
        "commune_id": ("ilike", "ambérieu"),
        "manager_id": ("ilike", "syndic 12"),
    },
    "pto": {
        "reference": ("ilike", "ZB-0001-12"),
        "building_id": ("ilike", "X/0001234"),
        "pbo_id": ("ilike", "PBO-0001"),
    },
    "pm_module": {
        "name": ("ilike", "tiroir 02"),
        "position_ids.name": ("=ilike", "12"),
        "position_ids.cable_id": ("ilike", "CB-0001"),
    },
    "pbo_cable": {
        "reference": ("ilike", "CB-0001"),
        "route_ids.module_id": ("ilike", "tiroir 02"),
        "route_ids.position_name": ("=ilike", "12"),
        "pm_id": ("ilike", "PM-0001"),
    },
    "route": {
        "name": ("ilike", "PM-000123"),
        "position_name": ("=ilike", "12"),
        "pbo_id": ("ilike", "PBO-0001"),
        "module_cable_id": ("ilike", "CB-0001"),
        "cable_id": ("ilike", "CB-0001"),
        "tube": ("=", "3"),
        "fibre": ("=", "VERT"),
        "pto_id": ("ilike", "ZB-0001"),
        "building_id": ("ilike", "X/0001234"),
        "operator_id": ("ilike", "bench"),
    },
}
# What matches most rows, what matches none, and several filters together
OTHERS = {
    "building": {
        "no filter": [],
        "identifier of all": [("identifier", "ilike", "IMB")],
        "address of many": [("address", "ilike", "tilleuls")],
        "address of none": [("address", "ilike", "nulle part")],
        "at least 20 dwellings": [("dwelling_count", ">=", 20)],
        "deployed": [("state", "=", "deployed")],
        "without PM": [("pm_id", "=", False)],
        "PM of all": [("pm_id", "ilike", "PM-")],
        "all together": [
            ("identifier", "ilike", "IMB/01"),
            ("state", "=", "deployed"),
            ("address", "ilike", "tilleuls"),
            ("dwelling_count", ">=", 2),
            ("building_type", "=", "building"),
            ("pm_id", "ilike", "PM-0001"),
        ],
    },
    "pto": {
        "no filter": [],
        "address of the building": [("building_id", "ilike", "tilleuls")],
        "building of none": [("building_id", "ilike", "nulle part")],
        "PBO of all": [("pbo_id", "ilike", "PBO")],
        "all together": [
            ("reference", "ilike", "ZB-"),
            ("building_id", "ilike", "tilleuls"),
            ("pbo_id", "ilike", "PBO-0001"),
        ],
    },
    "route": {
        "no filter": [],
        "address of the building": [("building_id", "ilike", "tilleuls")],
        "building of none": [("building_id", "ilike", "nulle part")],
        "PTO of none": [("pto_id", "ilike", "nulle part")],
        "used": [("state", "=", "used")],
        "not used": [("state", "!=", "used")],
        "reserved": [("state", "=", "reserved")],
        "out of service": [("state", "=", "out_of_service")],
        "rare tube": [("tube", "=", "31")],
        "all together": [
            ("name", "ilike", "PM-00"),
            ("position_name", "=ilike", "12"),
            ("pbo_id", "ilike", "PBO-0001"),
            ("module_cable_id", "ilike", "CB-0001"),
            ("cable_id", "ilike", "CB-0001"),
            ("tube", "=", "1"),
            ("fibre", "=", "VERT"),
            ("pto_id", "ilike", "ZB-"),
            ("building_id", "ilike", "IMB"),
            ("state", "=", "used"),
        ],
    },
    "pbo": {"no filter": [], "PM of all": [("pm_id", "ilike", "PM-")]},
    "pm_module": {"no filter": []},
    "pbo_cable": {"no filter": []},
}
GROUPS = ("oiconnect_base.group_infra_user", "oiconnect_base.group_link_user")


def run(size):
    count = COUNTS[size]
    with environment() as env:
        inventory.make(env, count)
        env = env(user=reader(env))
        times = dict(_pages(env))
        groups = dict(_groups(env))
        env.cr.rollback()
    for name, found in (("page", times), ("group", groups)):
        every = [seconds for values in found.values() for seconds in values]
        worst = sorted(found, key=lambda key: -max(found[key]))[:SLOWEST]
        figure(
            f"inventory_list_{name}_p95",
            percentile(every, 0.95) * 1000,
            "ms",
            rows=count,
            filters=len(found),
            slowest={key: round(max(found[key]) * 1000, 1) for key in worst},
        )


def reader(env):
    """Make a user of the network; return it."""
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Bench",
                "login": "bench_inventory",
                "group_ids": [(6, 0, [env.ref(name).id for name in GROUPS])],
            }
        )
    )


def _pages(env):
    """Yield (list: filter, seconds of each round)."""
    for screen, filters in TYPED.items():
        model = env[f"oiconnect.{screen.replace('_', '.')}"]
        specification = _columns(env, model, screen)
        domains = {
            field: [(field, operator, text)]
            for field, (operator, text) in filters.items()
        }
        for name, domain in (domains | OTHERS.get(screen, {})).items():
            yield (
                f"{screen}: {name}",
                _times(
                    env,
                    model.web_search_read,
                    domain,
                    specification,
                    limit=PAGE,
                    count_limit=10001,
                ),
            )


def _columns(env, model, screen):
    """Return what the client reads: the columns that are shown at first."""
    view = env.ref(f"oiconnect_infra.{screen}_view_list")
    arch = model.get_views([(view.id, "list")])["views"]["list"]["arch"]
    shown = [
        node.get("name")
        for node in etree.fromstring(arch).iter("field")
        if node.get("optional") != "hide" and node.get("column_invisible") != "True"
    ]
    return {
        name: {"fields": {"display_name": {}}}
        if model._fields[name].type == "many2one"
        else {}
        for name in shown
    }


def _groups(env):
    """Yield (list: group, seconds) for each group-by of each search view."""
    for screen in TYPED:
        model = env[f"oiconnect.{screen.replace('_', '.')}"]
        arch = model.get_views([(False, "search")])["views"]["search"]["arch"]
        for node in etree.fromstring(arch).iter("filter"):
            field = safe_eval(node.get("context") or "{}").get("group_by")
            if field:
                yield (
                    f"{screen}: {field}",
                    _times(
                        env,
                        model.web_read_group,
                        [],
                        [field],
                        ["__count"],
                        limit=PAGE,
                    ),
                )


def _times(env, method, *args, **kwargs):
    times = []
    for _round in range(ROUNDS):
        env.invalidate_all()
        with timed() as clock:
            method(*args, **kwargs)
        times.append(clock.seconds)
    return times
