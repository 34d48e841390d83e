"""Texts of the statement that finds and freezes what the records of a source owe.

Three things are found: what a month owes and was not billed (``charge``), what an
earlier month owed and its run could not know yet (``late``), and what earlier months
were billed too much or too little since (``correction``).
"""

from odoo.tools import SQL

STATEMENT = """
    WITH
    product (product_id, one_off, fee, moment, unit, from_start, to_end %(filters)s)
    AS (VALUES %(products)s),
    -- One row per product and month that the run looks at.
    plan (product_id, period, last_day, month_days, general_price, is_new)
    AS (VALUES %(plan)s),
    -- Prices of single operators
    particular (product_id, period, operator_id, own_price)
    AS (VALUES %(particular)s),

    -- The records of the network; days are those of the wall clock in Paris.
    record AS NOT MATERIALIZED (
        SELECT %(record_columns)s
          FROM %(tables)s
         WHERE %(of_network)s AND %(where)s
    ),

    -- Days are made once a record, whatever looks at them.
    matched AS %(matched)s (
        SELECT record.record_id, record.operator_id, record.part, record.ended,
               product.product_id, product.one_off, product.fee,
               product.from_start, product.to_end, %(quantity)s AS quantity,
               begun.day AS begun
          FROM product
          JOIN record ON %(chosen)s
         CROSS JOIN LATERAL (SELECT %(begun)s AS day) AS begun
         WHERE begun.day IS NOT NULL
    ),

    -- What is held is billed from the day it begins to the eve of the day it ends.
    held AS (
        SELECT matched.*, period, last_day, month_days, is_new, %(price)s AS price
          FROM plan
          JOIN matched USING (product_id)
          %(particular_join)s
         WHERE %(is_due)s AND %(price)s IS NOT NULL
    ),

    -- The look-up of what is billed already stays one probe of the unique index per
    -- record, however many months the table holds: hence scalar subqueries.
    charge AS (
        SELECT *, FALSE AS late
          FROM held
         WHERE fee = 'per_access'
           AND %(unbilled)s
    ),
    %(late)s

    -- Months billed whose record ends earlier than was known then: one probe per record
    -- that has ended (OFFSET 0 keeps it so). And months billed in part, or given back,
    -- of records that came back since.
    touched AS MATERIALIZED (
        SELECT line.res_id AS record_id, line.product_id, line.period
          FROM record
         CROSS JOIN LATERAL (
                SELECT * FROM oiconnect_billing_line AS billed
                 WHERE billed.res_id = record.record_id AND billed.part = 0
                   AND billed.period >= DATE_TRUNC('month', record.ended)::date
                   AND billed.date_to >= record.ended OFFSET 0
          ) AS line
         WHERE record.ended IS NOT NULL AND line.product_id = ANY(%(recurring)s)
         UNION
        SELECT res_id, product_id, period
          FROM oiconnect_billing_line
         WHERE (part > 0
                OR (days > 0 AND date_to + 1 < period + INTERVAL '1 month'))
           AND product_id = ANY(%(recurring)s) AND period >= %(since)s
    ),

    -- What a dispute has credited already is not given back twice, nor billed again.
    correction AS (
        SELECT first.res_id AS record_id, item.operator_id, first.product_id,
               first.period, billed.parts, item.price, first.quantity, first.date_from,
               billed.days, billed.amount, owed_days.days AS owed_days,
               CASE WHEN fair.amount < billed.amount
                    THEN LEAST(fair.amount + credited.amount, billed.amount)
                    ELSE fair.amount END AS owed
          FROM touched
          JOIN record USING (record_id)
         CROSS JOIN LATERAL (
               SELECT * FROM oiconnect_billing_line AS line
                WHERE line.res_id = touched.record_id
                  AND line.product_id = touched.product_id
                  AND line.period = touched.period AND line.part = 0 OFFSET 0
         ) AS first
          JOIN oiconnect_billing_item AS item ON item.id = first.item_id
          JOIN oiconnect_billing_product AS sold ON sold.id = first.product_id
         CROSS JOIN LATERAL (
               SELECT SUM(line.days) AS days, SUM(line.amount) AS amount,
                      MAX(line.part) AS parts
                 FROM oiconnect_billing_line AS line
                WHERE line.res_id = first.res_id AND line.product_id = first.product_id
                  AND line.period = first.period
         ) AS billed
         CROSS JOIN LATERAL (
               SELECT EXTRACT(DAY FROM first.period + INTERVAL '1 month - 1 day')::int
                      AS days
         ) AS month
         CROSS JOIN LATERAL (
               SELECT first.period + month.days - first.date_from AS days
         ) AS whole
         CROSS JOIN LATERAL (
               SELECT CASE WHEN record.ended IS NULL THEN whole.days
                           WHEN record.ended <= GREATEST(first.period, %(sold_begun)s)
                           THEN 0
                           WHEN sold.prorata IN ('last', 'both')
                           THEN GREATEST(
                               LEAST(record.ended - first.date_from, whole.days), 0)
                           ELSE whole.days END AS days
         ) AS owed_days
         CROSS JOIN LATERAL (
               SELECT ROUND(item.price * first.quantity * owed_days.days / month.days,
                            %(decimals)s) AS amount
         ) AS fair
         CROSS JOIN LATERAL (
               SELECT COALESCE(SUM(disputed.amount), 0) AS amount
                 FROM oiconnect_billing_line AS line
                 JOIN oiconnect_billing_dispute_line AS disputed
                   ON disputed.line_id = line.id AND disputed.state = 'accepted'
                WHERE line.res_id = first.res_id AND line.product_id = first.product_id
                  AND line.period = first.period
         ) AS credited
         WHERE item.network_id = %(network)s
    ),

    due AS MATERIALIZED (
        SELECT record_id, operator_id, product_id, period, part, FALSE AS is_credit,
               price,
               CASE WHEN late THEN 'late' WHEN one_off THEN 'one_off'
                    WHEN date_to - date_from + 1 = month_days THEN 'full'
                    ELSE 'prorata' END AS kind,
               date_from, date_to,
               CASE WHEN one_off THEN 0 ELSE date_to - date_from + 1 END AS days,
               quantity,
               CASE WHEN one_off THEN ROUND(price * quantity, %(decimals)s)
                    ELSE ROUND(
                        price * quantity * (date_to - date_from + 1) / month_days,
                        %(decimals)s) END AS amount
          FROM (%(charges)s) AS charged
         CROSS JOIN LATERAL (
               SELECT CASE WHEN from_start OR one_off THEN GREATEST(begun, period)
                           ELSE period END AS date_from,
                      CASE WHEN one_off THEN begun
                           WHEN to_end THEN LEAST(ended - 1, last_day)
                           ELSE last_day END AS date_to
         ) AS dates
         UNION ALL
        SELECT record_id, operator_id, product_id, period, parts + 1, owed < amount,
               price, CASE WHEN owed < amount THEN 'credit' ELSE 'again' END,
               date_from + LEAST(owed_days, days)::int,
               date_from + GREATEST(owed_days, days)::int - 1,
               owed_days - days, quantity, owed - amount
          FROM correction
         WHERE owed_days <> days OR owed <> amount
    ),

    item AS (
        INSERT INTO oiconnect_billing_item (
            run_id, network_id, company_id, operator_id, product_id, period, kind,
            price, line_count, days, quantity, amount,
            create_uid, create_date, write_uid, write_date
        )
        SELECT %(run)s, %(network)s, %(company)s, total.*,
               %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
          FROM (
            SELECT operator_id, product_id, period, kind, price,
                   COUNT(*), SUM(days), SUM(quantity), SUM(amount)
              FROM due
             GROUP BY operator_id, product_id, period, kind, price
            %(fees)s
          ) AS total
        ON CONFLICT DO NOTHING
        RETURNING id, operator_id, product_id, period, kind, price
    )

    INSERT INTO %(lines)s (
        item_id, res_id, product_id, period, part, is_credit, date_from, date_to,
        days, quantity, amount
    )
    SELECT item.id, due.record_id, due.product_id, due.period, due.part,
           due.is_credit, due.date_from, due.date_to, due.days, due.quantity, due.amount
      FROM due
      JOIN item USING (operator_id, product_id, period, kind, price)
"""

# What is owed once a month and operator that has anything
FEES = """
    UNION ALL
    SELECT DISTINCT operator_id, product_id, period, fee, price, 0, 0, 1,
           CASE WHEN fee = 'flat' THEN price ELSE 0 END
      FROM held
     WHERE fee <> 'per_access' AND NOT EXISTS (
        SELECT FROM oiconnect_billing_item AS known
         WHERE known.operator_id = held.operator_id
           AND known.network_id = %(network)s
           AND known.product_id = held.product_id
           AND known.period = held.period AND known.kind = held.fee
     )
"""

# Earlier months that runs have billed. A record that owes the last of them and has no
# line for it (one probe per record) is looked at month by month.
LATE = """
    past (product_id, period, last_day, month_days, general_price, next_period)
    AS (VALUES %(past)s),
    missed AS (
        SELECT matched.*
          FROM past
          JOIN matched USING (product_id)
         WHERE fee = 'per_access' AND %(is_due)s
           AND (one_off OR next_period IS NULL OR ended <= next_period)
           AND %(unbilled)s
    ),
    late AS (
        SELECT matched.*, period, last_day, month_days, FALSE AS is_new,
               %(price)s AS price, TRUE AS late
          FROM past
          JOIN (SELECT DISTINCT * FROM missed) AS matched USING (product_id)
          %(particular_join)s
         WHERE %(is_due)s AND %(price)s IS NOT NULL
           AND %(unbilled)s
    ),
    -- A month before a record became what the product bills is none of the product's.
    late_charge AS (
        SELECT late.* FROM late WHERE %(unchanged)s
    ),
"""
IS_DUE = SQL(
    """
    begun <= last_day AND CASE WHEN one_off THEN begun >= period
        ELSE ended IS NULL OR ended > GREATEST(begun, period) END
    """
)
# What is due once may be known by another day since: its month does not matter. Of a
# month that has no line at all, nothing is looked up.
UNBILLED = """
    CASE WHEN %(is_new)s THEN 0 WHEN %(row)s.one_off THEN COALESCE((
        SELECT 1 FROM oiconnect_billing_line AS line
         WHERE line.res_id = %(row)s.record_id AND line.product_id = %(row)s.product_id
           AND line.part = %(row)s.part LIMIT 1), 0)
    ELSE COALESCE((
        SELECT 1 FROM oiconnect_billing_line AS line
         WHERE line.res_id = %(row)s.record_id AND line.product_id = %(row)s.product_id
           AND line.period = %(month)s.period AND line.part = %(row)s.part), 0)
    END < 1
"""
PARTICULAR_JOIN = SQL("LEFT JOIN particular USING (product_id, period, operator_id)")

MINIMUM = """
    WITH missing AS (
        SELECT wanted.id, wanted.price - COALESCE(SUM(other.amount), 0) AS amount
          FROM oiconnect_billing_item AS wanted
          LEFT JOIN oiconnect_billing_item AS other
            ON other.operator_id = wanted.operator_id
           AND other.network_id = wanted.network_id
           AND other.period = wanted.period AND other.kind <> 'minimum'
           AND other.product_id = ANY(%(recurring)s)
         WHERE wanted.run_id = %(run)s AND wanted.kind = 'minimum'
           AND wanted.move_id IS NULL AND wanted.product_id = ANY(%(recurring)s)
         GROUP BY wanted.id
    ),
    reached AS (
        DELETE FROM oiconnect_billing_item AS item USING missing
         WHERE item.id = missing.id AND missing.amount <= 0
    )
    UPDATE oiconnect_billing_item AS item SET amount = missing.amount
      FROM missing WHERE item.id = missing.id AND missing.amount > 0
"""
