from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..charts import PAGES, Chart
from .common import EVERY_KIND, StatisticsCase


@tagged("post_install", "-at_install")
class TestCharts(StatisticsCase):
    """Each number is the count of the list that it leads to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = [f"oiconnect_base.group_{kind}_read" for kind in EVERY_KIND]
        cls.everything = new_test_user(cls.env, "stat_tout", ",".join(groups))
        cls.of_tickets = new_test_user(
            cls.env,
            "stat_sav",
            "oiconnect_base.group_ticket_read,oiconnect_base.group_statistics_read",
        )
        cls.of_two_companies = new_test_user(
            cls.env,
            "stat_deux",
            ",".join(groups),
            company_ids=[(6, 0, [cls.env.company.id, cls.stranger.id])],
        )

    def _length(self, user, lead, sums=None):
        """Return how many records, or how much, the list of a bar shows."""
        records = self.env[lead["model"]].with_user(user)
        records = records.with_context(active_test=False)
        if not sums:
            return records.search_count(lead["domain"])
        [(total,)] = records._read_group(lead["domain"], [], [f"{sums}:sum"])
        return total or 0

    def _check_bar(self, user, chart, bar):
        if isinstance(chart, Chart):
            self.assertEqual(bar["count"], self._length(user, bar["list"]))
            return
        total_field, failed_field = bar["sums"] or (None, None)
        self.assertEqual(
            bar["total"], self._length(user, bar["total_list"], total_field)
        )
        self.assertEqual(bar["count"], self._length(user, bar["list"], failed_field))

    def test_each_bar_counts_the_list_that_it_leads_to(self):
        numbers = 0
        for filters in self._filter_sets():
            for _page, chart, answer in self._read_all(self.everything, filters):
                with self.subTest(chart.key, filters=filters):
                    for bar in answer["bars"] or ():
                        self._check_bar(self.everything, chart, bar)
                        numbers += bar["count"]
        self.assertGreater(numbers, 1000)

    def test_every_page_counts_something_and_nothing_twice(self):
        """Bars of one kind of records add up to all of them."""
        for page, chart, answer in self._read_all(self.everything, {}):
            bars = answer["bars"]
            with self.subTest(f"{page.key}.{chart.key}"):
                self.assertTrue(bars is None or bars)
                if isinstance(chart, Chart) and chart.group_by not in (None, "month"):
                    [source] = chart.sources
                    statistics = self.statistics.with_user(self.everything)
                    domain = statistics._source_domain(source, statistics._filters({}))
                    records = self.env[source.model].with_user(self.everything)
                    records = records.with_context(active_test=False)
                    expected = records.search_count(domain)
                    self.assertEqual(sum(bar["count"] for bar in bars), expected)

    def test_networks_of_others_and_sandboxes_never_count(self):
        here = {"network_ids": [self.elsewhere.id, self.sandbox.id]}
        for _page, chart, answer in self._read_all(self.everything, here):
            for bar in answer["bars"] or ():
                self.assertEqual(bar["count"], 0, chart.key)

    def test_the_companies_that_are_chosen_count(self):
        both = self.of_two_companies
        key = "tickets_by_operator"
        chosen = self.statistics.with_user(both).with_context(
            allowed_company_ids=[self.env.company.id, self.stranger.id]
        )
        alone = chosen.with_context(allowed_company_ids=[self.env.company.id])
        counts = [
            one.read_chart("sav", key, {"operator_ids": self.operator.ids})["total"]
            for one in (chosen, alone)
        ]
        self.assertEqual(counts[0], counts[1] + 40)

    def test_who_may_not_read_a_kind_of_records_has_numbers_without_lists(self):
        for _page, chart, full in self._read_all(self.everything, {}):
            if not isinstance(chart, Chart):
                continue
            page = next(one for one in PAGES.values() if one.chart(chart.key))
            answer = self.statistics.with_user(self.of_tickets).read_chart(
                page.key, chart.key, {}
            )
            for bar, other in zip(answer["bars"], full["bars"], strict=True):
                self.assertEqual(bar["count"], other["count"], chart.key)
                readable = self.env[other["list"]["model"]].with_user(self.of_tickets)
                self.assertEqual(bool(bar["list"]), readable.has_access("read"))

    def test_a_chart_names_fields_that_exist(self):
        for page in PAGES.values():
            keys = [chart.key for chart in page.charts]
            self.assertEqual(len(keys), len(set(keys)), page.key)
            for chart in page.charts:
                is_count = isinstance(chart, Chart)
                for source in chart.sources if is_count else [chart.source]:
                    self._check_source(page, chart, source)

    def _check_source(self, page, chart, source):
        records = self.env[source.model]
        for name in (source.date_field, source.operator_field, source.network_field):
            self.assertTrue(name is None or records._fields[name].store, chart.key)
        # Only the network belongs to no operator: all else is filtered by it.
        self.assertTrue(source.operator_field or page.key == "infrastructure")
        records.search_count(list(source.domain))

    def test_bars_by_value_are_in_the_words_of_the_list(self):
        self.everything.lang = "en_US"
        answer = self.statistics.with_user(self.everything).read_chart(
            "orders", "access_by_connection", {"network_ids": self.network.ids}
        )
        labels = [bar["label"] for bar in answer["bars"]]
        self.assertEqual(labels, ["By the operator", "By us", "STOC", "Not told"])

    def test_filters_that_cannot_be_read_are_refused(self):
        read = self.statistics.with_user(self.everything).read_chart
        for wrong in (
            {"date_from": "yesterday"},
            {"date_to": 5},
            {"date_to": "0001-01-01"},
            {"date_from": "9999-12-31"},
            {"operator_ids": [2**40]},
            {"operator_ids": "1 OR 1=1"},
            {"network_ids": ["1"]},
            {"operator_ids": [True]},
            [1],
        ):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                read("orders", "access_by_state", wrong)
        for page, key, split in (
            ("nothing", "access_by_state", None),
            ("orders", "nothing", None),
            ("quality", "late_repair", "create_uid"),
        ):
            with self.subTest(page=page, key=key), self.assertRaises(UserError):
                read(page, key, {}, split)

    def test_marks_are_on_operators_side_by_side_only(self):
        read = self.statistics.with_user(self.everything).read_chart
        equal = read("equal_treatment", "rejected_receipt", {})
        self.assertTrue(all(bar["mark"] for bar in equal["bars"]))
        quality = read("quality", "failed_connection", {}, "operator")
        self.assertFalse(any(bar["mark"] for bar in quality["bars"]))
