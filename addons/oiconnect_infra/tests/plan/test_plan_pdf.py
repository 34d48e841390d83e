import io
import os
import re
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path
from random import Random
from unittest.mock import patch

from PIL import Image

from odoo.tests import BaseCase
from odoo.tools.pdf import PdfFileReader

from ...plan import data, pdf
from .sample import WORDS, plan_of

ADDON = Path(__file__).parents[2]
GOLDEN = Path(__file__).with_name("golden.txt")
# Draws in a process that knows nothing of Odoo, and tells the digest of the file
OTHER_PROCESS = """
import hashlib, sys
sys.path[:0] = sys.argv[1:]
from plan import data, pdf
from sample import WORDS, plan_of
print(hashlib.sha256(pdf.draw(plan_of(data, 200), WORDS)).hexdigest())
"""


class Recorded(pdf.Canvas):
    """Canvas that keeps what is drawn on each page, before it is compressed."""

    pages = ()

    def showPage(self):  # noqa: N802
        # Letters that are no ASCII have another code in each version of reportlab.
        page = re.sub(r"\\\d{3}", "?", "\n".join(self._code))
        Recorded.pages = (*Recorded.pages, page)
        return super().showPage()


def mixed(plan):
    """The same plan, of lists in another order."""
    order = Random(7)
    names = ("buildings", "pbos", "cables", "drops", "links")
    lists = {name: getattr(plan, name) for name in names}
    return replace(
        plan, **{name: order.sample(one, len(one)) for name, one in lists.items()}
    )


def read(content):
    return PdfFileReader(io.BytesIO(content), strict=False)


class TestPlanPdf(BaseCase):
    def texts(self, plan):
        reader = read(pdf.draw(plan, WORDS))
        return [page.extract_text() for page in reader.pages]

    # ------------------------------------------------------------------
    # Same data, same bytes
    # ------------------------------------------------------------------

    def test_the_order_of_rows_changes_no_byte(self):
        plan = plan_of(data, 200)
        self.assertEqual(pdf.draw(mixed(plan), WORDS), pdf.draw(plan, WORDS))

    def test_other_processes_at_other_places_draw_the_same_bytes(self):
        digests = set()
        for seed, zone, words in (("1", "UTC", "C"), ("2", "Asia/Tokyo", "C.UTF-8")):
            command = [sys.executable, "-c", OTHER_PROCESS, str(ADDON)]
            found = subprocess.run(
                [*command, str(Path(__file__).parent)],
                env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": words},
                capture_output=True,
                text=True,
                check=True,
            )
            digests.add(found.stdout)
        self.assertEqual(len(digests), 1)

    def test_what_is_drawn_is_the_golden_file(self):
        """To renew it: delete it, run the test, look at the PDF, and commit it."""
        Recorded.pages = ()
        with patch.object(pdf, "Canvas", Recorded):
            pdf.draw(plan_of(data, 8), WORDS)
        [page] = Recorded.pages
        if not GOLDEN.exists():
            GOLDEN.write_text(f"{page}\n")
            self.fail("the golden file was missing: it is written, look at it")
        self.assertEqual(f"{page}\n", GOLDEN.read_text())

    # ------------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------------

    def test_a_page_tells_its_title_block_legend_and_labels(self):
        [page] = self.texts(plan_of(data, 8, missing=3))
        for words in (
            *(f"<{key}>" for key in WORDS if key not in ("sector", "sector_frame")),
            "OICN-99001-0042",
            "Réseau Exemple",
            "Ville Exemple (99001)",
            "26/07/2026",
            "1 / 1",
            "PBO-99-001-0001",
            "OICN-PRDM-1 (4,2 km)",
        ):
            if words != "<left_out>":
                self.assertIn(words, page)

    def test_each_sector_tells_its_name_and_all_its_references(self):
        plan = plan_of(data, 600)
        overview, *details = self.texts(plan)
        for rank, page in enumerate(details, 1):
            self.assertIn(f"<sector> S{rank}", page)
            self.assertIn(f"S{rank}", overview)
            self.assertIn(f"{rank + 1} / {len(details) + 1}", page)
        for pbo in plan.pbos:
            self.assertTrue(any(pbo.reference[-4:] in page for page in details))

    def test_labels_that_find_no_room_are_counted(self):
        tower = [data.Building(5.0, 5.0, str(r), "", 1, "planned") for r in range(90)]
        [page] = self.texts(plan_of(data, 1, buildings=tower, pbos=[], drops=[]))
        self.assertIn("<left_out>", page)

    def test_a_pm_without_any_place_still_has_its_title_block(self):
        nothing = dict.fromkeys(("buildings", "pbos", "cables", "drops", "links"), [])
        [page] = self.texts(plan_of(data, 1, place=None, missing=4, **nothing))
        self.assertIn("<missing> 4", page)

    def test_a_picture_becomes_a_page_the_same_each_time(self):
        for kind in ("JPEG", "PNG"):
            file = io.BytesIO()
            Image.new("RGB", (40, 30), "red").save(file, kind)
            found = pdf.picture(file.getvalue(), "Plan", "Réseau")
            self.assertEqual(len(read(found).pages), 1)
            self.assertEqual(found, pdf.picture(file.getvalue(), "Plan", "Réseau"))

    # ------------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------------

    def test_two_thousand_buildings_in_a_second_and_a_half(self):
        plan = plan_of(data, 2000)
        # What else the machine does may spoil a try.
        for _try in range(3):
            start = time.process_time()
            content = pdf.draw(plan, WORDS)
            took = time.process_time() - start
            if took < 1.5:
                break
        self.assertLess(took, 1.5)
        self.assertLess(len(content), 1_500_000)

    def test_two_thousand_buildings_take_little_memory(self):
        plan = plan_of(data, 2000)
        pdf.draw(plan_of(data, 2), WORDS)
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        pdf.draw(plan, WORDS)
        self.assertLess(tracemalloc.get_traced_memory()[1], 30_000_000)
