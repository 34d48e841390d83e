from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from ...periods import last_day


class BillingDisputeLine(models.Model):
    """Proof of a contested line: its price, its days, and what its record became.

    Of the record only the two days that billing looks at are shown: a reader of the
    billing may not read orders.
    """

    _inherit = "oiconnect.billing.dispute.line"

    calculation = fields.Char(compute="_compute_calculation")
    event_date = fields.Date("Billed since", compute="_compute_dates")
    end_date = fields.Date("Ended on, as known today", compute="_compute_dates")

    @api.depends("price", "days", "quantity", "billed_amount")
    @api.depends_context("lang")
    def _compute_calculation(self):
        for line in self:
            line.calculation = line._calculation()

    def _calculation(self):
        currency = self.currency_id
        parts = [formatLang(self.env, self.price, currency_obj=currency)]
        if self.quantity != 1:
            parts.append(formatLang(self.env, self.quantity))
        month = last_day(self.date_from).day
        if self.days and self.days != month:
            parts.append(
                self.env._("days: %(days)s/%(month)s", days=abs(self.days), month=month)
            )
        amount = formatLang(self.env, self.billed_amount, currency_obj=currency)
        return " = ".join((" × ".join(parts), amount))

    @api.depends("line_id")
    def _compute_dates(self):
        self.update({"event_date": False, "end_date": False})
        billed = self.sudo().filtered(lambda line: line.line_id.exists())
        for product, lines in billed.grouped("product_id").items():
            days = {
                line_id: dates
                for line_id, *dates in self.env.execute_query(lines._days_of(product))
            }
            for line in lines:
                known = self.browse(line.id)
                known.event_date, known.end_date = days[line.line_id.id]

    def _days_of(self, product):
        """Return the query of the days of the records, by the id of their lines."""
        source = product._source()
        begun = source.begun.get(product.order_state) or [*source.begun.values()][-1]
        return SQL(
            """
            SELECT billed.id, happened.begun, happened.ended
            FROM oiconnect_billing_line AS billed
            JOIN oiconnect_billing_item AS item ON item.id = billed.item_id
            LEFT JOIN LATERAL (
                SELECT MIN(%(begun)s) AS begun, MAX(%(ended)s) AS ended
                  FROM %(tables)s
                 WHERE %(record_id)s = billed.res_id
                   AND %(operator)s IS NOT DISTINCT FROM item.operator_id
            ) AS happened ON TRUE
            WHERE billed.id = ANY(%(ids)s)
            """,
            begun=SQL(begun),
            ended=SQL(source.ended or "NULL::date"),
            tables=SQL(source.tables),
            record_id=SQL(source.record_id),
            operator=SQL(source.operator),
            ids=self.line_id.ids,
        )

    def action_view_billed(self):
        """Open all months that the same record was billed."""
        self.ensure_one()
        billed = self.sudo().line_id.exists()
        same = {
            "source": billed.source,
            "res_id": billed.res_id,
            "operator_id": self.operator_id.id,
        }
        return {
            "type": "ir.actions.act_window",
            "res_model": "oiconnect.billing.line",
            "view_mode": "list",
            "domain": [(name, "=", value) for name, value in same.items()],
            "name": self.env._("Billed accesses"),
        }
