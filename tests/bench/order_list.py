"""Page time of the order list, as the web client asks for it, on many orders."""

from odoo.tools import SQL

from . import network
from .common import environment, figure, percentile, timed

COUNTS = {"small": 100_000, "full": 1_000_000}
PAGE = 80
ROUNDS = 5
# The filters of the users' guide, each alone.
FILTERS = {
    "in progress": [("is_open", "=", True)],
    "archived": [("is_open", "=", False)],
    "all": [],
    "reference": [("oc_reference", "ilike", "BENCH-0004321")],
    "operator": [("operator_id.interop_code", "=", "OCBL")],
    "state": [("state", "=", "connect_ko")],
    "network": [("network_id.oi_code", "=", "OIBL")],
    "connection": [("connection_type", "=", "stoc")],
    "socket": [("pto_id", "ilike", "ZB-0000-4321")],
    "in service since": [("in_service_date", ">=", "2026-03-01")],
}


def run(size):
    count = COUNTS[size]
    with environment() as env:
        made = network.make(env, "OIBL", 100)
        fill(env, made, count)
        times = {name: measure(env, domain) for name, domain in FILTERS.items()}
        env.cr.rollback()
    every = [seconds for values in times.values() for seconds in values]
    figure(
        "order_list_page_p95",
        percentile(every, 0.95) * 1000,
        "ms",
        orders=count,
        slowest={name: round(max(values) * 1000, 1) for name, values in times.items()},
    )


def fill(env, made, count):
    """``count`` orders in all states, by SQL."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO oiconnect_access_order (
                state, is_open, operator_id, network_id, company_id, oc_reference,
                service_reference, connection_type, requested_type, order_date, city,
                in_service_date, create_date, write_date, create_uid, write_uid,
                pm_id, building_id
            )
            SELECT s.state, s.state IN ('ar_ok', 'connecting', 'connect_ko', 'cr_ok'),
                   %(operator)s, %(network)s, %(company)s,
                   'BENCH-' || lpad(rank::varchar, 7, '0'),
                   'OIBLP' || lpad(rank::varchar, 16, '0'),
                   (ARRAY['oc', 'oi', 'stoc'])[1 + rank %% 3], 'auto',
                   timestamp '2026-03-14' - rank * interval '1 minute', 'EXEMPLE',
                   CASE WHEN s.state = 'cancelled' THEN NULL ELSE
                   timestamp '2026-03-14' - rank * interval '1 minute' END,
                   now(), now(), 1, 1, %(pm)s, %(building)s
              FROM generate_series(1, %(count)s) rank
              CROSS JOIN LATERAL (
                  SELECT (ARRAY['ar_ok', 'connecting', 'connect_ko', 'cr_ok',
                                'cancelled'])[1 + rank %% 5] AS state
              ) s
            """,
            operator=made["operator"].id,
            network=made["network"].id,
            company=made["network"].company_id.id,
            pm=made["pm"].id,
            building=made["building"].id,
            count=count,
        )
    )
    env.cr.execute("ANALYZE oiconnect_access_order")


def measure(env, domain):
    """Seconds of the first page and its count, several times."""
    view = env.ref("oiconnect_orders.access_order_view_list")
    arch = env["oiconnect.access.order"].get_view(view.id, "list")
    names = {field for field in arch["models"]["oiconnect.access.order"]}
    specification = {
        name: {"fields": {"display_name": {}}}
        if env["oiconnect.access.order"]._fields[name].relational
        else {}
        for name in names
        if env["oiconnect.access.order"]._fields[name].type
        not in ("one2many", "many2many")
    }
    times = []
    for _round in range(ROUNDS):
        env.invalidate_all()
        with timed() as clock:
            env["oiconnect.access.order"].web_search_read(
                domain, specification, limit=PAGE, count_limit=10001
            )
        times.append(clock.seconds)
    return times
