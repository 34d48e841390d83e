import io

import openpyxl
from lxml.html import fromstring

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..charts import PAGES
from ..models.scheduled_report import PATHS, PREFIX
from .common import StatisticsCase

GROUP = "oiconnect_base.group_statistics_read"
SENDING = "odoo.addons.oiconnect_base.models.reports.scheduled_report_send"


@tagged("post_install", "-at_install")
class TestScheduledStatistics(StatisticsCase):
    """Each page of statistics by mail: the numbers of the screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = new_test_user(
            cls.env,
            "stat_mail",
            GROUP,
            email="stat@oicn.example.com",
            lang="fr_FR",
        )
        cls.report = cls.env["oiconnect.scheduled.report"].create(
            {
                "name": "Essai",
                "report": f"{PREFIX}sav",
                "user_id": cls.person.id,
            }
        )

    def _send(self, page):
        self.report.report = f"{PREFIX}{page}"
        self.report._send()
        self.assertFalse(self.report.error)
        return self.report.mail_id

    def _read(self, page):
        """Return what the screen of the person shows when it is opened."""
        statistics = self.statistics.with_user(self.person)
        statistics = statistics.with_context(lang="fr_FR")
        filters = statistics.read_page(page.key)["filters"]
        return [
            statistics.read_chart(page.key, chart.key, filters) for chart in page.charts
        ]

    def test_each_page_is_sent_with_the_numbers_of_its_screen(self):
        for page in PAGES.values():
            with self.subTest(page.key):
                self._check_mail(page, self._send(page.key))

    def _check_mail(self, page, mail):
        read = self._read(page)
        html = fromstring(mail.body_html)
        self.assertEqual(
            [title.text for title in html.iter("h3")], [one["title"] for one in read]
        )
        drawn = [
            one
            for one in read
            if any(bar.get("total", bar["count"]) for bar in one["bars"] or ())
        ]
        self.assertTrue(drawn)
        empty = [note for note in html.itertext() if "Rien à compter" in note]
        self.assertEqual(len(empty), len(read) - len(drawn))
        pictures = list(html.iter("img"))
        self.assertEqual(len(pictures), len(drawn))
        for picture, one in zip(pictures, drawn, strict=True):
            for bar in one["bars"]:
                self.assertIn(bar["label"], picture.get("alt"))
        tables = [
            [row.xpath("string(td[2])") for row in table.xpath("tbody/tr")]
            for table in html.iter("table")
        ]
        written = self.report._written
        self.assertEqual(
            tables, [[written(bar["count"]) for bar in one["bars"]] for one in drawn]
        )
        self.assertIn(f"/odoo/{PATHS[page.key]}", html.xpath("//a/@href")[0])
        names = mail.attachment_ids.mapped("name")
        self.assertEqual(sum(name.endswith(".png") for name in names), len(drawn))
        [book] = mail.attachment_ids.filtered(lambda file: "xlsx" in file.name)
        sheets = openpyxl.load_workbook(io.BytesIO(book.raw)).worksheets
        self.assertEqual(len(sheets), len(page.charts) + 1)

    def test_the_file_is_for_who_may_export(self):
        everybody = self.env.ref("oiconnect_base.group_user")
        everybody.implied_ids -= self.env.ref("base.group_allow_export")
        names = self._send("orders").attachment_ids.mapped("name")
        self.assertTrue(names)
        self.assertFalse([name for name in names if "xlsx" in name])

    def test_who_lost_the_right_is_sent_nothing(self):
        self.person.group_ids -= self.env.ref(GROUP)
        self.person.group_ids += self.env.ref("oiconnect_base.group_ticket_read")
        with mute_logger(SENDING):
            self.report._send()
        self.assertIn("statisti", self.report.error)
        self.assertFalse(self.report.mail_id)

    def test_each_page_can_be_sent_and_is_led_to(self):
        known = dict(self.report._fields["report"].selection)
        self.assertEqual(
            {name for name in known if name.startswith(PREFIX)},
            {f"{PREFIX}{page}" for page in PAGES},
        )
        actions = self.env["ir.actions.client"].search(
            [("tag", "=", "oiconnect_statistics")]
        )
        self.assertEqual({one.params["page"]: one.path for one in actions}, PATHS)
