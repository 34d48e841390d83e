from odoo.tests.common import tagged

from ..common import HEADER, HEADER_V13, ExchangeCase, make_file
from .test_exchange_flows import END


@tagged("post_install", "-at_install")
class TestAcknowledgementRules(ExchangeCase):
    """One acknowledgement a file, in its version; its lines are in the same order."""

    def _answers(self, exchange):
        [answer] = self._drain().filtered(lambda item: item.source_id == exchange)
        return self._rows(answer)

    def test_a_line_that_breaks_us_is_answered_in_its_place(self):
        lines = [self._wire() for _n in range(3)]
        broken = lines[1]["ReferenceCommandePriseInterneOC"]
        orders = self.env.registry["oiconnect.access.order"]
        info_of = orders._info_of

        def explode(records, line):
            if line["oc_reference"] == broken:
                raise ZeroDivisionError
            return info_of(records, line)

        self.patch(orders, "_info_of", explode)
        with self.assertLogs("odoo.addons.oiconnect_interop", "WARNING"):
            exchange = self._take(lines)
        rows = self._answers(exchange)
        self.assertEqual(
            [
                (row["ReferenceCommandePriseInterneOC"], row["EtatArCommandePrise"])
                for row in rows
            ],
            [
                (line["ReferenceCommandePriseInterneOC"], result)
                for line, result in zip(lines, ("OK", "KO", "OK"), strict=True)
            ],
        )
        self.assertEqual(rows[1]["MotifKoArCommandePrise"], "FAUT01")

    def test_cancellations_are_answered_line_by_line_in_their_order(self):
        """The last order first, one unknown, one unreadable, one twice."""
        orders = self._orders_of(self._take([self._wire(), self._wire(), self._wire()]))
        self._drain()
        names = orders.mapped("oc_reference")
        wanted = [
            (names[2], "20260326 17:00"),
            ("INCONNUE", "20260326 17:00"),
            (names[1], "hier"),
            (names[0], "20260326 17:00"),
            (names[2], "20260326 17:00"),
            ("", "20260326 17:00"),
        ]
        lines = [
            {
                "ReferenceCommandePriseInterneOC": name,
                "TypeOperation": "ANNUL",
                "DateAnnulation": date,
            }
            for name, date in wanted
        ]
        exchange = self._take(make_file(END, lines), self._name("ANNUL_ACCES"))
        rows = self._answers(exchange)
        self.assertEqual(
            [row["ReferenceCommandePriseInterneOC"] for row in rows],
            [name for name, _date in wanted],
        )
        self.assertEqual(
            [
                (
                    row["EtatCrAnnResCommandePrise"],
                    row["MotifKoCrAnnResCommandePrise"],
                )
                for row in rows
            ],
            [
                ("OK", ""),
                ("KO", "FIMP14"),
                ("KO", "FIMP16"),
                ("OK", ""),
                ("KO", "FIMP16"),
                ("KO", "FIMP15"),
            ],
        )
        self.assertEqual(orders.mapped("state"), ["cancelled", "ar_ok", "cancelled"])

    def test_a_file_refused_as_a_whole_is_answered_in_its_version(self):
        exchange = self._take(b"A;B\r\n1;2\r\n", self._name(version="V12"))
        self.assertEqual(exchange.state, "in_refused")
        [answer] = self._drain()
        self.assertEqual((answer.version, answer.line_count), ("V1.2", 1))
        self.assertIn("_AR_CMD_V12_", answer.name)

    def test_a_file_of_an_unknown_version_is_answered_in_that_of_the_operator(self):
        self.operator.access_version = "V1.2"
        exchange = self._take([self._wire()], self._name(version="V97"))
        self.assertEqual(exchange.version, False)
        self.assertEqual(self._drain().version, "V1.2")

    def test_a_name_used_for_another_content_is_answered_no(self):
        name = self._name()
        first = self._take([self._wire()], name)
        self._drain()
        second = self._take([self._wire()], name)
        [answer] = self._drain()
        self.assertEqual(answer.source_id, second)
        [row] = self._rows(answer)
        self.assertEqual(row["MotifKoArCommandePrise"], "FIMP16")
        self.assertEqual((first.state, second.state), ("in_done", "in_anomaly"))

    def test_reports_have_no_receipt(self):
        self._take(b"A;B\r\n1;2\r\n", self._name("CR_MES"))
        self.assertFalse(self._drain())

    def test_the_versions_of_two_files_give_two_receipts(self):
        self._take(make_file(HEADER, [self._wire()]), self._name(version="V12"))
        self._take(make_file(HEADER_V13, [self._wire()]))
        versions = self._drain().sorted("id").mapped("version")
        self.assertEqual(versions, ["V1.2", "V1.3"])


@tagged("post_install", "-at_install")
class TestNumbers(ExchangeCase):
    """The date and number in the names of an operator's files."""

    def _file(self, number, day="20260314", flow="CMD_ACCES"):
        name = f"OITO_OCT1_ACCES_{flow}_V13_{day}_{number:02d}.csv"
        if flow == "CMD_ACCES":
            return self._take([self._wire()], name)
        line = {
            "ReferenceCommandePriseInterneOC": "INCONNUE",
            "TypeOperation": "ANNUL",
            "DateAnnulation": "20260326 17:00",
        }
        return self._take(make_file(END, [line]), name)

    def test_files_in_their_turn_are_neither_late_nor_missing(self):
        for number in (1, 2, 3):
            file = self._file(number)
            self.assertEqual((file.is_late, file.missing_numbers), (False, False))

    def test_a_file_older_than_one_processed_is_taken_and_shown_late(self):
        self._file(1)
        self._file(3)
        late = self._file(2)
        self.assertTrue(late.is_late)
        self.assertEqual(late.state, "in_done")
        self.assertEqual(self._orders_of(late).state, "ar_ok")
        self.assertTrue(self._file(9, day="20260313").is_late)

    def test_another_flow_and_a_refused_file_make_nothing_late(self):
        self._file(5, flow="ANNUL_ACCES")
        self._take(b"nothing", "OITO_OCT1_ACCES_CMD_ACCES_V13_20260314_07.csv")
        self.assertFalse(self._file(4).is_late)

    def test_missing_numbers_are_shown_until_they_come(self):
        file = self._file(4)
        self.assertEqual(file.missing_numbers, "1, 2, 3")
        exchanges = self.env["oiconnect.exchange"]
        lacking = [("missing_numbers", "!=", False), ("id", "=", file.id)]
        self._file(2)
        self.env.invalidate_all()
        self.assertEqual(file.missing_numbers, "1, 3")
        self.assertEqual(exchanges.search(lacking), file)
        self._file(3)
        self._file(1)
        self.env.invalidate_all()
        self.assertFalse(file.missing_numbers)
        self.assertFalse(exchanges.search(lacking))

    def test_a_file_that_comes_writes_on_no_other(self):
        """Another worker may be at them: it would have to begin again."""
        before = self._file(4)
        name = "OITO_OCT1_ACCES_CMD_ACCES_V13_20260314_02.csv"
        stamp = before.write_date
        self.patch(
            self.env.registry["oiconnect.exchange"], "_plan_process", lambda files: None
        )
        writes = []
        write = self.env.registry["oiconnect.exchange"].write

        def spy(records, vals):
            writes.extend(records.ids)
            return write(records, vals)

        self.patch(self.env.registry["oiconnect.exchange"], "write", spy)
        late = self.env["oiconnect.exchange"]._receive_file(
            self.endpoint, name, make_file(HEADER_V13, [self._wire()])
        )
        self.assertEqual(set(writes), {late.id})
        self.assertEqual(before.write_date, stamp)

    def test_numbers_may_be_those_of_all_files_of_the_day(self):
        self._file(1)
        self._file(2, flow="ANNUL_ACCES")
        self.assertFalse(self._file(3).missing_numbers)

    def test_a_long_gap_is_shown_by_its_ends(self):
        self.assertEqual(self._file(500).missing_numbers, "1–499")

    def test_each_day_begins_again(self):
        self._file(3)
        self.assertFalse(self._file(1, day="20260315").missing_numbers)

    def test_a_name_without_date_or_number_is_neither(self):
        file = self._take([self._wire()], "OITO_OCT1_ACCES_CMD_ACCES_V13_20261332.csv")
        self.assertFalse(file.name_date)
        file = self._take([self._wire()], "OITO_OCT1_ACCES_CMD_ACCES_V13_20260314.csv")
        self.assertEqual((file.name_sequence, file.missing_numbers), (0, False))

    def test_the_numbers_of_another_operator_are_its_own(self):
        self._file(9)
        other = self.endpoint.copy({"operator_id": self.rival.id, "login": "oct2"})
        name = "OITO_OCT2_ACCES_CMD_ACCES_V13_20260314_01.csv"
        file = self.env["oiconnect.exchange"]._receive_file(
            other, name, make_file(HEADER_V13, [self._wire()])
        )
        self.assertEqual((file.is_late, file.missing_numbers), (False, False))
