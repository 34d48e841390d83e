from odoo.fields import Domain
from odoo.tests import TransactionCase, tagged

from ..charts import MONTH, PAGES, Chart
from ..charts.rates import ACCESS

# Index that gives the charts of a table of a million rows, without its rows
INDEXES = {
    "oiconnect.access.order": "oiconnect_access_order_created_idx",
    "oiconnect.ticket": "oiconnect_ticket_opened_idx",
    "oiconnect.building": "oiconnect_building_state_idx",
    "oiconnect.pto": "oiconnect_pto_state_idx",
}

# Index, much smaller, that gives what failed of the orders
FAILED_INDEXES = {
    "rejected_receipt": "oiconnect_access_order_refused_idx",
    "rejected_report": "oiconnect_access_order_refused_idx",
    "inexact_ipe": "oiconnect_access_order_refused_idx",
    "failed_connection": "oiconnect_access_order_failed_idx",
}


@tagged("post_install", "-at_install")
class TestStatisticsPlans(TransactionCase):
    """No chart reads the rows of a large table, whatever the filters."""

    def _columns(self, index):
        self.env.cr.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass", [index]
        )
        return {name for (name,) in self.env.cr.fetchall()}

    def _read_columns(self, source, group_by):
        """Return the columns that a count reads: filters, split, rule of companies."""
        domain = Domain(list(source.domain)) if source.domain else Domain.TRUE
        names = {condition.field_expr for condition in domain.iter_conditions()}
        names |= {source.date_field, source.operator_field, source.network_field}
        names |= {"company_id", group_by} - {MONTH}
        return names - {None}

    def test_an_index_has_all_that_charts_of_large_tables_ask_for(self):
        found = set()
        for page in PAGES.values():
            for chart in page.charts:
                if not isinstance(chart, Chart):
                    continue
                for source in chart.sources:
                    index = INDEXES.get(source.model)
                    if not index:
                        continue
                    found.add(source.model)
                    columns = self._read_columns(source, chart.group_by)
                    with self.subTest(chart.key, model=source.model):
                        self.assertLessEqual(columns, self._columns(index))
        self.assertEqual(found, set(INDEXES))

    def test_what_failed_of_orders_is_given_by_an_index_of_what_failed(self):
        found = set()
        for page in PAGES.values():
            for rate in page.charts:
                if isinstance(rate, Chart) or rate.source.model != ACCESS:
                    continue
                found.add(rate.key)
                failed = Domain(list(rate.failed))
                columns = self._read_columns(rate.source, rate.mode_field)
                columns |= {
                    condition.field_expr.partition(".")[0]
                    for condition in failed.iter_conditions()
                }
                with self.subTest(rate.key):
                    index = FAILED_INDEXES[rate.key]
                    self.assertLessEqual(columns, self._columns(index))
        self.assertEqual(found, set(FAILED_INDEXES))
