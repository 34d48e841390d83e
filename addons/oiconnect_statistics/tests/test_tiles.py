from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.oiconnect_base.time_zone import local_today

from ..charts import PAGES, TILES, Duration, Filters, Rate
from .common import EVERY_KIND, StatisticsCase

STATISTICS = "oiconnect_base.group_statistics_read"


@tagged("post_install", "-at_install")
class TestTiles(StatisticsCase):
    """Each number on a tile is that of the list that it opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.readers = [cls._reader("tuile_rien")]
        cls.readers += [cls._reader(f"tuile_{kind}", kind) for kind in EVERY_KIND]
        cls.everything = cls._reader("tuile_tout", *EVERY_KIND)
        cls.readers.append(cls.everything)

    @classmethod
    def _reader(cls, login, *kinds):
        groups = [STATISTICS, *(f"oiconnect_base.group_{one}_read" for one in kinds)]
        return new_test_user(cls.env, login, ",".join(groups))

    def _tiles(self, user, page, filters):
        found = self.statistics.with_user(user).read_tiles(page, filters)
        return found["tiles"]

    def _found(self, user, lead):
        records = self.env[lead["model"]].with_user(user)
        return records.with_context(active_test=False).search(lead["domain"])

    def _check(self, user, tile, numbers):
        """Compare the numbers of a tile with the lists that they open."""
        figure = tile.figure
        readable = self.env[tile.source.model].with_user(user).has_access("read")
        self.assertEqual(bool(numbers["list"]), readable)
        self.assertEqual(bool(numbers["total_list"]), readable)
        if not readable:
            return
        some, all_ = (
            self._found(user, numbers[name]) for name in ("list", "total_list")
        )
        count, total = len(some), len(all_)
        if isinstance(figure, Rate) and figure.sums:
            total = sum(all_.mapped(figure.sums[0]))
            count = sum(some.mapped(figure.sums[1]))
        self.assertEqual((numbers["count"], numbers["total"]), (count, total))
        if isinstance(figure, Rate):
            share = 100 * count / total if total else None
            self.assertEqual(numbers["value"], share)
        elif isinstance(figure, Duration):
            lasted = self._lasted(figure, some)
            self._assert_percentile(numbers["value"], lasted, 0.5)
            self._assert_percentile(numbers["p95"], lasted, 0.95)
        else:
            self.assertEqual(numbers["value"], count)

    def test_each_number_on_a_tile_is_that_of_its_list_for_every_reader(self):
        values = 0
        for user in self.readers:
            for filters in self._filter_sets():
                for page in PAGES.values():
                    for drawn in self._tiles(user, page.key, filters):
                        tile = TILES[drawn["key"]]
                        with self.subTest(tile.key, user=user.login, filters=filters):
                            self._check(user, tile, drawn)
                            self.assertTrue(drawn["before"])
                            self._check(user, tile, drawn["before"])
                            values += drawn["count"]
        self.assertGreater(values, 1000)

    def test_each_page_has_tiles_and_the_home_page_four(self):
        for page in PAGES.values():
            tiles = self._tiles(self.everything, page.key, {})
            self.assertEqual(
                [one["key"] for one in tiles], [one.key for one in page.tiles]
            )
            self.assertEqual(len(tiles), 4)
        home = self.statistics.with_user(self.everything).read_home_tiles()
        self.assertEqual(len(home["tiles"]), 4)
        for drawn in home["tiles"]:
            self._check(self.everything, TILES[drawn["key"]], drawn)

    def test_who_may_not_read_the_records_has_the_same_numbers(self):
        nothing, everything = self.readers[0], self.everything
        for page in PAGES:
            for one, other in zip(
                self._tiles(nothing, page, {}),
                self._tiles(everything, page, {}),
                strict=True,
            ):
                self.assertEqual(one["value"], other["value"])

    def test_all_tiles_of_a_page_are_counted_by_one_statement(self):
        statistics, filters = self.statistics, self.statistics._filters({})

        def statements(tiles):
            before = self.env.cr.sql_log_count
            statistics._read_tiles(tiles, filters)
            return self.env.cr.sql_log_count - before

        tiles = PAGES["quality"].tiles
        statements(tiles)
        self.assertEqual(statements(tiles), statements(tiles[:1]))

    def test_without_the_right_there_is_no_tile(self):
        other = new_test_user(
            self.env, "tuile_sans", "oiconnect_base.group_access_manager"
        )
        statistics = self.statistics.with_user(other)
        for read in (
            lambda: statistics.read_tiles("orders"),
            statistics.read_home_tiles,
            lambda: statistics.read_home_chart("orders", "access_by_state"),
            lambda: statistics.pin("orders", "access_by_state"),
        ):
            with self.assertRaises(AccessError):
                read()

    def test_the_period_before_is_as_long(self):
        today = date(2026, 3, 10)
        for (first, last), expected in (
            # Whole months, and the same part of a month that runs
            (("2026-02-01", "2026-02-28"), ("2026-01-01", "2026-01-31")),
            (("2026-03-01", None), ("2026-02-01", "2026-02-10")),
            (("2025-04-01", None), ("2024-04-01", "2025-03-10")),
            (("2026-01-01", "2026-12-31"), ("2025-10-01", "2025-12-10")),
            (("2026-03-04", "2026-03-10"), ("2026-02-25", "2026-03-03")),
            ((None, None), (None, "2026-02-10")),
        ):
            days = [day and date.fromisoformat(day) for day in (first, last)]
            before = Filters(*days).before(today)
            found = tuple(
                day and day.isoformat() for day in (before.date_from, before.date_to)
            )
            self.assertEqual(found, expected)
        self.assertIsNone(Filters(date(2026, 4, 1)).before(today))

    def test_days_to_come_have_no_trend(self):
        tomorrow = (local_today() + timedelta(days=1)).isoformat()
        for page in PAGES:
            for drawn in self._tiles(self.everything, page, {"date_from": tomorrow}):
                self.assertFalse(drawn["before"])
                self.assertFalse(drawn["count"])

    # ------------------------------------------------------------------
    # Goals
    # ------------------------------------------------------------------

    def _goal(self, key):
        [drawn] = [
            one
            for one in self._tiles(self.everything, "quality", {})
            if one["key"] == key
        ]
        return drawn["goal"]

    def test_a_goal_is_shown_once_it_is_set_and_is_of_the_company(self):
        goals = self.env["oiconnect.statistics.goal"]
        self.assertIs(self._goal("late_gtr"), False)
        goals.create({"tile": "late_gtr", "value": 1, "company_id": self.stranger.id})
        self.assertIs(self._goal("late_gtr"), False)
        goal = goals.create({"tile": "late_gtr", "value": 0})
        self.assertEqual((self._goal("late_gtr"), goal.unit), (0.0, "%"))
        self.assertIs(self._goal("time_to_repair"), False)
        goal.unlink()
        self.assertIs(self._goal("late_gtr"), False)

    def test_goals_are_set_by_administrators(self):
        goals = self.env["oiconnect.statistics.goal"]
        administrator = new_test_user(self.env, "tuile_but", "base.group_system")
        with Form(goals.with_user(administrator)) as form:
            form.tile, form.value = "time_to_repair", 8.5
        self.assertEqual(self._goal("time_to_repair"), 8.5)
        with self.assertRaises(AccessError):
            form.record.with_user(self.everything).value = 9

    # ------------------------------------------------------------------
    # Home page
    # ------------------------------------------------------------------

    def test_a_chart_is_put_on_the_home_page_of_its_user_only(self):
        statistics = self.statistics.with_user(self.everything)
        filters = {"operator_ids": self.rival.ids}
        self.assertEqual(
            statistics.pin("orders", "access_by_state", filters), ["access_by_state"]
        )
        block = self._charts_block(self.everything)
        [chart] = block["more"]["charts"]
        self.assertEqual((chart["page"], chart["key"]), ("orders", "access_by_state"))
        shown = statistics.read_home_chart("orders", "access_by_state")
        usual = statistics.read_page("orders")["filters"]
        self.assertEqual(
            shown, statistics.read_chart("orders", "access_by_state", usual | filters)
        )
        self.assertIsNone(self._charts_block(self.readers[0]))
        self.assertEqual(statistics.pin("orders", "access_by_state"), [])
        self.assertIsNone(self._charts_block(self.everything))

    def _charts_block(self, user):
        blocks = self.env["oiconnect.home"].with_user(user).page()["blocks"]
        return next((block for block in blocks if block["key"] == "charts"), None)
