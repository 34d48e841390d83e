from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.time_zone import PARIS, local_today

from ..charts import MONTH, OPERATOR, UNITS, months

# P50 and P95: a mean would tell nothing of the slowest.
SHARES = [0.5, 0.95]


class Statistics(models.AbstractModel):
    """Durations: how long the half of the records took, and all but the slowest."""

    _inherit = "oiconnect.statistics"

    @api.model
    def _read_durations(self, duration, filters, dimension):
        """Return the bars, None where the dimension does not split the durations."""
        if dimension == MONTH:
            bars = self._durations_by_month(duration, filters)
        elif name := duration.field_of(dimension):
            bars = self._durations_by_value(duration, name, filters)
        else:
            bars = None
        operators = [bar["value"] for bar in bars or () if dimension == OPERATOR]
        return {
            "key": duration.key,
            "title": str(self._text(duration.title)),
            "by_month": dimension == MONTH,
            "is_rate": False,
            "is_duration": True,
            "unit": duration.unit,
            "note": str(self._text(duration.help)),
            "bars": bars,
            "operators": self._operators(operators),
        }

    @api.model
    def _durations_by_month(self, duration, filters):
        source = duration.source
        shown = months(filters, local_today())
        whole = self._source_domain(source, filters.within(shown[0][0], shown[-1][1]))
        french = SQL(
            "date_trunc('month', %s AT TIME ZONE 'UTC' AT TIME ZONE %s)",
            self._records_of(source)._field_to_sql(
                self.env[source.model]._table, source.date_field
            ),
            PARIS,
        )
        found = {
            fields.Date.to_date(month): row
            for month, *row in self._percentiles(duration, whole, french)
        }
        return [
            self._duration_bar(
                duration,
                self._month_label(first),
                found.get(first),
                self._source_domain(source, filters.within(first, last)),
            )
            for first, last in self._from_first(shown, found)
        ]

    @api.model
    def _durations_by_value(self, duration, name, filters):
        source = duration.source
        records, domain = (
            self._records_of(source),
            self._source_domain(source, filters),
        )
        split = records._field_to_sql(records._table, name)
        found = {
            value or False: row
            for value, *row in self._percentiles(duration, domain, split)
        }
        counts = {value: row[0] for value, row in found.items()}
        return [
            self._duration_bar(
                duration, label, found[value], domain & Domain(name, "=", value), value
            )
            for value, label in self._values_of(records, name, counts)
        ]

    @api.model
    def _percentiles(self, duration, domain, split):
        """Return rows ``(value of split, number, [P50, P95])``, by one statement."""
        query = self._lasted_query(duration, domain, split)
        return self.env.execute_query(
            SQL(
                """
                SELECT split, count(*),
                       percentile_cont(%s::float8[]) WITHIN GROUP (ORDER BY lasted)
                  FROM (%s) found GROUP BY split
                """,
                SHARES,
                query,
            )
        )

    @api.model
    def _lasted_query(self, duration, domain, split):
        """Return the query of how long each record took, in the duration's unit."""
        records = self._records_of(duration.source)
        query = records._search(domain)
        return query.select(
            SQL("%s AS split", split),
            SQL(
                "EXTRACT(epoch FROM %s - %s)::float8 / %s AS lasted",
                records._field_to_sql(query.table, duration.source.date_field, query),
                records._field_to_sql(query.table, duration.start, query),
                UNITS[duration.unit],
            ),
        )

    @api.model
    def _duration_bar(self, duration, label, row, domain, value=None):
        count, (half, most) = row or (0, (None, None))
        return {
            "label": label,
            "value": value,
            "count": count,
            "p50": half,
            "p95": most,
            "list": self._lead(duration.source, domain),
        }
