from itertools import combinations
from math import hypot

import hypothesis.strategies as st
from hypothesis import given, settings
from pyproj import Geod

from odoo.tests import BaseCase

from ...plan import data, scale, symbols
from ...plan.assemble import assemble
from ...plan.labels import Placer
from ...plan.scale import Box
from ...plan.sectors import split
from ...plan.sheets import MAP, is_dense, sheets
from .sample import plan_of

STEPS = (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 7.5)
SCALES = [step * 10**power for power in range(2, 8) for step in STEPS]
lengths = st.floats(0, 60_000)
metres = st.integers(-20_000_00, 20_000_00).map(lambda value: value / 100)
places = st.tuples(metres, metres)
clusters = st.tuples(places, st.integers(1, 40), st.floats(0, 300))


@st.composite
def objects(draw):
    """Some hamlets, some of them at one place."""
    found = []
    for (x, y), count, step in draw(st.lists(clusters, max_size=8)):
        found += [(x + rank % 7 * step, y + rank // 7 * step) for rank in range(count)]
    return found


def many(found):
    return len(found) > 12


class TestPlanScale(BaseCase):
    @given(lengths, lengths)
    @settings(deadline=None)
    def test_the_largest_round_scale_at_which_all_fits(self, width, height):
        box = Box(100, -50, 100 + width, -50 + height)
        found = scale.view_of(box, MAP, 20)
        shown = found.paper_box(box)
        self.assertTrue(_fits(shown, MAP.grown(-20 + 0.02)))
        rank = SCALES.index(found.denominator)
        if found.denominator > scale.SMALLEST:
            larger = scale.View(box.centre, SCALES[rank - 1], MAP)
            self.assertFalse(_fits(larger.paper_box(box), MAP.grown(-20)))

    @given(st.integers(250, 1_000_000), st.floats(40, 400))
    def test_the_bar_is_round_and_fills_its_room(self, denominator, room):
        length, parts = scale.bar_length(denominator, room)
        on_paper = length * 1000 * scale.MM / denominator
        self.assertLessEqual(on_paper, room * (1 + 1e-9))
        self.assertGreater(on_paper, room / 2.51)
        self.assertIn(f"{length:e}"[0], "125")
        self.assertIn(parts, (4, 5))

    def test_the_ground_is_in_true_metres_to_the_north(self):
        geod, ground = Geod(ellps="WGS84"), data.Plane(46.2, 5.2)
        for latitude, longitude in ((46.25, 5.2), (46.2, 5.3), (46.1, 5.05)):
            angle, _back, distance = geod.inv(5.2, 46.2, longitude, latitude)
            x, y = ground.near(latitude, longitude)
            self.assertAlmostEqual(hypot(x, y) / distance, 1, delta=2e-3)
            with self.subTest(angle):
                self.assertEqual(x > 1, longitude > 5.2)
                self.assertEqual(y > 1, latitude > 46.2)

    def test_what_has_no_place_or_is_far_away_is_not_near(self):
        ground = data.Plane(46.2, 5.2)
        self.assertIsNone(ground.near(0, 0))
        self.assertIsNone(ground.near(48.85, 2.35))
        self.assertTrue(ground.place(48.85, 2.35))


class TestPlanSectors(BaseCase):
    @given(objects())
    @settings(deadline=None)
    def test_each_object_is_in_one_sector_that_its_page_holds(self, found):
        sectors = split(found, many)
        shared = sorted(one for sector in sectors for one in sector.objects)
        self.assertEqual(shared, sorted(found))
        for sector in sectors:
            self.assertTrue(all(sector.box.holds(*one) for one in sector.objects))
            if many(sector.objects):
                self.assertEqual(len(set(sector.objects)), 1)
        for one, other in combinations(sectors, 2):
            self.assertFalse(one.box.meets(other.box), (one.box, other.box))

    @given(objects(), st.randoms(use_true_random=False))
    @settings(deadline=None)
    def test_the_order_of_objects_changes_nothing(self, found, order):
        mixed = order.sample(found, len(found))
        self.assertEqual(split(mixed, many), split(found, many))

    def test_hamlets_stay_whole(self):
        hamlets = [
            [(x + rank, y + rank % 3) for rank in range(8)]
            for x, y in ((0, 0), (900, 30), (2000, -40))
        ]
        found = split([one for hamlet in hamlets for one in hamlet], many)
        self.assertEqual(
            [sector.objects for sector in found], list(map(sorted, hamlets))
        )

    def test_a_small_plan_is_one_page_and_a_large_one_an_overview_and_sectors(self):
        [page] = sheets(plan_of(data, 30))
        self.assertTrue(page.is_detailed)
        overview, *details = sheets(plan_of(data, 600))
        self.assertFalse(overview.is_detailed)
        self.assertEqual(len(details), len(overview.sectors))
        for rank, page in enumerate(details):
            self.assertEqual((page.shown, page.number), (rank, rank + 2))
            self.assertFalse(is_dense(page.sector.objects))
            self.assertLessEqual(page.view.denominator, overview.view.denominator)

    def test_a_plan_of_nothing_is_a_page(self):
        empty = {"place": None, "buildings": [], "pbos": [], "links": []}
        [page] = sheets(plan_of(data, 1, cables=[], drops=[], **empty))
        self.assertEqual(page.sectors, [])

    def test_a_tower_is_no_reason_to_cut_for_ever(self):
        tower = [data.Building(5.0, 5.0, str(r), "", 1, "deployed") for r in range(500)]
        self.assertEqual(len(sheets(plan_of(data, 1, buildings=tower, pbos=[]))), 1)


class TestPlanLabels(BaseCase):
    @given(
        st.lists(
            st.tuples(
                st.floats(0, 300), st.floats(0, 200), st.floats(1, 8), st.floats(4, 90)
            ),
            max_size=60,
        )
    )
    @settings(deadline=None)
    def test_labels_overlap_nothing_and_stay_in_the_frame(self, wanted):
        frame = Box(0, 0, 300, 200)
        placer = Placer(frame)
        symbols_drawn = [Box(x, y, x, y).grown(radius) for x, y, radius, _ in wanted]
        for box in symbols_drawn:
            placer.block(box)
        placed = []
        for x, y, radius, width in wanted:
            found = placer.place(x, y, radius, [(width, 9), (width / 2, 9)])
            if found:
                placed.append(found[1])
        for box in placed:
            self.assertTrue(_fits(box, frame))
            self.assertFalse(any(box.meets(other) for other in symbols_drawn))
        for one, other in combinations(placed, 2):
            self.assertFalse(one.meets(other))

    def test_a_shorter_form_beside_the_object_before_a_long_one_far_away(self):
        placer = Placer(Box(0, 0, 60, 60))
        rank, box = placer.place(30, 30, 2, [(90, 9), (20, 9)])
        self.assertEqual(rank, 1)
        self.assertLess(box.left - 30, 4)
        self.assertIsNone(placer.place(30, 30, 2, [(70, 9)]))


class TestPlanTree(BaseCase):
    @given(st.lists(places, max_size=30))
    @settings(deadline=None)
    def test_a_cable_reaches_all_its_ends_and_is_no_longer_than_a_star(self, ends):
        start = (0.0, 0.0)
        segments = data.tree(start, ends)
        reached = {start}
        for segment in segments:
            self.assertIn(segment[:2], reached)
            reached.add(segment[2:])
        self.assertEqual(reached, {start, *ends})
        self.assertEqual(len(segments), len(reached) - 1)
        whole = sum(hypot(s.x2 - s.x1, s.y2 - s.y1) for s in segments)
        self.assertLessEqual(whole, sum(hypot(*end) for end in ends) + 1e-3)

    def test_a_cable_of_a_thousand_ends_takes_no_minutes(self):
        ends = [(float(rank % 40), float(rank // 40)) for rank in range(1, 1000)]
        self.assertEqual(len(data.tree((0.0, 0.0), ends)), 999)


class TestPlanAssemble(BaseCase):
    def head(self, **values):
        return {
            "reference": "OICN-99001-0042",
            "network": "Réseau Exemple",
            "commune": "–",
            "latitude": 46.2,
            "longitude": 5.2,
            "changed": None,
        } | values

    def pbo(self, number, **values):
        row = {"id": number, "reference": f"PBO-{number}", "changed": None}
        return row | {"latitude": 46.2, "longitude": 5.2 + number / 1000} | values

    def plan(self, head, pbos, cables=()):
        return assemble(head, pbos, [], [], cables, [])

    def test_a_pm_that_is_said_to_be_elsewhere_draws_nothing_away(self):
        pbos = [self.pbo(number) for number in range(3)]
        plan = self.plan(self.head(latitude=48.85), pbos)
        self.assertIsNone(plan.place)
        self.assertEqual((len(plan.pbos), plan.missing), (3, 1))

    def test_a_plan_without_dates_or_places(self):
        plan = self.plan(self.head(latitude=0.0), [self.pbo(1, latitude=None)])
        self.assertEqual((plan.date, plan.place, plan.missing), ("–", None, 2))

    def test_where_cables_start(self):
        pbos = [self.pbo(number) for number in range(1, 4)]
        first = {"is_first": True, "starts": [], "ends": [1]}
        spliced = {"is_first": False, "starts": [1], "ends": [2, 3]}
        plan = self.plan(self.head(), pbos, [first, spliced])
        one, two, three = (pbo[:2] for pbo in plan.pbos)
        self.assertEqual(
            sorted((segment[:2], segment[2:]) for segment in plan.cables),
            sorted([(plan.place, one), (one, two), (two, three)]),
        )
        lost = self.plan(self.head(latitude=0.0), pbos, [first | {"ends": [1, 2]}])
        self.assertEqual(len(lost.cables), 1)


class TestPlanSymbols(BaseCase):
    def test_inks_are_read_on_white_in_grey_print(self):
        for name in (
            "PM",
            "PBO",
            "BUILDING",
            "CABLE",
            "DROP",
            "LINK",
            "SECTOR",
            "GREY",
        ):
            with self.subTest(name):
                self.assertGreater(_contrast(getattr(symbols, name)), 4.5)

    def test_no_two_lines_are_dashed_alike(self):
        dashes = {dash for _colour, _width, dash in symbols.LINES.values()}
        self.assertEqual(len(dashes), len(symbols.LINES))


def _fits(box, frame):
    return box.within(frame) == box


def _contrast(colour):
    """Return the contrast of a colour with white, as the WCAG defines it."""
    parts = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.rgb()
    )
    light = sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
    return 1.05 / (light + 0.05)
