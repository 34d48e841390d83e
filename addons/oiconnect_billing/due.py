"""SQL statement that finds and freezes the amounts due for accesses."""

from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.oiconnect_base.time_zone import PARIS

_PLAN_ROW = (
    "(%s::int, %s::date, %s::date, %s::int, %s::numeric, %s::bool, %s::bool,"
    " %s::text, %s::text, %s::text, %s::bool, %s::bool)"
)
_STATEMENT = """
    WITH
    -- One row per product and month that the run looks at.
    plan (product_id, period, last_day, month_days, price, one_off, flat,
          order_state, connection_type, retained_type, from_start, to_end)
    AS (VALUES %(plan)s),

    -- The accesses of the network; days are those of the wall clock in Paris.
    access AS (
        SELECT id AS order_id, operator_id, connection_type, retained_type,
               (delivered_date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                   AS delivered,
               (in_service_date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                   AS in_service,
               (end_date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS ended
          FROM oiconnect_access_order
         WHERE network_id = %(network)s
           AND (delivered_date IS NOT NULL OR in_service_date IS NOT NULL)
    ),

    -- An access is held from the day it begins to the eve of the day it ends.
    held AS (
        SELECT access.*, plan.*, begun.day AS begun
          FROM plan
          JOIN access
            ON plan.connection_type IN ('all', access.connection_type)
           AND plan.retained_type IN ('all', access.retained_type)
         CROSS JOIN LATERAL (
               SELECT CASE plan.order_state WHEN 'delivered' THEN access.delivered
                      ELSE access.in_service END AS day
         ) AS begun
         WHERE begun.day <= plan.last_day
           AND CASE WHEN plan.one_off THEN begun.day >= plan.period
               ELSE access.ended IS NULL
                    OR access.ended > GREATEST(begun.day, plan.period) END
    ),

    -- The look-up of what is billed already stays one probe of the unique index per
    -- access, however many months the table holds: hence a scalar subquery.
    charge AS (
        SELECT order_id, operator_id, product_id, period, price, month_days, one_off,
               CASE WHEN from_start OR one_off THEN GREATEST(begun, period)
                    ELSE period END AS date_from,
               CASE WHEN one_off THEN begun
                    WHEN to_end THEN LEAST(ended - 1, last_day)
                    ELSE last_day END AS date_to
          FROM held
         WHERE NOT flat
           AND COALESCE((
                SELECT 1 FROM oiconnect_billing_line AS line
                 WHERE line.order_id = held.order_id
                   AND line.product_id = held.product_id
                   AND line.period = held.period AND NOT line.is_credit), 0) < 1
    ),

    -- Days that were billed and then turned out to lie after the end of the access:
    -- one probe per access that has ended (OFFSET 0 keeps it so).
    overpaid AS (
        SELECT line.order_id, item.operator_id, line.product_id, line.period,
               item.price, line.date_to, line.days, line.amount,
               EXTRACT(DAY FROM line.period + INTERVAL '1 month - 1 day')::int
                   AS month_days,
               CASE WHEN product.prorata IN ('last', 'both')
                    THEN GREATEST(access.ended - line.date_from, 0)
                    WHEN access.ended <= line.period THEN 0
                    ELSE line.days END AS kept
          FROM access
         CROSS JOIN LATERAL (
                SELECT * FROM oiconnect_billing_line AS billed
                 WHERE billed.order_id = access.order_id AND NOT billed.is_credit
                   AND billed.period >= DATE_TRUNC('month', access.ended)::date
                   AND billed.date_to >= access.ended OFFSET 0
          ) AS line
          JOIN oiconnect_billing_item AS item ON item.id = line.item_id
          JOIN oiconnect_billing_product AS product ON product.id = line.product_id
         WHERE access.ended IS NOT NULL AND product.billing_type = 'recurring'
           AND NOT EXISTS (
                SELECT FROM oiconnect_billing_line AS credit
                 WHERE credit.order_id = line.order_id
                   AND credit.product_id = line.product_id
                   AND credit.period = line.period AND credit.is_credit)
    ),

    due AS MATERIALIZED (
        SELECT order_id, operator_id, product_id, period, FALSE AS is_credit, price,
               CASE WHEN one_off THEN 'one_off'
                    WHEN date_to - date_from + 1 = month_days THEN 'full'
                    ELSE 'prorata' END AS kind,
               date_from, date_to,
               CASE WHEN one_off THEN 0 ELSE date_to - date_from + 1 END AS days,
               CASE WHEN one_off THEN price
                    ELSE ROUND(price * (date_to - date_from + 1) / month_days,
                               %(decimals)s) END AS amount
          FROM charge
         UNION ALL
        SELECT order_id, operator_id, product_id, period, TRUE, price, 'credit',
               date_to - (days - kept) + 1, date_to, kept - days,
               ROUND(price * kept / month_days, %(decimals)s) - amount
          FROM overpaid
         WHERE kept < days
    ),

    item AS (
        INSERT INTO oiconnect_billing_item (
            run_id, network_id, company_id, operator_id, product_id, period, kind,
            price, line_count, days, amount,
            create_uid, create_date, write_uid, write_date
        )
        SELECT %(run)s, %(network)s, %(company)s, total.*,
               %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
          FROM (
            SELECT operator_id, product_id, period, kind, price,
                   COUNT(*), SUM(days), SUM(amount)
              FROM due
             GROUP BY operator_id, product_id, period, kind, price
             UNION ALL
            SELECT DISTINCT operator_id, product_id, period, 'flat', price, 0, 0, price
              FROM held
             WHERE flat AND NOT EXISTS (
                SELECT FROM oiconnect_billing_item AS known
                 WHERE known.operator_id = held.operator_id
                   AND known.network_id = %(network)s
                   AND known.product_id = held.product_id
                   AND known.period = held.period AND known.kind = 'flat'
             )
          ) AS total
        ON CONFLICT DO NOTHING
        RETURNING id, operator_id, product_id, period, kind, price, line_count
    ),

    -- Another transaction that bills the same access at the same time makes this
    -- one fail (its snapshot cannot see the other's line), to be tried again.
    line AS (
        INSERT INTO oiconnect_billing_line (
            item_id, order_id, product_id, period, is_credit, date_from, date_to,
            days, amount
        )
        SELECT item.id, due.order_id, due.product_id, due.period, due.is_credit,
               due.date_from, due.date_to, due.days, due.amount
          FROM due
          JOIN item USING (operator_id, product_id, period, kind, price)
        ON CONFLICT (order_id, product_id, period, is_credit) DO NOTHING
        RETURNING 1
    )

    SELECT (SELECT SUM(line_count) FROM item), (SELECT COUNT(*) FROM line)
"""


def freeze(env, run, plan):
    """Keep what the network's accesses owe and was not billed yet, as items of ``run``.

    :param plan: rows of ``oiconnect.billing.product._plan``
    """
    if not plan:
        return
    env.flush_all()
    # Lines are kept in the order of the orders, which fills the indexes fastest: the
    # few items are hashed, the many lines not sorted by item.
    env.cr.execute("SET LOCAL enable_mergejoin TO off")
    [(expected, kept)] = env.execute_query(_statement(run, plan))
    env.cr.execute("SET LOCAL enable_mergejoin TO on")
    env["oiconnect.billing.item"].invalidate_model()
    run.invalidate_recordset(["item_ids"])
    if (expected or 0) != kept:
        raise UserError(
            env._("Accesses were billed by someone else meanwhile: compute again.")
        )


def _statement(run, plan):
    return SQL(
        _STATEMENT,
        plan=SQL(", ").join(SQL(_PLAN_ROW, *row) for row in plan),
        zone=PARIS,
        run=run.id,
        network=run.network_id.id,
        company=run.company_id.id,
        decimals=run.currency_id.decimal_places,
        uid=run.env.uid,
    )
