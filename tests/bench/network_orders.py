"""Orders of the network: their lists by each filter, and what a batch sends.

The lists are those of a user of these orders, as the web client asks for them: each
filter alone, each with each other, groups, sorts, other views, the quick search. Then
a batch is added to a PM where many operators are present: each hears of it by a report
(CR MAD) of all addresses with the plan, in an archive on its SFTP account.
"""

import tempfile
from datetime import timedelta

from demo_sftp import DemoSftp

from odoo.tools import SQL

from odoo.addons.oiconnect_base.workflow import JOB
from odoo.addons.oiconnect_orders.protocol_time import local_now
from odoo.addons.oiconnect_orders.tests.common import make_operator, open_pm

from ..small_network import make_endpoint
from . import network, network_orders_fill
from .common import environment, figure, percentile, timed
from .ipe_import import Memory
from .order_list import Screen, tell

COUNTS = {"small": 100_000, "full": 1_000_000}
GROUPS = ("oiconnect_base.group_pm_order_user", "oiconnect_base.group_link_user")
COMMON = {
    "oc_reference": "BENCH-0004321",
    "operator_id": "N012",
    "pm_id": "OIBN/P/7",
    "reason_id": "FADR",
    "network_id": "OIBN",
}
# Model: what makes its orders, and what is typed or chosen in its search view
LISTS = {
    "oiconnect.pm.order": (
        network_orders_fill.pm_orders,
        COMMON
        | {
            "service_reference": "S0000000000000043",
            "state": "adducted",
            "kind": "cofi",
            "technical_choice": "D",
            "purpose": "engagement",
        },
    ),
    "oiconnect.pb.order": (
        network_orders_fill.pb_orders,
        COMMON
        | {"state": "planned", "building_id": "OIBN/P/43", "pbo_id": "OIBN-PBO-1"},
    ),
    "oiconnect.link.order": (
        network_orders_fill.link_orders,
        COMMON
        | {
            "service_reference": "L0000000000000043",
            "state": "rejected",
            "prdm_id": "OIBN-PRDM-1",
            "order_type": "exte",
            "link_id": "OIBN/P/43",
        },
    ),
}
# The batch: buildings of the PM, those of the batch, operators, and few of them
CODE, BUILDINGS, ADDED, OPERATORS, FEW = "OIBR", 2_000, 100, 30, 3
POSITIONS = 12
GOAL_MS, GOAL_SECONDS = 300, 20
# Of each filter alone: so many that the last twentieth of them says something
ROUNDS = 20
MIDDLE = (46.01, 5.2)
PASSWORD = "bench-of-reports"


def run(size):
    # Before the lists, which leave the tables full of rows that were rolled back
    with tempfile.TemporaryDirectory() as folder, accounts(folder) as server:
        reports(server)
    for model in LISTS:
        with environment() as env:
            lists(env, model, COUNTS[size])
            env.cr.rollback()


# -- lists ---------------------------------------------------------------------------


def lists(env, model, count):
    fill, typed = LISTS[model]
    fill(env, count)
    screen = Screen(env(user=_user(env)), model, typed)
    name = model.removeprefix("oiconnect.").replace(".", "_")
    alone = screen.alone(ROUNDS)
    pages = {key: times for key, times in screen.pages().items() if key not in alone}
    for one, seconds in alone.items():
        tell_filter(name, one, seconds, count)
    tell(f"{name}_list_page_p95", alone, count)
    tell(f"{name}_list_other_page_p95", pages, count)
    tell(f"{name}_list_group_p95", screen.groups(), count)
    tell(f"{name}_list_sort_p95", screen.sorts(), count)
    tell(f"{name}_quick_search_p95", quick_search(screen), count)
    if views := screen.views():
        tell(f"{name}_other_views_p95", views, count)


def tell_filter(name, filtered, seconds, count):
    figure(
        f"{name}_list_filter_p95",
        percentile(seconds, 0.95) * 1000,
        "ms",
        goal=GOAL_MS,
        filter=filtered,
        rounds=ROUNDS,
        orders=count,
    )


def quick_search(screen):
    """A part of the operator's reference, the whole of ours, and nothing."""
    return {
        text: screen._times(lambda text=text: screen.model.name_search(text, limit=8))
        for text in ("BENCH-0004321", "0004321", "OIBNS0000000000000043", "UNKNOWN-1")
    }


def _user(env):
    users = env["res.users"].with_context(no_reset_password=True)
    groups = [env.ref(group).id for group in GROUPS]
    return users.create(
        {"name": "Bench", "login": "bench_network", "group_ids": [(6, 0, groups)]}
    )


# -- reports -------------------------------------------------------------------------


def accounts(folder):
    logins = {_operator_code(rank).lower(): PASSWORD for rank in range(OPERATORS)}
    return DemoSftp(folder, accounts=logins)


def _operator_code(rank):
    return f"R{rank:03d}"


def reports(server):
    """A batch announced to a few operators first, then one to all of them."""
    with environment() as env:
        made = network.make(env, CODE, BUILDINGS * network.ROUTES_PER_PBO)
        place(env, made)
        batch(env, made, "FIRST", 0, BUILDINGS - 2 * ADDED)
        endpoints = join(env, made, server, range(FEW))
        env.cr.commit()
        few = announce(env, made, endpoints, "FEW", BUILDINGS - 2 * ADDED)
        endpoints += join(env, made, server, range(FEW, OPERATORS))
        env.cr.commit()
        env.invalidate_all()
        report(announce(env, made, endpoints, "ALL", BUILDINGS - ADDED), few)
        check(server, env, made)


def place(env, made):
    """Spread the buildings and their PBOs around the PM, so that the plan has them."""
    env.flush_all()
    latitude, longitude = MIDDLE
    for table, key in (("building", "identifier"), ("pbo", "reference")):
        env.cr.execute(
            SQL(
                """
                UPDATE %(table)s placed
                   SET projection = 'WGS84', x = p.longitude, y = p.latitude,
                       latitude = p.latitude, longitude = p.longitude
                  FROM (SELECT id,
                               %(latitude)s + (rank / 50 - 20) * 2e-4 AS latitude,
                               %(longitude)s + (rank %% 50 - 25) * 3e-4 AS longitude
                          FROM (SELECT id, row_number() OVER (ORDER BY id) AS rank
                                  FROM %(table)s
                                 WHERE network_id = %(network)s
                                   AND %(key)s LIKE '%%/N/%%') ranked) p
                 WHERE placed.id = p.id
                """,
                table=SQL.identifier(f"oiconnect_{table}"),
                key=SQL.identifier(key),
                network=made["network"].id,
                latitude=latitude,
                longitude=longitude,
            )
        )
    env.invalidate_all()
    made["pm"].write({"projection": "WGS84", "x": longitude, "y": latitude})
    made["buildings"] = env["oiconnect.building"].search(
        [
            ("network_id", "=", made["network"].id),
            ("identifier", "in", made["identifiers"]),
        ],
        order="id",
    )
    # No other operator is there than those of the bench.
    made["pm"].service_ids.sudo()._end()


def join(env, made, server, ranks):
    """Operators that have the PM, their positions there and an account."""
    endpoints = []
    for rank in ranks:
        operator = make_operator(env, _operator_code(rank))
        open_pm(env, made, operator)._ensure_orders(JOB)
        module = env["oiconnect.pm.module"].create(
            {
                "network_id": made["network"].id,
                "name": f"TIROIR-{operator.interop_code}",
                "pm_id": made["pm"].id,
                "operator_id": operator.id,
            }
        )
        env["oiconnect.pm.position"].create(
            [
                {
                    "network_id": made["network"].id,
                    "module_id": module.id,
                    "name": str(number),
                    "sequence": number,
                    "tube": "1",
                    "fibre": str(number),
                }
                for number in range(1, POSITIONS + 1)
            ]
        )
        endpoints.append(
            make_endpoint(
                env,
                made,
                operator,
                host=server.host,
                port=server.port,
                host_key=server.host_key,
                password=PASSWORD,
            )
        )
    return endpoints


def batch(env, made, reference, first, count):
    return env["oiconnect.pb.batch"].create(
        {
            "network_id": made["network"].id,
            "reference": f"{CODE}-{reference}",
            "pm_id": made["pm"].id,
            "building_ids": [(6, 0, made["buildings"][first : first + count].ids)],
            "delivery_date": local_now().date() - timedelta(days=1),
        }
    )


def announce(env, made, endpoints, reference, first):
    """Add a batch and tell it to all operators; return the clocks and the memory.

    Each step is a transaction, as it is for who clicks and for the workers.
    """
    clocks = {}
    with Memory() as memory:
        with timed(env) as clocks["announced"]:
            batch(env, made, reference, first, ADDED).action_tell_operators()
            _commit(env)
        with timed(env) as clocks["written"]:
            for endpoint in endpoints:
                env["oiconnect.outbound"]._drain(endpoint.operator_id)
                _commit(env)
        with timed(env) as clocks["sent"]:
            for endpoint in endpoints:
                endpoint._send()
                _commit(env)
    return clocks, memory.growth


def _commit(env):
    env.cr.commit()
    env.invalidate_all()


def report(found, few):
    clocks, megabytes = found
    figure(
        "batch_reports",
        sum(clock.seconds for clock in clocks.values()),
        "s",
        goal=GOAL_SECONDS,
        cpu=round(sum(clock.cpu for clock in clocks.values()), 3),
        operators=OPERATORS,
        buildings=BUILDINGS,
        **{name: round(clock.seconds, 3) for name, clock in clocks.items()},
    )
    figure(
        "batch_reports_memory",
        megabytes,
        "MB above the start at most",
        baseline=few[1],
        operators=OPERATORS,
        against=f"{FEW} operators",
    )


def check(server, env, made):
    """Each operator has its archives: two of them those that heard of both batches."""
    sent = env["oiconnect.exchange"]._read_group(
        [("network_id", "=", made["network"].id), ("flow_id.code", "=", "CRMAD")],
        ["state"],
        ["__count", "line_count:max"],
    )
    # All that is deployed at the PM: those that make_network has are in no batch.
    lines = len(made["pm"].building_ids)
    assert sent == [("out_sent", FEW + OPERATORS, lines)], sent
    for rank in range(OPERATORS):
        home = server.home(_operator_code(rank).lower()) / "out"
        found = [path.name for path in home.iterdir() if path.suffix == ".zip"]
        assert len(found) == (2 if rank < FEW else 1), (rank, found)
