from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.oiconnect_orders.tests.common import make_network

from ..charts import PAGES
from .common import EVERY_KIND

# Charts of tables of a million rows: an index alone gives them, for every filter.
LARGE = {
    "orders": (
        "access_by_connection",
        "access_by_state",
        "access_by_operator",
        "access_by_month",
    ),
    "sav": ("tickets_by_month", "tickets_by_state", "tickets_by_operator"),
    "infrastructure": ("buildings_by_state",),
    "quality": ("failed_connection",),
}
FILTERS = {
    "date_from": "2025-01-01",
    "date_to": "2025-12-31",
    "operator_ids": [1, 2],
    "network_ids": [],
}


@tagged("post_install", "-at_install")
class TestStatisticsPlans(TransactionCase):
    """No chart reads the rows of a large table."""

    def _queries(self, read):
        """Return the counts that are asked of the database, with their values."""
        asked, execute = [], Cursor.execute

        def noted(cursor, query, params=None, **kwargs):
            result = execute(cursor, query, params, **kwargs)
            text = cursor._obj.query.decode()
            if "COUNT(*)" in text:
                asked.append(text)
            return result

        with patch.object(Cursor, "execute", noted):
            read()
        return asked

    def test_large_charts_are_given_by_an_index_alone(self):
        groups = ",".join(f"oiconnect_base.group_{kind}_read" for kind in EVERY_KIND)
        user = new_test_user(self.env, "plans", groups)
        make_network(self.env)
        self.env.flush_all()
        statistics = self.env["oiconnect.statistics"].with_user(user)
        for way in ("seqscan", "indexscan", "bitmapscan"):
            self.env.cr.execute(f"SET LOCAL enable_{way} = off")
        for page, keys in LARGE.items():
            self.assertLessEqual(set(keys), {one.key for one in PAGES[page].charts})
            for key in keys:
                for filters in ({}, FILTERS):
                    self._check_plans(statistics, page, key, filters)

    def _check_plans(self, statistics, page, key, filters):
        queries = self._queries(lambda: statistics.read_chart(page, key, filters))
        self.assertTrue(queries, key)
        for query in queries[:3]:
            self.env.cr.execute(f"EXPLAIN {query.replace('%', '%%')}", [])
            plan = "\n".join(line for (line,) in self.env.cr.fetchall())
            with self.subTest(key, filters=filters):
                self.assertIn("Index Only Scan", plan)
                self.assertNotIn("Seq Scan", plan)
