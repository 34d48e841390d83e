import base64
import io
import struct
import zlib
from unittest.mock import patch

from PIL import Image

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.pdf import PdfFileReader

from ...models.inventory import pm_plan
from ...models.inventory.pm_plan import plan_pdf
from ..common import InfraCase
from ..map_common import placed

PDF = b"%PDF-1.4\n% plan made by hand\n"


def picture(kind):
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, kind)
    return file.getvalue()


@tagged("post_install", "-at_install")
class TestPmPlan(InfraCase, HttpCase):
    """The plan of a PM: what is read, what is uploaded, who may have it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pm.write({"insee_code": "99001", **placed(46.0, 5.2)})
        cls.pbo.write(placed(46.001, 5.2))
        cls.building.write(
            {
                **placed(46.001, 5.201),
                "street_number": "12",
                "street_number_suffix": "B",
                "street_type": "RUE",
                "street_name": "DES LILAS",
                "dwelling_count": 4,
                "state": "signed",
                "pbo_ids": [Command.set(cls.pbo.ids)],
            }
        )
        cls.net.routes(cls.pbo, 2)
        cls.prdm = cls.net.make(
            "oiconnect.prdm", reference="PRDM-1", **placed(46.1, 5.3)
        )
        cls.net.make(
            "oiconnect.pm.link",
            reference="LNP-1",
            pm_id=cls.pm.id,
            prdm_id=cls.prdm.id,
            length_km=14.5,
        )
        cls.env.flush_all()
        for table in ("pm", "pbo", "building", "pm_link"):
            cls.env.cr.execute(
                f"UPDATE oiconnect_{table} SET last_change_date = '2026-07-01'"
            )
        cls.env.cr.execute(
            "UPDATE oiconnect_pbo SET last_change_date = '2026-07-26' WHERE id = %s",
            [cls.pbo.id],
        )
        cls.env.invalidate_all()

    def text(self, content):
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        return "\n".join(page.extract_text() for page in reader.pages)

    # ------------------------------------------------------------------
    # What is drawn
    # ------------------------------------------------------------------

    def test_what_is_read_of_a_pm(self):
        plan = self.pm._plan_data()
        self.assertEqual(plan.reference, self.pm.reference)
        self.assertEqual(plan.commune, "Ville Exemple (99001)")
        self.assertEqual(plan.date, "26/07/2026")
        [building], [pbo], [link] = plan.buildings, plan.pbos, plan.links
        self.assertEqual(building[2:], ("12B", "RUE DES LILAS", 4, "planned"))
        self.assertEqual(pbo.reference, self.pbo.reference)
        self.assertEqual((link.reference, link.end), ("LNP-1", "PRDM-1"))
        self.assertAlmostEqual(building.x - pbo.x, 77.5, delta=0.5)
        self.assertAlmostEqual(pbo.y - plan.place[1], 111.1, delta=0.5)
        self.assertEqual([one[:] for one in plan.cables], [(*plan.place, *pbo[:2])])
        self.assertEqual([one[:] for one in plan.drops], [(*pbo[:2], *building[:2])])
        counts = {"buildings": 1, "dwellings": 4, "pbos": 1, "cables": 1, "links": 1}
        self.assertEqual((plan.counts, plan.missing), (counts, 0))

    def test_what_is_abandoned_is_not_on_the_plan(self):
        self.building.state = "abandoned"
        plan = self.pm._plan_data()
        self.assertEqual((plan.buildings, plan.drops, plan.missing), ([], [], 0))

    def test_a_number_of_queries_whatever_the_number_of_buildings(self):
        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.pm._plan_data()
            return self.env.cr.sql_log_count - before

        few = queries()
        for rank in range(30):
            values = placed(46.0 + rank / 1e4, 5.2) | {
                "pbo_ids": [Command.set(self.pbo.ids)]
            }
            self.net.building(f"IMB/99001/P/{rank}", pm_id=self.pm.id, **values)
        self.env.flush_all()
        self.assertEqual(queries(), few)
        self.assertLess(few, 15)

    def test_the_plan_is_the_same_for_everyone_and_in_french(self):
        drawn = plan_pdf(self.env, self.pm)
        for lang in ("fr_FR", "en_US"):
            env = self.env(context={"lang": lang, "tz": "Asia/Tokyo"})
            self.assertEqual(plan_pdf(env, self.pm.with_env(env)), drawn)
        for words in ("Plan du PM", "Données du 26/07/2026", "Légende", "LNP-1"):
            self.assertIn(words, self.text(drawn))

    def test_a_plan_is_drawn_once_until_something_changes(self):
        pm_plan._drawn.clear()
        with patch.object(pm_plan.pdf, "draw", wraps=pm_plan.pdf.draw) as draw:
            drawn = plan_pdf(self.env, self.pm)
            self.assertEqual(plan_pdf(self.env, self.pm), drawn)
            self.assertEqual(draw.call_count, 1)
            self.building.dwelling_count = 5
            self.assertNotEqual(plan_pdf(self.env, self.pm), drawn)
            self.assertEqual(draw.call_count, 2)

    # ------------------------------------------------------------------
    # What is uploaded
    # ------------------------------------------------------------------

    def test_an_uploaded_plan_takes_the_place_of_the_drawn_one(self):
        drawn = plan_pdf(self.env, self.pm)
        self.pm.plan_file = base64.b64encode(PDF)
        sizes = self.pm.with_context(bin_size=True)
        self.assertEqual(plan_pdf(sizes.env, sizes), PDF)
        self.pm.plan_file = False
        self.assertEqual(plan_pdf(self.env, self.pm), drawn)

    def test_an_uploaded_picture_becomes_a_pdf(self):
        for kind in ("PNG", "JPEG"):
            self.pm.plan_file = base64.b64encode(picture(kind))
            content = plan_pdf(self.env, self.pm)
            self.assertTrue(content.startswith(b"%PDF-"))

    def test_any_other_file_is_refused(self):
        for content in (b"<svg/>", picture("GIF"), picture("PNG")[:40]):
            with self.assertRaisesRegex(ValidationError, self.pm.reference):
                self.pm.plan_file = base64.b64encode(content)

    def test_a_picture_that_would_fill_the_memory_is_refused(self):
        """Some kB of PNG say that they are a wall of 900 million pixels."""
        wall = _wall(30_000)
        self.assertLess(len(wall), 200_000)
        for write in (
            lambda plan: self.pm.write({"plan_file": plan}),
            lambda plan: self.pm.copy({"reference": "PM-COPIE", "plan_file": plan}),
        ):
            with self.assertRaisesRegex(ValidationError, "million pixels"):
                write(base64.b64encode(wall))

    def test_a_pdf_without_end_is_never_read(self):
        """Its pages are their own parents: it is stored, and given back, as it is."""
        loop = (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
            b"2 0 obj<</Type/Pages/Kids[2 0 R]/Parent 2 0 R/Count 1>>endobj\n"
            b"trailer<</Root 1 0 R/Prev 0>>\nstartxref\n0\n%%EOF"
        )
        self.pm.plan_file = base64.b64encode(loop)
        self.assertEqual(plan_pdf(self.env, self.pm), loop)

    # ------------------------------------------------------------------
    # Who has it
    # ------------------------------------------------------------------

    def download(self, *groups, **values):
        names = ",".join(f"oiconnect_base.group_{group}" for group in groups)
        login = "-".join(groups)
        user = new_test_user(self.env, login, names, **values)
        shown = self.env["oiconnect.pm"].with_user(user).get_view(view_type="form")
        self.authenticate(login, login)
        url = self.pm.action_plan()["url"]
        return self.url_open(url), "action_plan" in shown["arch"]

    def test_who_reads_the_network_downloads_the_plan(self):
        for groups in (("infra_read",), ("access_read",)):
            with self.subTest(groups):
                answer, is_shown = self.download(*groups)
                self.assertEqual(answer.status_code, 200)
                self.assertEqual(answer.content, plan_pdf(self.env, self.pm))
                self.assertEqual(answer.headers["Content-Type"], "application/pdf")
                name = f"plan-{self.pm.reference}.pdf"
                self.assertIn(name, answer.headers["Content-Disposition"])
                self.assertTrue(is_shown)

    def test_who_reads_no_buildings_has_no_plan(self):
        answer, is_shown = self.download("link_read")
        self.assertEqual((answer.status_code, is_shown), (403, False))

    def test_a_plan_of_another_company_is_not_disclosed(self):
        other = self.env["res.company"].create({"name": "Autre société"})
        companies = {"company_id": other.id, "company_ids": other.ids}
        answer, _is_shown = self.download("infra_read", **companies)
        # As a PM that does not exist
        self.assertEqual(answer.status_code, 404)

    def test_a_pm_that_is_not_there(self):
        self.env.flush_all()
        new_test_user(self.env, "lecteur", "oiconnect_base.group_infra_read")
        self.authenticate("lecteur", "lecteur")
        self.assertEqual(self.url_open("/oiconnect/pm/0/plan.pdf").status_code, 404)


def _wall(side):
    """Return a PNG of one colour, made line by line: its pixels need no memory here."""
    lines = zlib.compressobj(9)
    line = bytes(1 + side // 8)
    data = b"".join([*(lines.compress(line) for _n in range(side)), lines.flush()])
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in parts
    )
