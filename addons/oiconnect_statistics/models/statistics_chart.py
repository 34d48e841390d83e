from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.time_zone import PARIS, local_today

from ..charts import MONTH, months


class Statistics(models.AbstractModel):
    """Charts that count records."""

    _inherit = "oiconnect.statistics"

    @api.model
    def _read_counts(self, chart, filters):
        """Return the bars of a chart; each stacks its operators where it can.

        Of a bar in parts the client has ``{operator: number}``; the list of a part is
        that of its bar, narrowed by ``part_field``.
        """
        bars = self._bars(chart, filters)
        found = {one for bar in bars for one in bar["parts"] or () if one}
        return {
            "key": chart.key,
            "title": str(self._text(chart.title)),
            "by_month": chart.group_by == MONTH,
            "is_rate": False,
            "total": None if chart.group_by is None else sum(b["count"] for b in bars),
            "note": self._note(chart.sources[0], filters),
            "bars": bars,
            "part_field": chart.sources[0].operator_field,
            "operators": self._operators(found),
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
        found = self._parts(source, domain, [])
        return self._bar(source, str(self._text(source.title)), found.get(()), domain)

    @api.model
    def _bars_by_month(self, source, filters):
        """Return the bar of each month, from the first in which there is something."""
        shown = months(filters, local_today())
        domain = self._source_domain(source, filters.within(shown[0][0], shown[-1][1]))
        by_month = [f"{source.date_field}:month"]
        found = {
            fields.Date.to_date(month): parts
            for (month,), parts in self._parts(source, domain, by_month).items()
        }
        return [
            self._bar(
                source,
                self._month_label(first),
                found.get(first),
                self._source_domain(source, filters.within(first, last)),
            )
            for first, last in self._from_first(shown, found)
        ]

    @api.model
    def _from_first(self, shown, found):
        """Return the months shown from the first found on; all if none is.

        The axis covers what there is.
        """
        first = min(found, default=shown[0][0])
        return [month for month in shown if month[0] >= first]

    @api.model
    def _bars_by_value(self, source, name, filters):
        records = self._records_of(source)
        domain = self._source_domain(source, filters)
        found = {
            value: parts
            for (value,), parts in self._parts(source, domain, [name]).items()
        }
        counts = {value: sum(parts.values()) for value, parts in found.items()}
        bars = []
        for value, label in self._values_of(records, name, counts):
            of_value = domain & Domain(name, "=", value)
            bars.append(self._bar(source, label, found[value], of_value))
        return bars

    @api.model
    def _parts(self, source, domain, group_by):
        """Return ``{values of group_by: {operator or False: number}}``.

        By one statement, by clocks in France.
        """
        records = self._records_of(source).with_context(tz=PARIS)
        split = [*group_by]
        if source.operator_field and source.operator_field not in split:
            split.append(source.operator_field)
        found = defaultdict(Counter)
        for *values, count in records._read_group(domain, split, ["__count"]):
            values = [_plain(value) for value in values]
            operator = source.operator_field and values[-1]
            found[tuple(values[: len(group_by)])][operator or False] += count
        return found

    @api.model
    def _bar(self, source, label, parts, domain):
        """Return a bar; ``parts`` has its numbers by operator."""
        return {
            "label": label,
            "count": sum((parts or {}).values()),
            "parts": dict(parts or {}) if source.operator_field else None,
            "list": self._lead(source, domain),
        }


def _plain(value):
    """Return a value of a group as filters hold it: of a record its id."""
    return value.id if isinstance(value, models.BaseModel) else value
