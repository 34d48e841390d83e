from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.time_zone import local_today

from ..charts import MONTH, months


class Statistics(models.AbstractModel):
    """Charts that count records."""

    _inherit = "oiconnect.statistics"

    @api.model
    def _read_counts(self, chart, filters):
        bars = self._bars(chart, filters)
        return {
            "key": chart.key,
            "title": str(self._text(chart.title)),
            "by_month": chart.group_by == MONTH,
            "is_rate": False,
            "total": None if chart.group_by is None else sum(b["count"] for b in bars),
            "note": self._note(chart.sources[0], filters),
            "bars": bars,
        }

    @api.model
    def _note(self, source, filters):
        """Return which date the days are of, and what the filters do not touch."""
        field = self.env[source.model]._fields[source.date_field]
        notes = []
        if filters.date_from or filters.date_to:
            label = field.get_description(self.env, ["string"])["string"]
            notes.append(self.env._("Days: “%s”.", label))
        if filters.operator_ids and not source.operator_field:
            notes.append(self.env._("The filter on operators does not apply here."))
        return " ".join(notes)

    @api.model
    def _bars(self, chart, filters):
        if chart.group_by is None:
            return [self._bar_of_source(source, filters) for source in chart.sources]
        [source] = chart.sources
        if chart.group_by == MONTH:
            return self._bars_by_month(source, filters)
        return self._bars_by_value(source, chart.group_by, filters)

    @api.model
    def _bar_of_source(self, source, filters):
        domain = self._source_domain(source, filters)
        count = self._records_of(source).search_count(domain)
        return self._bar(source, str(self._text(source.title)), count, domain)

    @api.model
    def _bars_by_month(self, source, filters):
        """Count each month by its limits: an index gives it, whatever the time zone."""
        bars = []
        for first, last in months(filters, local_today()):
            domain = self._source_domain(source, filters.within(first, last))
            count = self._records_of(source).search_count(domain)
            bars.append(self._bar(source, self._month_label(first), count, domain))
        return bars

    @api.model
    def _bars_by_value(self, source, name, filters):
        records = self._records_of(source)
        domain = self._source_domain(source, filters)
        found = {
            value.id if isinstance(value, models.BaseModel) else value: count
            for value, count in records._read_group(domain, [name], ["__count"])
        }
        return [
            self._bar(
                source, label, found.get(value, 0), domain & Domain(name, "=", value)
            )
            for value, label in self._values_of(records, name, found)
        ]

    @api.model
    def _bar(self, source, label, count, domain):
        return {"label": label, "count": count, "list": self._lead(source, domain)}
