import io

from odoo import fields, models
from odoo.tools import format_date

from odoo.addons.oiconnect_base.report_picture import Bar
from odoo.addons.oiconnect_base.report_table import Table
from odoo.addons.oiconnect_base.time_zone import local_today

from ..charts import PAGES, Chart

PREFIX = "statistics_"
PATHS = {
    "orders": "statistics-orders",
    "sav": "statistics-tickets",
    "infrastructure": "statistics-infrastructure",
    "equal_treatment": "equal-treatment",
    "quality": "quality-of-service",
}
# Marks that a reader is to look at
DIFFERENT = ("higher", "lower")


class ScheduledReport(models.Model):
    """Pages of statistics by mail: the charts as pictures, the file of the page."""

    _inherit = "oiconnect.scheduled.report"

    report = fields.Selection(
        selection_add=[
            ("statistics_orders", "Statistics of orders"),
            ("statistics_sav", "Statistics of tickets"),
            ("statistics_infrastructure", "Statistics of the infrastructure"),
            ("statistics_equal_treatment", "Equal treatment"),
            ("statistics_quality", "Quality of service"),
        ],
        ondelete={f"{PREFIX}{page}": "cascade" for page in PAGES},
    )

    def _report_page(self):
        """Return the key of the page of statistics that is sent, None if none is."""
        page = self.report.removeprefix(PREFIX)
        return page if page != self.report else None

    def _report_tables(self):
        page = self._report_page()
        if not page:
            return super()._report_tables()
        statistics = self.env["oiconnect.statistics"]
        filters = statistics.read_page(page)["filters"]
        return [
            self._chart_table(chart, statistics.read_chart(page, chart.key, filters))
            for chart in PAGES[page].charts
        ]

    def _report_file(self, tables):
        """Return the workbook of the page, for who may download it there."""
        page = self._report_page()
        if not page:
            return super()._report_file(tables)
        if not self.env.user.has_group("base.group_allow_export"):
            return None
        statistics, target = self.env["oiconnect.statistics"], io.BytesIO()
        filters = statistics.read_page(page)["filters"]
        statistics._write_xlsx(target, page, filters)
        return target.getvalue()

    def _report_days(self):
        """Return the usual days of the page, which its charts are of."""
        page = self._report_page()
        filters = page and self.env["oiconnect.statistics"].read_page(page)["filters"]
        if not filters:
            return super()._report_days()
        return self.env._(
            "From %(first)s to %(last)s.",
            first=format_date(self.env, filters["date_from"]),
            last=format_date(self.env, local_today()),
        )

    def _report_path(self):
        page = self._report_page()
        return f"/odoo/{PATHS[page]}" if page else super()._report_path()

    def _most(self):
        """Charts count to the end."""
        return float("inf") if self._report_page() else super()._most()

    def _chart_table(self, chart, read):
        """Return what a chart shows, as its table and the bars of its picture."""
        is_count = isinstance(chart, Chart)
        # As on its page: nothing is drawn where there is nothing to count.
        size, bars = "count" if is_count else "total", read["bars"] or ()
        bars = bars if any(bar[size] for bar in bars) else ()
        nothing = "" if bars else self.env._("Nothing to count.")
        return Table(
            read["title"],
            *self._table_cells(chart, bars, is_count),
            " ".join(filter(None, (read["note"], nothing))),
            tuple(self._picture_bar(bar, is_count) for bar in bars),
            read["by_month"],
        )

    def _table_cells(self, chart, bars, is_count):
        """Return the columns of the table of a chart, and its rows."""
        if is_count:
            columns = self.env["oiconnect.statistics"]._header(chart)
            return columns, tuple((bar["label"], bar["count"]) for bar in bars)
        columns = [
            "",
            self.env._("Concerned"),
            self.env._("Total"),
            self.env._("Share"),
        ]
        compared = any(bar["mark"] for bar in bars)
        if compared:
            columns.append(self.env._("Against the others"))
        return columns, tuple(
            (
                bar["label"],
                bar["count"],
                bar["total"],
                self._share(bar),
                *([self._mark_of(bar)] if compared else []),
            )
            for bar in bars
        )

    def _picture_bar(self, bar, is_count):
        if is_count:
            return Bar(bar["label"], bar["count"], self._written(bar["count"]))
        written = [self._written(self._share(bar)), self._mark_of(bar)]
        return Bar(
            bar["label"],
            bar["share"] or 0,
            ", ".join(filter(None, written)),
            bar["mark"] in DIFFERENT,
        )

    def _share(self, bar):
        """Return the share of a bar; in words where there is nothing to share."""
        return self.env._("none") if bar["share"] is None else float(bar["share"])

    def _mark_of(self, bar):
        labels = self.env["oiconnect.statistics"]._mark_labels()
        return labels.get(bar["mark"], "")
