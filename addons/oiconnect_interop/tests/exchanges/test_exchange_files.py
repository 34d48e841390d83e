from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from ..common import HEADER_V13, ExchangeCase, make_file


@tagged("post_install", "-at_install")
class TestExchangeFiles(ExchangeCase):
    """Controls of a whole file: its name, its header, its twin."""

    def assertRefused(self, exchange, text):
        """Check a refusal: in French, with a task for the person in charge."""
        self.assertEqual(exchange.state, "in_refused")
        self.assertIn(text, exchange.message)
        self.assertFalse(self._orders_of(exchange))
        activity = exchange.activity_ids
        self.assertEqual(activity.user_id, self.endpoint.responsible_id)

    def assertAnsweredRefusal(self, exchange):
        """The operator hears of it: one line, no reference, FIMP16."""
        [answer] = self._drain().filtered(lambda e: e.source_id == exchange)
        [row] = self._rows(answer)
        self.assertEqual(row["ReferenceCommandePriseInterneOC"], "")
        self.assertEqual(row["EtatArCommandePrise"], "KO")
        self.assertEqual(row["MotifKoArCommandePrise"], "FIMP16")

    # ------------------------------------------------------------------
    # Unknown columns
    # ------------------------------------------------------------------

    def test_a_mistyped_optional_column_is_shown_to_staff_not_to_the_operator(self):
        header = [
            "CommentaireCmdAccess" if name == "CommentaireCmdAcces" else name
            for name in HEADER_V13
        ]
        exchange = self._take(make_file(header, [self._wire(), self._wire()]))
        self.assertEqual((exchange.state, exchange.refused_count), ("in_done", 0))
        self.assertIn("« CommentaireCmdAccess »", exchange.message)
        self.assertIn("« CommentaireCmdAcces »", exchange.message)
        [receipt] = self._drain()
        self.assertEqual(
            {row["EtatArCommandePrise"] for row in self._rows(receipt)}, {"OK"}
        )

    def test_many_unknown_columns_make_a_short_sentence(self):
        header = [*HEADER_V13, *(f"Zz{rank}" for rank in range(300))]
        exchange = self._take(make_file(header, [self._wire()]))
        self.assertEqual(exchange.state, "in_done")
        self.assertIn("Autres colonnes inconnues : 295", exchange.message)
        self.assertLess(len(exchange.message), 1000)

    # ------------------------------------------------------------------
    # Refused as a whole
    # ------------------------------------------------------------------

    def test_a_name_that_is_not_of_the_protocol(self):
        exchange = self._take([self._wire()], "commandes de mars.csv")
        self.assertRefused(exchange, "commandes de mars.csv")
        self.assertFalse(self._drain(), "the answer that it wants is unknown")

    def test_a_foreign_operator_code(self):
        exchange = self._take([self._wire()], self._name(oc="OCT2"))
        self.assertRefused(exchange, "OCT2")
        self.assertAnsweredRefusal(exchange)

    def test_a_foreign_network_code(self):
        self.assertRefused(self._take([self._wire()], self._name(oi="OIXX")), "OIXX")

    def test_an_unknown_version(self):
        exchange = self._take([self._wire()], self._name(version="V97"))
        self.assertRefused(exchange, "V9.7")
        self.assertIn("V1.3", exchange.message)
        self.assertAnsweredRefusal(exchange)

    def test_a_number_in_the_name_that_no_column_holds(self):
        """The file is refused once, and answered FIMP16."""
        name = "OITO_OCT1_ACCES_CMD_ACCES_V13_20260314_99999999999.csv"
        exchange = self._take([self._wire()], name)
        self.assertRefused(exchange, "Le numéro à la fin du nom du fichier")
        self.assertEqual((exchange.name, exchange.name_sequence), (name, 0))
        self.assertAnsweredRefusal(exchange)
        self.assertFalse(self._take([self._wire()]).is_late, "no file comes after it")

    def test_a_day_in_the_name_that_is_no_date(self):
        name = self._name().replace("20260314", "20269999")
        exchange = self._take([self._wire()], name)
        self.assertRefused(exchange, "20269999")
        self.assertAnsweredRefusal(exchange)

    def test_the_largest_number_in_a_name(self):
        name = "OITO_OCT1_ACCES_CMD_ACCES_V13_20260314_999999999.csv"
        exchange = self._take([self._wire()], name)
        self.assertEqual(exchange.state, "in_done")
        self.assertEqual(exchange.name_sequence, 999_999_999)

    def test_a_flow_that_operators_do_not_send(self):
        """One refusal for the file, none for its lines: no order is in them."""
        for number, flow in enumerate(("IPE", "CPN"), 1):
            with self.subTest(flow):
                self.endpoint.activity_ids.unlink()
                name = f"OICN_OITO_PM_{flow}_V31_20260314_{number:02d}.csv"
                exchange = self._take(b"CodeOI;ReferencePM\r\nOITO;P\r\n", name)
                self.assertRefused(exchange, f"{flow} n'est pas reçu des opérateurs")
                self.assertIn("menu Imports", exchange.message)
                self.assertFalse(exchange.error_ids or exchange.line_ids)
                self.assertFalse(self._drain(), "nothing answers it")
                trace = self.env["oiconnect.exchange.trace"].browse(exchange.id)
                self.assertEqual((trace.flow_id.code, trace.is_faulty), (flow, True))

    def test_a_flow_of_their_own_that_nothing_takes_in(self):
        flow = self.env["oiconnect.flow"]._by_code("CMD_ACCES")
        own = flow.copy({"code": "CMD_AUTRE", "aliases": False, "name": "Autre"})
        flow.format_ids[0].copy({"flow_id": own.id})
        name = self._name("CMD_AUTRE", version=flow.format_ids[0].version)
        exchange = self._take([self._wire(), self._wire()], name)
        self.assertRefused(exchange, "CMD_AUTRE n'est pas reçu des opérateurs")
        self.assertFalse(exchange.error_ids)

    def test_what_we_only_send_or_import_may_not_come_from_an_operator(self):
        flow = self.env["oiconnect.flow"]._by_code("CMD_ACCES")
        flow.direction = "import"
        exchange = self._take([self._wire()])
        self.assertRefused(exchange, "CMD_ACCES n'est pas reçu des opérateurs")

    def test_a_file_that_is_not_csv(self):
        for content in (b"%PDF-1.7 \x00\x01\x02", b"PK\x03\x04 zip", b""):
            with self.subTest(content):
                exchange = self._take(content)
                self.assertEqual(exchange.state, "in_refused")
                self.assertTrue(exchange.message)
                self.assertAnsweredRefusal(exchange)

    def test_a_wrong_header(self):
        exchange = self._take(b"A;B;C\r\n1;2;3\r\n")
        self.assertRefused(exchange, "CMD_ACCES")
        self.assertAnsweredRefusal(exchange)

    def test_a_header_without_its_mandatory_columns(self):
        header = [name for name in HEADER_V13 if name != "TypeRacco"]
        line = self._wire()
        line.pop("TypeRacco")
        exchange = self._take(make_file(header, [line]))
        self.assertRefused(exchange, "TypeRacco")

    def test_a_wrong_separator(self):
        content = make_file(HEADER_V13, [self._wire()], separator=",")
        self.assertRefused(self._take(content), ",")

    def test_a_file_that_breaks_off_is_not_half_applied(self):
        content = make_file(HEADER_V13, [self._wire(), self._wire()])
        exchange = self._take(content + b"OCT-X;\x00\x00")
        self.assertEqual(exchange.state, "in_refused")
        self.assertFalse(self._orders_of(exchange))

    def test_a_refused_file_blocks_nothing_else(self):
        self._take(b"not a file")
        exchange = self._take([self._wire()])
        self.assertEqual(exchange.state, "in_done")

    # ------------------------------------------------------------------
    # A name already seen
    # ------------------------------------------------------------------

    def test_same_name_and_content_is_answered_again_and_processed_once(self):
        name, content = self._name(), make_file(HEADER_V13, [self._wire()])
        first = self._take(content, name)
        [receipt] = self._drain()
        receipt._note_sent()
        again = self._take(content, name)
        self.assertEqual(again.state, "in_done")
        self.assertEqual(again.duplicate_of_id, first)
        self.assertEqual(first.replay_count, 1)
        self.assertEqual(receipt.state, "out_ready")
        self.assertEqual(len(self._orders_of(first)), 1)
        self.assertFalse(self._drain())

    def test_same_name_and_other_content_is_an_anomaly(self):
        name = self._name()
        first = self._take([self._wire()], name)
        self._drain()
        again = self._take([self._wire()], name)
        self.assertEqual(again.state, "in_anomaly")
        self.assertEqual(again.duplicate_of_id, first)
        self.assertIn("autre contenu", again.message)
        self.assertTrue(again.activity_ids)
        self.assertEqual(len(self._orders_of(first)), 1)
        self.assertAnsweredRefusal(again)

    def test_two_operators_may_use_the_same_name(self):
        name, content = self._name(), make_file(HEADER_V13, [self._wire()])
        self._take(content, name)
        other = self.endpoint.copy({"operator_id": self.rival.id})
        exchange = self.env["oiconnect.exchange"]._receive_file(other, name, content)
        self.assertEqual(exchange.state, "in_received")
        self.assertFalse(exchange.duplicate_of_id)

    @mute_logger("odoo.sql_db")
    def test_the_database_holds_one_row_per_file(self):
        exchange = self._take([self._wire()])
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            exchange.copy({"name": exchange.name, "state": "in_received"})

    def test_what_was_exchanged_is_never_erased(self):
        with self.assertRaises(UserError):
            self._take([self._wire()]).unlink()

    def test_the_content_is_stored_with_its_checksum(self):
        content = make_file(HEADER_V13, [self._wire()])
        exchange = self._take(content)
        self.assertEqual(exchange._content(), content)
        self.assertEqual(exchange.size, len(content))
        self.assertEqual(len(exchange.sha256), 64)
