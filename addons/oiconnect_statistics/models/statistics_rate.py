from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.time_zone import PARIS, local_today

from .. import significance
from ..charts import MONTH, OPERATOR, months


class Statistics(models.AbstractModel):
    """Rates: of how many records, how many failed, and whether operators differ."""

    _inherit = "oiconnect.statistics"

    @api.model
    def _read_rate(self, page, rate, filters, dimension):
        """Return the bars of a rate, None where the dimension does not split it."""
        if dimension != MONTH and not rate.field_of(dimension):
            bars = None
        elif dimension == MONTH:
            bars = self._rate_by_month(rate, filters)
        else:
            bars = self._rate_by_value(rate, rate.field_of(dimension), filters)
        if bars and page.compared and dimension == OPERATOR:
            self._mark(bars, significance.LEVEL / len(page.charts))
        return {
            "key": rate.key,
            "title": str(self._text(rate.title)),
            "by_month": dimension == MONTH,
            "is_rate": True,
            "note": str(self._text(rate.help)),
            "all": bars and self._rate_bar(rate, "", *self._rate_sums(bars)),
            "bars": bars,
        }

    @api.model
    def _rate_by_month(self, rate, filters):
        """Return a bar for each month.

        All records of a month are counted by its limits, which an index gives; those
        that failed are few: all their months at once.
        """
        shown = months(filters, local_today())
        failed = self._failed_by_month(rate, filters.within(shown[0][0], shown[-1][1]))
        bars = []
        for first, last in shown:
            domain = self._source_domain(rate.source, filters.within(first, last))
            [(total,)] = self._rate_groups(rate, domain, [], 0)
            label, count = self._month_label(first), failed.get(first, 0)
            bars.append(self._rate_bar(rate, label, count, total or 0, domain))
        return bars

    @api.model
    def _failed_by_month(self, rate, filters):
        """Return ``{first day of the month: what failed}``, by clocks in France."""
        domain = self._source_domain(rate.source, filters) & Domain(list(rate.failed))
        by_month = [f"{rate.source.date_field}:month"]
        french = self.with_context(tz=PARIS)
        return {
            fields.Date.to_date(month): number
            for month, number in french._rate_groups(rate, domain, by_month, 1)
        }

    @api.model
    def _rate_by_value(self, rate, name, filters):
        domain = self._source_domain(rate.source, filters)
        totals = self._rate_by(rate, domain, name, 0)
        failed = self._rate_by(rate, domain & Domain(list(rate.failed)), name, 1)
        values = self._values_of(self._records_of(rate.source), name, totals)
        return [
            self._rate_bar(
                rate,
                label,
                failed.get(value, 0),
                totals.get(value, 0),
                domain & Domain(name, "=", value),
                value,
            )
            for value, label in values
        ]

    @api.model
    def _rate_by(self, rate, domain, name, rank):
        return {
            value.id if isinstance(value, models.BaseModel) else value: number
            for value, number in self._rate_groups(rate, domain, [name], rank)
        }

    @api.model
    def _rate_groups(self, rate, domain, group_by, rank):
        """Count, or add up, what a rate is of.

        :param rank: 0 for all, 1 for what failed: the field of the rate to add up
        """
        aggregate = f"{rate.sums[rank]}:sum" if rate.sums else "__count"
        records = self._records_of(rate.source)
        return records._read_group(domain, group_by, [aggregate])

    @api.model
    def _rate_sums(self, bars):
        return (sum(bar["count"] for bar in bars), sum(bar["total"] for bar in bars))

    @api.model
    def _rate_bar(self, rate, label, failed, total, domain=None, value=None):
        low, high = significance.wilson(failed, total)
        source = rate.source
        return {
            "label": label,
            "value": value,
            "count": failed,
            "total": total,
            "share": failed / total if total else None,
            "low": low,
            "high": high,
            "mark": None,
            "p_value": None,
            "list": domain and self._lead(source, domain & Domain(list(rate.failed))),
            "total_list": domain and self._lead(source, domain),
            "sums": list(rate.sums),
        }

    @api.model
    def _mark(self, bars, level):
        """Mark the operators whose rate differs from that of the others."""
        counts = {bar["value"]: (bar["count"], bar["total"]) for bar in bars}
        verdicts = significance.compare(counts, level)
        for bar in bars:
            verdict = verdicts[bar["value"]]
            bar.update(mark=verdict.mark, p_value=verdict.p_value)
