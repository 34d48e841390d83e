from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ...geo.grid import (
    DEEPEST,
    FINEST,
    LEVELS,
    MAX_CELLS,
    CellRange,
    per_degree,
    snapped,
    stored,
)

# Halves of the smallest numbers are zero: no place on Earth is known so well.
latitudes = st.floats(-90, 90, allow_subnormal=False)
longitudes = st.floats(-180, 180, allow_subnormal=False)


class TestMapGrid(BaseCase):
    @given(latitudes, latitudes, longitudes, longitudes, st.integers(0, 19))
    @settings(max_examples=300, deadline=None)
    def test_the_box_holds_the_viewport(self, a, b, c, d, zoom):
        south, north = sorted((a, b))
        west, east = sorted((c, d))
        box = snapped((south, west, north, east), zoom)
        low, left, high, right = box.bounds
        self.assertTrue(low <= south and north < high)
        self.assertTrue(left <= west and east < right)
        self.assertLessEqual(box.size, MAX_CELLS)

    @given(st.integers(0, DEEPEST), st.integers(-90 * 4, 90 * 4))
    @settings(max_examples=300, deadline=None)
    def test_borders_are_exact(self, level, border):
        """A point on the border is in the upper cell, the one just below is not."""
        number = per_degree(level)
        degrees = border / number
        self.assertEqual(degrees * number, border)

    def test_a_screen_has_some_hundred_cells(self):
        # 1400 × 900 pixels at latitude 46
        for zoom in range(4, 19):
            width = 1400 * 360 / 256 / 2**zoom
            height = 900 * 360 / 256 / 2**zoom * 0.695
            box = snapped((46, 5, 46 + height, 5 + width), zoom)
            self.assertGreater(box.size, 60, zoom)
            self.assertLessEqual(box.size, MAX_CELLS, zoom)
            self.assertGreaterEqual(box.level, zoom - 1, zoom)

    def test_a_finer_box_is_the_same_place(self):
        box = snapped((45.9, -1.3, 46.1, 5.4), 9)
        self.assertEqual(box.at(15).bounds, box.bounds)
        self.assertEqual(box.at(9), box)

    def test_a_coarser_box_holds_it(self):
        box = CellRange(9, 367, -11, 369, 43)
        self.assertEqual(box.coarser(), CellRange(8, 183, -6, 184, 21))

    def test_a_world_that_turns_around_is_one_world(self):
        box = snapped((-100, -900, 100, 900), 0)
        low, left, high, right = box.bounds
        self.assertTrue(low <= -90 and high > 90 and left <= -180 and right > 180)

    def test_a_level_is_added_up_from_the_next_finer_one(self):
        for level in range(FINEST + 1):
            self.assertIn(stored(level), LEVELS)
            self.assertGreaterEqual(stored(level), level)
            self.assertLessEqual(stored(level) - level, 1 if level > 3 else 5)

    def test_zooms_out_of_range(self):
        self.assertEqual(snapped((46, 5, 46, 5), -3).level, 0)
        self.assertEqual(snapped((46, 5, 46, 5), 99).level, DEEPEST)
