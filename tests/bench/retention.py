"""Twelve months of orders: what the tables hold, what retention gives back.

Rows are filled by SQL, as many for an order and as large as those of the demo's orders
in service are. A full run has 10 000 orders a day (OIC_BENCH_ORDERS: another number);
it needs 35 GB, and what an order costs in bytes is the same with fewer of them.
"""

import os
import time
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from odoo.addons.oiconnect_base import partitions

from . import order_lists_fill
from .common import environment, figure, timed

ORDERS_A_DAY = {"small": 20, "full": 10_000}
DAYS, RETENTION_MONTHS = 365, 6
LOOKS = 200
# Lines of a file, on the average
LINES = 30
# What orders leave behind: the table, how many rows for one, the rows
TRAFFIC = (
    (
        "oiconnect_exchange",
        None,
        """
        INSERT INTO oiconnect_exchange (
            name, direction, state, operator_id, network_id, company_id, size, sha256,
            line_count, done_count, refused_count, customer_erased_on, create_date,
            write_date, create_uid, write_uid
        )
        SELECT 'CMD_ACCES_OIBL_L001_V30_' || rank || '.csv', 'in', 'in_done',
               %(operator)s, %(network)s, %(company)s, 9000, md5(rank::text) ||
               md5(rank::text), %(lines)s, %(lines)s, 0, now(), moment, moment, 1, 1
          FROM bench_life WHERE rank %% %(lines)s = 0 ORDER BY rank
        """,
    ),
    (
        "oiconnect_exchange_line",
        3,
        """
        INSERT INTO oiconnect_exchange_line (
            exchange_id, company_id, line, reference, res_model, res_id, date
        )
        SELECT file.id, %(company)s, 2 + rank %% %(lines)s, 'BENCH-' || rank,
               'oiconnect.access.order', life.id, file.create_date
          FROM generate_series(1, %(each)s) part, bench_life life
          JOIN bench_file file ON file.turn = rank / %(lines)s
         ORDER BY rank
        """,
    ),
    (
        "oiconnect_workflow_step",
        6,
        """
        INSERT INTO oiconnect_workflow_step (
            res_model, res_id, company_id, event, source, target, date, user_id, channel
        )
        SELECT 'oiconnect.access.order', id, %(company)s, 'acknowledge', 'draft',
               'ar_ok', moment + part * interval '1 day', 1, 'file'
          FROM bench_life, generate_series(1, %(each)s) part ORDER BY rank
        """,
    ),
    (
        "oiconnect_event",
        4,
        """
        INSERT INTO oiconnect_event (
            flow, version, channel, operator_id, network_id, company_id, res_model,
            res_id, payload, state, group_key, create_date, write_date, create_uid,
            write_uid
        )
        SELECT 'CR_CMD', '3.0', 'file', %(operator)s, %(network)s, %(company)s,
               'oiconnect.access.order', id,
               jsonb_build_object(
                   'reference', rank, 'text', repeat(md5(rank::text), 14)
               ),
               'done', 'CMD-' || rank, moment + part * interval '1 day', moment, 1, 1
          FROM bench_life, generate_series(1, %(each)s) part ORDER BY rank
        """,
    ),
    (
        "oiconnect_decision",
        1,
        """
        INSERT INTO oiconnect_decision (
            res_model, res_id, company_id, user_id, date, channel, kind, outcome, note
        )
        SELECT 'oiconnect.access.order', id, %(company)s, 1, moment, 'job', 'study',
               'accepted', (
                   SELECT string_agg(md5((rank + n)::text), '')
                     FROM generate_series(1, 28) n
               )
          FROM bench_life ORDER BY rank
        """,
    ),
    (
        "oiconnect_change",
        5,
        """
        INSERT INTO oiconnect_change (
            res_model, res_id, reference, kind, field, before, after, network_id,
            date, user_id
        )
        SELECT 'oiconnect.route', id, 'FI-99001-' || rank, 'write', 'state',
               'reserved', 'in_service', %(network)s, moment, 1
          FROM bench_life, generate_series(1, %(each)s) part ORDER BY rank
        """,
    ),
)
LIFE = """
CREATE TEMP TABLE bench_life AS
SELECT id, rank, %(start)s::timestamp + rank * %(step)s * interval '1 second' AS moment
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS rank
          FROM oiconnect_access_order) numbered;
ANALYZE bench_life
"""
FILES = """
CREATE TEMP TABLE bench_file AS
SELECT id, create_date, row_number() OVER (ORDER BY id) - 1 AS turn
  FROM oiconnect_exchange;
ANALYZE bench_file
"""


def run(size):
    daily = int(os.environ.get("OIC_BENCH_ORDERS") or ORDERS_A_DAY[size])
    orders = daily * DAYS
    with environment() as env:
        fill(env, orders)
    tables = ["oiconnect_access_order", *(table for table, *_rest in TRAFFIC)]
    with environment() as env:
        sizes = {table: bytes_of(env, table) for table in tables}
        for table, found in sizes.items():
            figure(f"retention_bytes_{table}", found / orders, "B/order", orders=orders)
        total = sum(sizes.values())
        figure("retention_year", total / 1e9, "GB", orders=orders)
        figure("retention_bytes_an_order", total / orders, "B")
    for model in partitioned():
        compare(model, orders)


def fill(env, orders):
    made = order_lists_fill.make(env, orders)
    start = fields.Datetime.now() - timedelta(days=DAYS)
    env.cr.execute(SQL(LIFE, start=start, step=DAYS * 86400 / orders))
    for model in env["oiconnect.partitioned"]._partitioned_models():
        partitions.make_months(
            env.cr, model._table, model._month_key, start, 1 + DAYS // 28
        )
    values = {
        "operator": made["operators"][0].id,
        "network": made["network"].id,
        "company": made["network"].company_id.id,
        "lines": LINES,
    }
    for table, each, statement in TRAFFIC:
        with timed() as clock:
            env.cr.execute(SQL(statement, each=each, **values))
        figure(f"retention_fill_{table}", env.cr.rowcount / clock.seconds, "rows/s")
        if table == "oiconnect_exchange":
            env.cr.execute(FILES)
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def partitioned():
    with environment() as env:
        return [m._name for m in env["oiconnect.partitioned"]._partitioned_models()]


def bytes_of(env, table):
    """Return the bytes of a table and its indexes, in all its parts."""
    env.cr.execute(
        SQL(
            "SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree(%s)"
            if partitions.is_partitioned(env.cr, table)
            else "SELECT pg_total_relation_size(%s)",
            table,
        )
    )
    return int(env.cr.fetchone()[0])


def compare(name, orders):
    """Drop half a year, after one month of it was deleted row by row."""
    with environment() as env:
        model = env[name]
        look(env, model, orders)
        before = bytes_of(env, model._table)
        own = SQL.identifier(model._table)
        copy = SQL.identifier(f"{model._table}_deleted")
        part = max(
            partitions.parts(env.cr, model._table)[1:8],
            key=lambda part: bytes_of(env, part.name),
        )
        env.cr.execute(SQL("CREATE TABLE %s (LIKE %s INCLUDING ALL)", copy, own))
        env.cr.execute(
            SQL("INSERT INTO %s SELECT * FROM %s", copy, SQL.identifier(part.name))
        )
        rows = env.cr.rowcount
        with timed() as deleted:
            env.cr.execute(SQL("DELETE FROM %s", copy))
        env.cr.execute(SQL("DROP TABLE %s", copy))
        with timed() as dropped:
            env.cr.execute("SAVEPOINT dropped")
            partitions.drop_part(env.cr, part.name)
            env.cr.execute("ROLLBACK TO dropped")
        figure(
            f"retention_drop_month_{model._table}",
            dropped.seconds * 1000,
            "ms",
            baseline=deleted.seconds * 1000,
            ratio=dropped.seconds / deleted.seconds,
            rows=rows,
        )
        limit = (
            partitions.month_of(fields.Datetime.now())
            - partitions.STEP * RETENTION_MONTHS
        )
        for over in partitions.parts(env.cr, model._table):
            if over.end <= limit and not model._drop_month(over):
                figure("retention_not_dropped", 1, "month", name=over.name)
        after = bytes_of(env, model._table)
        figure(
            f"retention_stored_{model._table}",
            after / 1e6,
            "MB",
            baseline=before / 1e6,
            ratio=after / before,
            months=RETENTION_MONTHS,
        )


def look(env, model, orders):
    """Look for the rows of a record, which may be in any month."""
    count = len(partitions.parts(env.cr, model._table))
    seconds = []
    for rank in range(LOOKS):
        start = time.perf_counter()
        env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE res_model = %s AND res_id = %s"
                " ORDER BY id DESC",
                SQL.identifier(model._table),
                "oiconnect.access.order",
                1 + rank * 7919 % orders,
            )
        )
        env.cr.fetchall()
        seconds.append(time.perf_counter() - start)
    figure(
        f"retention_look_{model._table}",
        sorted(seconds)[LOOKS // 2] * 1000,
        "ms",
        parts=count,
    )
