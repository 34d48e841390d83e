"""The invoices of a month: every access of every operator frozen and invoiced."""

from odoo.tools import SQL

from odoo.addons.oiconnect_billing.tests.common import Billing

from .common import environment, figure, timed
from .ipe_import import Memory

COUNTS = {"small": 20_000, "full": 1_000_000}
OPERATORS = 50
MONTH = "2025-01-01"
# One access in fifty began in the month: the others owe it in full.
NEW = 50

# What a script without the product would do: keep one row per access and product, which
# the database refuses to have twice, and sum them.
RAW_TABLE = """
    CREATE TABLE raw_line (
        id serial PRIMARY KEY, order_id int NOT NULL, product_id int NOT NULL,
        operator_id int NOT NULL, period date NOT NULL, date_from date NOT NULL,
        date_to date NOT NULL, days int NOT NULL, amount numeric NOT NULL,
        UNIQUE (order_id, product_id, period)
    )
"""
RAW_FREEZE = """
    WITH line AS (
        INSERT INTO raw_line (
            order_id, product_id, operator_id, period, date_from, date_to, days, amount
        )
        SELECT id, product_id, operator_id, %(month)s, date_from, DATE '2025-01-31',
               DATE '2025-02-01' - date_from,
               ROUND(price * (DATE '2025-02-01' - date_from) / 31, 2)
          FROM ({due}) AS due
        RETURNING operator_id, product_id, days, amount
    )
    SELECT operator_id, product_id, COUNT(*), SUM(days), SUM(amount)
      FROM line GROUP BY operator_id, product_id
"""
RAW_SUM = """
    SELECT operator_id, product_id, COUNT(*), SUM(DATE '2025-02-01' - date_from),
           SUM(ROUND(price * (DATE '2025-02-01' - date_from) / 31, 2))
      FROM ({due}) AS due GROUP BY operator_id, product_id
"""
RAW_DUE = """
    SELECT access.id, product.id AS product_id, access.operator_id, price.price,
           GREATEST(%(month)s, (
               in_service_date AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Paris'
           )::date) AS date_from
      FROM oiconnect_access_order AS access
      JOIN oiconnect_billing_product AS product USING (retained_type)
      JOIN oiconnect_billing_price AS price ON price.product_id = product.id
     WHERE access.network_id = %(network)s AND product.network_id = %(network)s
       AND in_service_date < '2025-01-31 23:00:00'
       AND (end_date IS NULL OR end_date >= '2025-01-01 23:00:00')
"""


def run(size):
    count = COUNTS[size]
    with environment() as env:
        billing = Billing(env, "TBB")
        operators = [billing.operator(f"B{rank:03d}") for rank in range(OPERATORS)]
        for kind, price in (("loca", 13.2), ("cofi", 5.1)):
            billing.product(
                price, retained_type=kind, network_id=billing.network.id, name=kind
            )
        fill(billing, operators, count)
        aggregate = measure(billing, RAW_SUM)
        raw = measure(billing, RAW_FREEZE)
        previewed = preview(billing)
        with Memory() as memory:
            seconds = invoice(billing, count)
        again = invoice_again(billing)
        following = invoice(billing, count, "2025-02")
        env.cr.rollback()
    figure(
        "monthly_billing",
        seconds,
        "s",
        baseline=raw,
        ratio=seconds / raw,
        accesses=count,
        operators=OPERATORS,
        against="the same lines stored once and summed by hand-written SQL",
        sum_without_keeping=round(aggregate, 3),
    )
    # What our process takes more, however many lines there are
    figure("monthly_billing_memory", memory.growth, "MB", accesses=count)
    figure("monthly_billing_preview", previewed, "s", accesses=count)
    figure("monthly_billing_again", again, "s", accesses=count)
    # With a month before, which is looked at for what it could not know
    figure(
        "monthly_billing_next",
        following,
        "s",
        baseline=raw,
        ratio=following / raw,
        accesses=count,
    )


def fill(billing, operators, count):
    """Accesses in service, the operators' mixed, one in NEW since the month."""
    billing.env.flush_all()
    billing.env.cr.execute(
        SQL(
            """
            INSERT INTO oiconnect_access_order (
                state, is_open, operator_id, network_id, company_id, oc_reference,
                service_reference, connection_type, requested_type, retained_type,
                order_date, city, delivered_date, in_service_date, pto_id,
                create_date, write_date, create_uid, write_uid
            )
            SELECT 'in_service', FALSE, (%(operators)s::int[])[1 + rank %% %(mixed)s],
                   %(network)s, %(company)s, 'BENCH-' || lpad(rank::varchar, 7, '0'),
                   'TBBP' || lpad(rank::varchar, 16, '0'), 'stoc', 'auto',
                   (ARRAY['loca', 'cofi'])[1 + rank / %(mixed)s %% 2], since, 'EXEMPLE',
                   since, since, %(pto)s, now(), now(), 1, 1
              FROM generate_series(1, %(count)s) AS rank
             CROSS JOIN LATERAL (
                SELECT CASE WHEN rank / 100 %% %(new)s = 0
                       THEN timestamp '2025-01-01' + rank %% 30 * interval '1 day'
                       ELSE timestamp '2024-12-01' - rank %% 900 * interval '1 day'
                       END + interval '12 hours' AS since
             ) AS begun
            """,
            operators=[operator.id for operator in operators],
            mixed=OPERATORS,
            network=billing.network.id,
            company=billing.company.id,
            pto=billing.pto.id,
            new=NEW,
            count=count,
        )
    )
    billing.env.cr.execute("ANALYZE oiconnect_access_order")


def measure(billing, statement):
    """Seconds of a raw statement, the second time; what it keeps is dropped."""
    values = {"month": MONTH, "network": billing.network.id}
    cursor = billing.env.cr
    seconds = []
    for _warm in range(2):
        with cursor.savepoint(flush=False) as savepoint:
            cursor.execute(RAW_TABLE)
            with timed() as clock:
                cursor.execute(statement.format(due=RAW_DUE), values)
            seconds.append(clock.seconds)
            savepoint.rollback()
    return seconds[-1]


def invoice(billing, count, month=MONTH[:7]):
    """Seconds of a run: lines, invoices with their taxes, links between them."""
    run = billing.run(month)
    with timed() as clock:
        run._start()
        run._process()
        billing.env.flush_all()
    assert (run.state, run.line_count) == ("done", count), run.row_ids.mapped("error")
    assert run.invoice_count == OPERATORS
    untaxed = sum(run.move_ids.mapped("amount_untaxed"))
    assert abs(untaxed - run.amount) < 0.005, (untaxed, run.amount)
    return clock.seconds


def preview(billing):
    """Seconds of the preview of the month, which keeps nothing."""
    run = billing.run(MONTH[:7])
    with timed() as clock:
        rows = run._preview_rows()
    assert len(rows) == 2 * OPERATORS
    assert not run.item_ids
    run.unlink()
    return clock.seconds


def invoice_again(billing):
    """Seconds to find out that nothing is missing."""
    run = billing.run(MONTH[:7])
    with timed() as clock:
        run._start()
        run._process()
        billing.env.flush_all()
    assert not run.invoice_count
    return clock.seconds
