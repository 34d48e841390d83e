import io
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time
from lxml.html import fromstring
from openpyxl import load_workbook
from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..report_picture import WIDTH, Bar, to_png
from ..report_table import Table, to_html, to_xlsx

SENDING = "odoo.addons.oiconnect_base.models.reports.scheduled_report_send"


@tagged("post_install", "-at_install")
class TestScheduledReport(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "oiconnect_base.group_lexicon_read"
        cls.person, cls.other = (
            new_test_user(cls.env, login, group, email=f"{login}@oicn.example.com")
            for login in ("report_person", "report_other")
        )
        cls.reports = cls.env["oiconnect.scheduled.report"]
        cls.report = cls.reports.with_user(cls.person).create({"name": "Essai"}).sudo()

    def setUp(self):
        super().setUp()
        # A scheduled action commits, which a test does not.
        cron = type(self.env["ir.cron"])
        self.startPatcher(patch.object(cron, "_commit_progress", return_value=3600))

    def _tables(self, tables):
        return patch.object(type(self.report), "_tables_home", tables)

    def _send(self, tables):
        with self._tables(tables), freeze_time("2026-11-24 09:00:00"):
            self.report.next_date = "2026-11-24 06:00:00"
            self.reports._cron_send()

    def test_times_are_those_of_clocks_in_france(self):
        tuesday = datetime(2026, 3, 24, 6, 30)
        for frequency, expected in (
            ("daily", "2026-03-25 06:00:00"),
            # The Monday after the change to summer time
            ("weekly", "2026-03-30 05:00:00"),
            ("monthly", "2026-04-01 05:00:00"),
        ):
            with self.subTest(frequency):
                self.report.write({"frequency": frequency, "hour": 7})
                self.assertEqual(str(self.report._next_after(tuesday)), expected)

    def test_who_is_sent_it_is_its_maker_unless_an_administrator_makes_it(self):
        self.assertEqual(self.report.user_id, self.person)
        with self.assertRaises(AccessError):
            self.reports.with_user(self.person).create(
                {"name": "Essai", "user_id": self.other.id}
            )
        mine = self.reports.with_user(self.other)
        self.assertFalse(mine.search([("id", "=", self.report.id)]))
        with self.assertRaises(AccessError):
            mine.browse(self.report.id).action_send_now()
        administrator = self.env.ref("base.user_admin")
        made = self.reports.with_user(administrator).create(
            {"name": "Essai", "user_id": self.other.id}
        )
        self.assertEqual(made.user_id, self.other)

    def test_numbers_are_read_with_the_rights_and_the_language_of_the_person(self):
        readers = []

        def tables(report):
            readers.append((report.env.user, report.env.su, report.env.lang))
            return [Table("Essai <b>", ("Quoi", "Nombre"), (("=1+1", 12),))]

        self.person.lang = "fr_FR"
        self._send(tables)
        self.assertEqual(readers, [(self.person, False, "fr_FR")])
        mail = self.report.mail_id
        self.assertIn(self.person.email, mail.email_to)
        self.assertIn("Essai &lt;b&gt;", mail.body_html)
        # None has bars: the spreadsheet is the only file.
        book = load_workbook(io.BytesIO(mail.attachment_ids.raw))
        [sheet] = book.worksheets
        self.assertEqual(
            [[cell.value for cell in row] for row in sheet.rows],
            [["Quoi", "Nombre"], ["=1+1", 12]],
        )
        self.assertEqual(sheet["A2"].data_type, "s")
        self.assertEqual(str(self.report.sent_date), "2026-11-24 09:00:00")
        self.assertGreater(self.report.next_date, self.report.sent_date)

    def test_the_home_page_is_sent_as_it_is_read(self):
        page = self.env["oiconnect.home"].with_user(self.person).page()
        tables = self.report.with_user(self.person)._tables_home()
        self.assertEqual(
            [(table.title, [row[1] for row in table.rows]) for table in tables],
            [
                (block["title"], [number["count"] for number in block["numbers"]])
                for block in page["blocks"]
            ],
        )

    def _send_bars(self):
        """Send a report with a picture; return its mail."""
        bars = (Bar("Lun.", 3, "3"), Bar('<"Mar.">', 0, "0"))
        drawn = Table("Jours", ("A", "B"), (("Lun.", 3),), "", bars)
        self._send(
            lambda _report: [Table("Sans", ("A", "B"), (("a", 1),)), drawn, drawn]
        )
        return self.report.mail_id

    def test_bars_are_a_picture_that_says_its_numbers(self):
        mail = self._send_bars()
        [values] = mail._prepare_outgoing_list()
        message = self.env["ir.mail_server"]._build_email__(
            mail.email_from,
            values["email_to"],
            mail.subject,
            values["body"],
            attachments=values["attachments"],
            subtype="html",
        )
        html = message.get_body(("html",))
        shown, other = fromstring(html.get_content()).iter("img")
        picture, last = (part for part in message.walk() if part["Content-ID"])
        self.assertEqual(shown.get("src"), f"cid:{picture['Content-ID'][1:-1]}")
        self.assertEqual(other.get("src"), f"cid:{last['Content-ID'][1:-1]}")
        kinds = [part.get_content_type() for part in message.walk()]
        self.assertEqual(kinds.count("multipart/related"), 1)
        self.assertEqual(shown.get("alt"), 'Jours – Lun. 3; <"Mar."> 0')
        self.assertEqual(picture.get_content_disposition(), "inline")
        drawn = Image.open(io.BytesIO(picture.get_content()))
        self.assertEqual((drawn.format, drawn.width), ("PNG", 2 * WIDTH))
        # What is shown in the text is not among the files too.
        names = [part.get_filename() for part in message.iter_attachments()]
        self.assertEqual(names, ["home-2026-11-24.xlsx"])

    def test_mails_without_pictures_are_made_as_ever(self):
        files = [("a.png", b"a", "image/png")]
        plain = ('"cid:a.png@oiconnect"', "plain")
        for body, subtype in (("cid:a.png", "html"), plain):
            message = self.env["ir.mail_server"]._build_email__(
                "a@oicn.example.com",
                ["b@oicn.example.com"],
                "Essai",
                body,
                attachments=files,
                subtype=subtype,
            )
            [file] = message.iter_attachments()
            self.assertEqual(file.get_content_disposition(), "attachment")

    def test_files_end_with_their_mail(self):
        mail = self._send_bars()
        files = mail.attachment_ids
        self.assertEqual(len(files), 3)
        mail.unlink()
        self.assertFalse(files.exists())

    def _colours(self, bars, upright=False):
        content, height = to_png(bars, upright)
        picture = Image.open(io.BytesIO(content)).convert("RGB")
        self.assertEqual(picture.height, 2 * height)
        return {colour: count for count, colour in picture.getcolors(1000)}

    def test_the_length_of_bars_is_their_number(self):
        blue, orange = (0x3B, 0x6F, 0xB6), (0xB3, 0x54, 0x1E)
        for upright in (False, True):
            whole = self._colours([Bar("a", 8, "")], upright)[blue]
            parts = self._colours([Bar("a", 8, ""), Bar("b", 4, "", True)], upright)
            self.assertAlmostEqual(parts[blue] / whole, 1, delta=0.02)
            self.assertAlmostEqual(parts[orange] / whole, 0.5, delta=0.02)
            none = self._colours([Bar("x" * 500, 0, "0"), Bar("", 0, "0")], upright)
            self.assertFalse({blue, orange} & set(none))
            self._colours([], upright)

    def _failed(self, tables, why):
        with mute_logger(SENDING):
            self._send(tables)
        self.assertIn(why, self.report.error)
        self.assertFalse(self.report.sent_date)
        self.assertGreater(str(self.report.next_date), "2026-11-24 09:00:00")

    def test_what_fails_is_one_task_and_is_tried_again_the_next_time(self):
        def broken(_report):
            raise ZeroDivisionError("secret of a customer")

        for _time in range(2):
            self._failed(broken, "ZeroDivisionError")
        self.assertNotIn("secret", self.report.error)
        self.assertEqual(len(self.report.activity_ids), 1)
        self.assertEqual(self.report.activity_ids.user_id, self.person)
        self._send(lambda _report: [Table("Essai", ("A", "B"), (("a", 1),))])
        self.assertFalse(self.report.error)

    def test_a_person_without_address_or_archived_is_said(self):
        one = [Table("Essai", ("A", "B"), (("a", 1),))]
        self.person.email = False
        self._failed(lambda _report: one, "no e-mail address")
        self.person.write({"email": "a@oicn.example.com", "active": False})
        self._failed(lambda _report: one, "is archived")

    def test_nothing_to_read_is_said_and_not_sent(self):
        self._failed(lambda _report: [], "has no right")
        with self.assertRaisesRegex(UserError, "has no right"), mute_logger(SENDING):
            with self._tables(lambda _report: []):
                self.report.with_user(self.person).action_send_now()

    def test_a_mail_that_its_server_refuses_is_a_task(self):
        self._send(lambda _report: [Table("Essai", ("A", "B"), (("a", 1),))])
        self.report.mail_id.write({"state": "exception", "failure_reason": "No room"})
        with mute_logger(SENDING), freeze_time("2026-11-24 09:10:00"):
            self.reports._cron_send()
        self.assertIn("No room", self.report.error)
        self.assertEqual(len(self.report.activity_ids), 1)
        self.assertFalse(self.report.mail_id)

    def test_a_mail_that_is_on_its_way_is_not_sent_twice(self):
        self._send(lambda _report: [Table("Essai", ("A", "B"), (("a", 1),))])
        mail = self.report.mail_id
        self.report.with_user(self.person).action_send_now()
        self.assertEqual(self.report.mail_id, mail)

    def test_a_mail_that_may_have_arrived_says_so(self):
        self.person.lang = "en_US"
        self._send(lambda _report: [Table("Essai", ("A", "B"), (("a", 1),))])
        mail = self.report.mail_id
        bodies = []
        for _time in range(3):
            self.report._note_leaving()
            bodies.append(str(mail.body_html))
        self.assertNotIn("already", bodies[0])
        self.assertTrue(bodies[1].endswith(bodies[0]))
        self.assertEqual([body.count("already") for body in bodies[1:]], [1, 1])
        # What its server refused has not arrived.
        mail.state = "exception"
        self.report._note_refused()
        self.assertFalse(self.report.leaving_date)

    def test_sheets_have_names_that_spreadsheets_take(self):
        long = "Flux / connexions : " + "x" * 40
        tables = [Table(long, ("A",), ()), Table(long, ("A",), ()), Table("", (), ())]
        names = load_workbook(io.BytesIO(to_xlsx(tables))).sheetnames
        self.assertEqual(len(set(names)), 3)
        self.assertTrue(all(0 < len(name) <= 31 for name in names))
        self.assertIn("note", to_html([Table("Essai", ("A",), (), "note")]))
