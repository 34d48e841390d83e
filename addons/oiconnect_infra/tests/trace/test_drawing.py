from lxml import etree

from odoo.tests import BaseCase

from ...optical import drawing, shapes
from ...optical.hop import Colour, Flaw, Hop, Line

LABELS = {"position": "Position", "fibre": "Câble", "pbo": "PBO", "pto": "Prise"}
RED, BLUE = Colour("ROUGE", "#dc2626", "tube ROUGE"), Colour("BLEU", "#2563eb", "BLEU")
UNPATCHED = Flaw("not_patched", "Non brassée", "La position P1 n'est pas brassée.",
                 is_mild=True)  # fmt: skip
NO_SPLICE = Flaw("missing_splice", "Épissure", "L'épissure manque.", "x", 1)


def line(number=1, flaws=(), pbo=1, **values):
    """Return a path over one cable: position, fibre, PBO, PTO."""
    hops = [
        Hop("position", "Position", f"P{number}", model="position", id=number),
        Hop(
            "fibre",
            "Fibre",
            "CB-1",
            model="fibre",
            id=number,
            tube=RED,
            fibre=BLUE,
            length=1250,
        ),  # fmt: skip
        Hop("pbo", "PBO", "PBO-1", model="pbo", id=pbo),
        Hop("pto", "Prise", f"ZZ-{number}", model="pto", id=number),
    ]
    title = values.pop("title", f"R{number}")
    return Line(title, "Alpha · Utilisée", hops, list(flaws), "route", number)


def texts(svg):
    root = etree.fromstring(str(svg))
    found = root.iterfind(".//{http://www.w3.org/2000/svg}text")
    return ["".join(text.itertext()) for text in found]


class TestDrawing(BaseCase):
    """Paths as SVG: what is written, what is shared, what is marked."""

    def draw(self, *lines):
        return drawing.draw(list(lines), LABELS, "Vous êtes ici")

    def test_a_path_tells_its_parts_its_colours_and_its_length(self):
        found = texts(self.draw(line()))
        for text in ("P1", "CB-1", "tube ROUGE", "BLEU", "1\u202f250 m", "ZZ-1"):
            self.assertIn(text, found)

    def test_neighbours_share_the_box_of_their_pbo(self):
        both = self.draw(line(1), line(2))
        self.assertEqual(texts(both).count("PBO-1"), 1)
        apart = self.draw(line(1, pbo=1), line(2, pbo=2))
        self.assertEqual(texts(apart).count("PBO-1"), 2)

    def test_what_is_missing_stays_in_its_row_alone(self):
        """A gap of one row is not the gap of the next, even at the same record."""
        rows = [line(1), line(2)]
        for row in rows:
            row.hops[2] = Hop("pbo", "Manquant", "Aucun PBO", model="x", id=1,
                              flaw=NO_SPLICE)  # fmt: skip
        self.assertEqual(texts(self.draw(*rows)).count("⚠ Aucun PBO"), 2)

    def test_one_is_written_once_where_one_is(self):
        rows = [line(1), line(2)]
        for row in rows:
            row.hops[0].is_here = True
        svg = self.draw(*rows)
        self.assertEqual(texts(svg).count("● Vous êtes ici"), 1)
        self.assertEqual(str(svg).count(f"stroke='{shapes.HERE}'"), 2)

    def test_nothing_to_draw(self):
        root = etree.fromstring(str(self.draw()))
        self.assertGreaterEqual(float(root.get("width")), drawing.NARROWEST)

    def test_an_unknown_colour_is_grey_and_named(self):
        row = line()
        row.hops[1].tube = Colour("FUCHSIA", None, "tube FUCHSIA")
        svg = self.draw(row)
        self.assertIn("tube FUCHSIA", texts(svg))
        self.assertIn(shapes.UNKNOWN, str(svg))

    def test_what_is_only_left_to_do_shares_one_row(self):
        serious = line(1, [NO_SPLICE])
        mild = line(1, [UNPATCHED, UNPATCHED])
        height = drawing.lay_out([line()]).height
        for row in (serious, mild):
            self.assertEqual(drawing.lay_out([row]).height, height + drawing.FLAW_ROW)

    # ------------------------------------------------------------------

    def test_each_page_holds_what_fits(self):
        rows = [line(number) for number in range(1, 12)]
        pages = drawing.paged(rows, 0.58)
        self.assertEqual([row for page, _share in pages for row in page], rows)
        for page, share in pages:
            layout = drawing.lay_out(page)
            self.assertLessEqual(layout.height, 0.58 * layout.width / share)

    def test_pages_are_of_one_scale(self):
        """A short path is not blown up to the width of the page."""
        short = Line("R2", "", line(2).hops[:1], [], "route", 2)
        [(_long, whole)] = drawing.paged([line()], 0.58)
        [(_both, same)] = drawing.paged([line(), short], 0.58)
        self.assertEqual(whole, same)
        [(_short, share)] = drawing.paged([short], 0.58)
        self.assertLess(share, whole + 0.2)
        self.assertEqual(drawing.paged([], 0.58), [])

    def test_a_path_higher_than_a_page_has_its_own(self):
        rows = [line(1), line(2, [NO_SPLICE] * 60), line(3)]
        self.assertEqual([len(page) for page, _ in drawing.paged(rows, 0.3)], [1, 1, 1])


class TestShapes(BaseCase):
    """Texts that fit their box: nothing runs into its neighbour."""

    def test_a_long_name_is_shortened_in_its_middle(self):
        self.assertEqual(shapes.fit("PBO-01", 200, 11), "PBO-01")
        short = shapes.fit("PBO-01-007-001-0050-BIS", 80, 11)
        self.assertTrue(short.startswith("PBO"))
        self.assertTrue(short.endswith("BIS"))
        self.assertIn("…", short)
        self.assertEqual(shapes.fit(None, 80, 11), "")

    def test_a_sentence_loses_its_end(self):
        self.assertTrue(
            shapes.cut("Aucune prise n'est raccordée", 60, 11).endswith("…")
        )
        self.assertEqual(shapes.cut("court", 60, 11), "court")

    def test_a_name_on_two_lines_is_cut_at_a_sign(self):
        lines = shapes.two_lines("PBO-01-007-001-0050", 130, 11)
        self.assertEqual(lines, ["PBO-01-007-001-", "0050"])
        self.assertEqual(shapes.two_lines("PBO-01", 115, 11), ["PBO-01"])

    def test_thousands_are_separated(self):
        self.assertEqual(shapes.metres(865), "865 m")
        self.assertEqual(shapes.metres(12865.4), "12\u202f865 m")

    def title(self, width):
        svg = shapes.row_title(0, 0, width, line(title="OICN-99001-0001 / T5 / D07"))
        return str(svg)

    def test_details_of_a_path_go_below_where_there_is_no_room(self):
        for width, below in ((600, False), (260, True)):
            with self.subTest(width):
                svg = self.title(width)
                self.assertEqual("dy='14'" in svg, below)
                for text in ("OICN-99001-0001 / T5 / D07", "Alpha · Utilisée · 1"):
                    self.assertIn(text, svg)

    def test_few_words_where_the_sentences_have_no_room(self):
        flaws = [UNPATCHED, Flaw("no_pto", "Pas de prise", "Aucune prise n'est "
                                 "raccordée à R1.", is_mild=True)]  # fmt: skip
        wide, narrow = (str(shapes.mild_line(0, 0, w, flaws)) for w in (700, 300))
        self.assertIn("○ La position P1", wide)
        self.assertIn("○ Non brassée · Pas de prise", narrow)

    def test_names_are_no_markup(self):
        row = line(title="<b>R&'1")
        self.assertIn("&lt;b&gt;R&amp;", str(shapes.row_title(0, 0, 600, row)))
