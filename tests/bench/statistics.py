"""Each chart of the statistics, for who may read everything, by each of their filters.

As the web client asks for it: a chart a request. Tables are vacuumed first, as
autovacuum does: charts read indexes alone where pages are known to be visible to all.
"""

import time

from odoo.addons.oiconnect_statistics.charts import PAGES, Chart

from . import tickets_fill
from .common import environment, figure, percentile

COUNTS = {"small": 100_000, "full": 1_000_000}
ROUNDS, SLOWEST = 8, 6
KINDS = ("access", "pm_order", "link", "infra", "ticket", "statistics")
TABLES = ("access_order", "ticket", "building", "pto", "pbo")


def run(size):
    """Fill, count and empty again: what is vacuumed has to be committed."""
    count = COUNTS[size]
    with environment() as env:
        users = env["res.users"].create(
            [{"name": "bench", "login": "bench_statistics"}]
        )
        groups = [env.ref(f"oiconnect_base.group_{kind}_read").id for kind in KINDS]
        users.group_ids = [(6, 0, groups)]
        made = tickets_fill.make_tickets(env, count, users, with_thread=False)
        more_orders(env, made, count)
        chosen = made["operators"][7].id, made["networks"][1].id
        user = users.id
    vacuum()
    with environment() as env:
        measure(env(user=user), count, *chosen)


# The tickets' fill has a tenth of orders: copies make as many orders as tickets.
COPIES = """
INSERT INTO oiconnect_access_order (
    state, is_open, operator_id, network_id, company_id, oc_reference, connection_type,
    requested_type, existing_socket, order_date, in_service_date, create_date,
    write_date, create_uid, write_uid, pm_id, building_id, pto_id, reason_id,
    failure_date, connection_date, todo_kind
)
SELECT state, is_open, operator_id, network_id, company_id,
       oc_reference || '-' || copy, connection_type, requested_type, existing_socket,
       order_date, in_service_date, create_date + copy * interval '1 minute',
       write_date, create_uid, write_uid, pm_id, building_id, pto_id, reason_id,
       CASE WHEN (id + copy) %% 13 = 0 THEN create_date END,
       CASE WHEN (id + copy) %% 4 > 0 THEN create_date END, NULL
  FROM oiconnect_access_order CROSS JOIN generate_series(1, %s) AS copy
 WHERE network_id = ANY(%s)
"""
DELAYS = """
INSERT INTO oiconnect_delay_count (
    day, operator_id, network_id, company_id, kind, awaited, ended, late, in_time_share
)
SELECT current_date - day, operator, network, %s, kind, 'us', 20 + day %% 7,
       day %% 5, 90
  FROM generate_series(0, 1095) AS day
 CROSS JOIN unnest(%s) AS operator CROSS JOIN unnest(%s) AS network
 CROSS JOIN unnest(ARRAY['receipt', 'report_build', 'ticket_repair']) AS kind
"""


def more_orders(env, made, count):
    networks = made["networks"].ids
    copies = tickets_fill.PER_LINE - 1
    env.cr.execute(COPIES, [copies, networks])
    operators = [operator.id for operator in made["operators"]]
    company = made["network"].company_id.id
    env.cr.execute(DELAYS, [company, operators, networks])


def vacuum():
    with environment() as env:
        env.cr.commit()
        env.cr._cnx.autocommit = True
        for table in TABLES:
            env.cr.execute(f"VACUUM (ANALYZE) oiconnect_{table}")
        env.cr.execute("VACUUM (ANALYZE) oiconnect_delay_count")
        env.cr._cnx.autocommit = False


def filter_sets(operator, network):
    year = {"date_from": "2026-01-01", "date_to": "2026-12-31"}
    operators, networks = {"operator_ids": [operator]}, {"network_ids": [network]}
    return {
        "none": {},
        "days": year,
        "operator": operators,
        "network": networks,
        "all": year | operators | networks,
    }


def measure(env, count, operator, network):
    charts, rates = {}, {}
    for name, filters in filter_sets(operator, network).items():
        for page in PAGES.values():
            for chart in page.charts:
                clocks = rates if not isinstance(chart, Chart) else charts
                for split in page.dimensions or (None,):
                    key = f"{page.key}.{chart.key} {split or ''} [{name}]"
                    clocks[key] = times(env, page, chart, filters, split)
    report("statistics: charts", charts, count)
    report("statistics: rates", rates, count)


def times(env, page, chart, filters, split):
    spent = []
    for _round in range(ROUNDS):
        env.invalidate_all()
        start = time.perf_counter()
        env["oiconnect.statistics"].read_chart(page.key, chart.key, filters, split)
        spent.append(1000 * (time.perf_counter() - start))
    return spent


def report(name, spent, count):
    """Tell the worst p95 of a chart, and which are the slowest."""
    worst = {key: percentile(values, 0.95) for key, values in spent.items()}
    slowest = sorted(worst, key=worst.get, reverse=True)[:SLOWEST]
    figure(
        f"{name}, slowest p95",
        worst[slowest[0]],
        "ms",
        records=count,
        charts=len(worst),
        slowest={key: round(worst[key]) for key in slowest},
    )
