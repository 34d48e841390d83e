"""The map on many buildings: random viewports over all zooms, counts checked."""

import json
import random
from contextlib import closing

import psycopg2

from odoo.sql_db import connection_info_for
from odoo.tests import new_test_user
from odoo.tools import SQL

from odoo.addons.oiconnect_infra.models.map import map_cell

from . import map_network
from .common import environment, figure, percentile, require_disk, sized, timed

COUNTS = {"small": 200_000, "full": 2_000_000, "huge": 10_000_000}
#: of a building and what is behind it, while they are filled
DISK_PER_BUILDING = 2_500
VIEWPORTS = 200
ZOOMS = range(5, 20)
# Pixels of the screen
WIDTH, HEIGHT = 1400, 900
KINDS = (
    *("prdm", "pm", "splice_box", "pbo", "building"),
    *("cable", "link", "zone"),
)
BATCH = 50_000
ROUNDS = 5
# Who reads the network, and who reads PM services too
LOGIN, SERVICES_LOGIN = "bench_map", "bench_map_services"
GOAL_MS, GOAL_KB = 100, 200
COUNTED = ("oiconnect_map_cell", "oiconnect_map_delta")


def run(size):
    count = sized(COUNTS, size)
    require_disk(count * DISK_PER_BUILDING)
    with environment() as env:
        map_network.make(env, count)
        new_test_user(env, LOGIN, "oiconnect_base.group_infra_read")
        new_test_user(
            env,
            SERVICES_LOGIN,
            "oiconnect_base.group_infra_read,oiconnect_base.group_pm_order_read",
        )
    try:
        before_compaction(count)
        compaction(count)
        zones()
        vacuum(*map_network.TABLES, *COUNTED)
        for name, filters in FILTERS.items():
            viewports(count, name, filters)
        triggers()
        outside(count)
    finally:
        # A country's rows go with their database: to delete them takes an hour.
        if size != "huge":
            erase()


def erase():
    with environment() as env:
        map_network.erase(env)
        users = [LOGIN, SERVICES_LOGIN]
        env["res.users"].search([("login", "in", users)]).unlink()
    vacuum(*map_network.TABLES, *COUNTED)


def vacuum(*tables):
    _name, info = connection_info_for(database())
    with closing(psycopg2.connect(**info)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")


def database():
    with environment() as env:
        return env.cr.dbname


# -- viewports -----------------------------------------------------------------------


def some_pms(env):
    pms = env["oiconnect.pm"].search([("network_id.oi_code", "=", map_network.CODE)])
    return pms[:: max(len(pms) // 20, 1)].ids


def operator_ids(env):
    return (
        env["oiconnect.operator"]
        .search([("interop_code", "=", map_network.OPERATOR)])
        .ids
    )


FILTERS = {
    "all": lambda env: {},
    "state": lambda env: {"building_states": ["target", "abandoned"]},
    "pm": lambda env: {"pm_ids": some_pms(env)},
    "commune": lambda env: {
        "commune_ids": env["oiconnect.pm"]
        .browse(some_pms(env))
        .building_ids.commune_id.ids
    },
    "operator": lambda env: {"operator_ids": operator_ids(env)},
    "operator_absent": lambda env: {
        "operator_ids": operator_ids(env),
        "presence": ["loca", "absent"],
    },
}


def viewports(count, name, filters):
    """Time ``VIEWPORTS`` views of a reader; check what each of them counts."""
    with environment() as env:
        chosen = filters(env)
        login = SERVICES_LOGIN if chosen.get("operator_ids") else LOGIN
        user = env["res.users"].search([("login", "=", login)])
        service = env["oiconnect.map"].with_user(user)
        places = random_places(env)
        for bounds, zoom in places[:10]:
            service._view(bounds, zoom, KINDS, chosen)
        results = [one_view(service, place, chosen) for place in places]
        checked = check_counts(env, results, chosen)
    times = [seconds * 1000 for _zoom, seconds, _size, _answer in results]
    sizes = [size / 1000 for _zoom, _seconds, size, _answer in results]
    figure(
        f"map_view_{name}_p95",
        percentile(times, 0.95),
        "ms",
        goal=GOAL_MS,
        slowest=round(max(times), 1),
        kilobytes_p95=round(percentile(sizes, 0.95), 1),
        kilobytes_most=round(max(sizes), 1),
        goal_kilobytes=GOAL_KB,
        viewports=len(results),
        counts_exact=checked,
        buildings=count,
    )
    assert max(sizes) <= GOAL_KB, max(sizes)


def one_view(service, place, filters):
    bounds, zoom = place
    service.env.invalidate_all()
    with timed() as clock:
        answer = service._view(bounds, zoom, KINDS, filters)
        text = json.dumps(answer)
    return zoom, clock.seconds, len(text.encode()), answer


def random_places(env):
    """Viewports around random buildings: where people look."""
    chance = random.Random(42)
    middles = map_network.random_positions(env, chance, VIEWPORTS)
    return [viewport(*middle, chance.choice(ZOOMS)) for middle in middles]


def viewport(latitude, longitude, zoom):
    degrees = 360 / 256 / 2**zoom
    width, height = WIDTH * degrees / 2, HEIGHT * degrees / 2 * 0.69
    bounds = (
        latitude - height,
        longitude - width,
        latitude + height,
        longitude + width,
    )
    return bounds, zoom


def check_counts(env, results, filters):
    """Count what each answer's box holds in the tables themselves."""
    for _zoom, _seconds, _size, answer in results:
        for kind in map_cell.COUNTED:
            shown = [c[2] for c in answer["clusters"] if c[3] == kind]
            shown.append(len(answer["points"].get(kind, ())))
            assert sum(shown) == answer["totals"][kind], (kind, answer["bounds"])
            # PBOs are in the communes of their buildings, which are queried elsewhere.
            if kind != "pbo" or not filters.get("commune_ids"):
                found = count_in(env, kind, answer, filters)
                assert answer["totals"][kind] == found, (answer["bounds"], found)
    return len(results)


def count_in(env, kind, answer, filters):
    south, west, north, east = answer["bounds"]
    conditions = [SQL("TRUE")]
    if filters.get("pm_ids"):
        conditions.append(SQL("pm_id = ANY(%s)", filters["pm_ids"]))
    if filters.get("commune_ids"):
        conditions.append(SQL("commune_id = ANY(%s)", filters["commune_ids"]))
    if kind == "building" and filters.get("building_states"):
        conditions.append(SQL("state = ANY(%s)", filters["building_states"]))
    env.cr.execute(
        SQL(
            "SELECT count(*) FROM %s WHERE latitude <> 0 "
            "AND latitude >= %s AND latitude < %s "
            "AND longitude >= %s AND longitude < %s AND %s",
            SQL.identifier(f"oiconnect_{kind}"),
            south,
            north,
            west,
            east,
            SQL(" AND ").join(conditions),
        )
    )
    return env.cr.fetchone()[0]


# -- what keeps the numbers ----------------------------------------------------------


def before_compaction(count):
    """Views right after a big import, with all its changes still to be added up."""
    vacuum(*map_network.TABLES, *COUNTED)
    viewports(count, "before_compaction", FILTERS["all"])


def compaction(count):
    with environment() as env:
        deltas = rows_of(env, "oiconnect_map_delta")
        with timed() as clock:
            assert env["oiconnect.map.delta"]._compact()
        cells = rows_of(env, "oiconnect_map_cell")
        size = size_of(env, "oiconnect_map_cell")
    figure(
        "map_compaction",
        clock.seconds,
        "s",
        deltas=deltas,
        cells=cells,
        megabytes=size,
        buildings=count,
    )


def rows_of(env, table):
    env.cr.execute(SQL("SELECT count(*) FROM %s", SQL.identifier(table)))
    return env.cr.fetchone()[0]


def size_of(env, table):
    env.cr.execute(SQL("SELECT pg_total_relation_size(%s) / 1000000", table))
    return env.cr.fetchone()[0]


def triggers():
    """Time that counting adds to an insertion and to an update of a batch of an import.

    Each building of the batch is behind another PM: hardly two in one cell.
    """
    with environment() as env:
        network = env["oiconnect.network"].search([("oi_code", "=", map_network.CODE)])
        statements = {
            "insert": map_network.buildings_sql(network, BATCH, 10**8),
            "update": update_sql(SQL("'target'")),
            "unchanged": update_sql(SQL("state")),
        }
        for name, statement in statements.items():
            total, counting = min(timed_triggers(env, statement) for _ in range(ROUNDS))
            figure(
                f"map_trigger_{name}",
                counting / BATCH * 1000,
                "µs a building",
                ratio=counting / (total - counting),
                against="the statement without it",
            )
        env.cr.rollback()


def update_sql(state):
    return SQL(
        "UPDATE oiconnect_building SET state = %s WHERE id IN "
        "(SELECT id FROM oiconnect_building ORDER BY id LIMIT %s)",
        state,
        BATCH,
    )


def timed_triggers(env, statement):
    """Return the milliseconds of a statement, and of our triggers in it."""
    with env.cr.savepoint() as point:
        env.cr.execute(SQL("EXPLAIN (ANALYZE, FORMAT JSON) %s", statement))
        [plan] = env.cr.fetchone()[0]
        point.rollback()
    ours = [
        trigger["Time"]
        for trigger in plan["Triggers"]
        if trigger["Trigger Name"].startswith("oiconnect_map")
    ]
    return plan["Execution Time"], sum(ours)


# -- zones ---------------------------------------------------------------------------


def zones():
    with environment() as env:
        domain = [("network_id.oi_code", "=", map_network.CODE)]
        pms = env["oiconnect.pm"].search(domain).ids
        with timed() as clock:
            env["oiconnect.zone"]._follow_buildings(pms)
            env.flush_all()
    figure("map_zone_hulls", clock.seconds, "s", zones=len(pms))


def outside(count):
    with environment() as env:
        with timed() as clock:
            found = env["oiconnect.zone"]._buildings_outside_zone()
    figure(
        "map_buildings_outside_zone",
        clock.seconds,
        "s",
        buildings=count,
        outside=len(found),
    )
