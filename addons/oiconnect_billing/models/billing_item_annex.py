from odoo import models
from odoo.tools import SQL

from ..annex import FEE, RECORD, Row


class BillingItem(models.Model):
    """Rows that an item puts in the annex of its invoice."""

    _inherit = "oiconnect.billing.item"

    def _annex_rows(self, ids):
        """Yield the rows of some lines of the item, in the order of their ids."""
        for line_id, *names_and_dates, days, quantity, amount in self.env.execute_query(
            self._annex_query(ids)
        ):
            *names, month, date_from, date_to, event_date = names_and_dates
            yield Row(
                f"{RECORD}{line_id}",
                *names,
                self.product_id.name,
                month,
                date_from,
                date_to,
                event_date,
                days or 0,
                float(quantity),
                self.price,
                float(amount),
            )

    def _annex_row_of_fee(self):
        """Return the row of what names no record: a flat fee, a minimum."""
        return Row(
            f"{FEE}{self.id}",
            *(None, None, None),
            self.product_id.name,
            self.period,
            self.period,
            self.last_day,
            None,
            0,
            self.quantity,
            self.price,
            self.amount,
        )

    def _annex_query(self, ids):
        """Return the query of the cells of some lines: one probe per record.

        The event is what the line is billed for: the day at which its record began to
        be billed, which may be months before.
        """
        product = self.product_id
        source = product._source()
        begun = source.begun.get(product.order_state) or [*source.begun.values()][-1]
        return SQL(
            """
            SELECT billed.id, named.oc_reference, named.service_reference, named.place,
                billed.period, billed.date_from, billed.date_to, happened.day,
                billed.days, billed.quantity, billed.amount
            FROM oiconnect_billing_line AS billed
            LEFT JOIN %(names)s AS named ON named.record_id = billed.res_id
            LEFT JOIN LATERAL (
                SELECT MIN(%(begun)s) AS day FROM %(tables)s
                 WHERE %(record_id)s = billed.res_id
                   AND %(operator)s IS NOT DISTINCT FROM %(operator_id)s
            ) AS happened ON TRUE
            WHERE billed.id = ANY(%(ids)s)
            ORDER BY billed.id
            """,
            names=source.names(),
            begun=SQL(begun),
            tables=SQL(source.tables),
            record_id=SQL(source.record_id),
            operator=SQL(source.operator),
            operator_id=self.operator_id.id,
            ids=ids,
        )
