from collections import Counter
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import LockError
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.exceptions import BusyError
from odoo.addons.queue_job.exception import RetryableJobError

from ..common import HEADER, HEADER_V13, ExchangeCase, make_file


@tagged("post_install", "-at_install")
class TestExchangeLines(ExchangeCase):
    """An operator drops orders: each line lives its own life."""

    def test_a_good_file_becomes_orders_and_a_receipt(self):
        exchange = self._take([self._wire(), self._wire()])
        self.assertEqual(exchange.state, "in_done")
        self.assertEqual((exchange.line_count, exchange.done_count), (2, 2))
        orders = self._orders_of(exchange)
        self.assertEqual(orders.mapped("state"), ["ar_ok", "ar_ok"])
        [receipt] = self._drain()
        self.assertEqual(receipt.flow_id.code, "AR_CMD")
        self.assertEqual(receipt.source_id, exchange)
        rows = self._rows(receipt)
        self.assertEqual([row["EtatArCommandePrise"] for row in rows], ["OK", "OK"])

    def test_the_receipt_has_a_line_for_each_line_in_its_order(self):
        lines = [self._wire(), self._wire(NomClient=""), self._wire()]
        self._take(lines)
        [receipt] = self._drain()
        rows = self._rows(receipt)
        self.assertEqual(
            [row["ReferenceCommandePriseInterneOC"] for row in rows],
            [line["ReferenceCommandePriseInterneOC"] for line in lines],
        )
        self.assertEqual(
            [row["EtatArCommandePrise"] for row in rows], ["OK", "KO", "OK"]
        )
        self.assertEqual(rows[1]["MotifKoArCommandePrise"], "FIMP15")

    def test_all_errors_of_a_line_are_stored_by_line_column_and_value(self):
        bad = self._wire(
            TypeRacco="TELEPATHIE",
            DateCommandePrise="hier",
            IdRdv="=CMD()",
            ReferencePm="",
        )
        exchange = self._take([self._wire(), bad])
        self.assertEqual((exchange.state, exchange.refused_count), ("in_partial", 1))
        found = {
            (error.line, error.column, error.value, error.code)
            for error in exchange.error_ids
        }
        self.assertEqual(
            found,
            {
                (3, "TypeRacco", "TELEPATHIE", "FIMP12"),
                (3, "DateCommandePrise", "hier", "FIMP16"),
                (3, "IdRdv", "=CMD()", "FIMP16"),
                (3, "ReferencePm", False, "FIMP15"),
            },
        )
        self.assertTrue(all(exchange.error_ids.mapped("message")))

    def test_messages_are_in_the_language_of_the_operator(self):
        exchange = self._take([self._wire(ReferencePm="")])
        self.assertEqual(
            exchange.error_ids.message,
            "Indiquez la référence du PM ou celle de sa prestation.",
        )

    def test_version_1_2_and_1_3_side_by_side(self):
        old = make_file(HEADER, [self._wire()])
        first = self._take(old, self._name(version="V12"))
        second = self._take([self._wire(IdentifiantImmeuble=self.building.identifier)])
        self.assertEqual((first.version, second.version), ("V1.2", "V1.3"))
        receipts = self._drain()
        self.assertEqual(sorted(receipts.mapped("version")), ["V1.2", "V1.3"])
        names = sorted(receipts.mapped("name"))
        self.assertIn("_AR_CMD_V12_", names[0])
        self.assertIn("_AR_CMD_V13_", names[1])

    def test_columns_are_read_by_name_whatever_their_order(self):
        header = ["Nouveau", *reversed(HEADER_V13)]
        content = make_file(header, [self._wire(Nouveau="x")])
        order = self._orders_of(self._take(content))
        self.assertEqual(order.state, "ar_ok")
        self.assertEqual(order.info, {"Nouveau": "x"})

    def test_encodings(self):
        for encoding, shown in (
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8-sig"),
            ("cp1252", "cp1252"),
        ):
            with self.subTest(encoding):
                content = make_file(
                    HEADER_V13, [self._wire(NomClient="GÉNÉREUX")], encoding
                )
                exchange = self._take(content)
                self.assertEqual(exchange.encoding, shown)
                self.assertEqual(self._orders_of(exchange).customer_name, "GÉNÉREUX")

    def test_encodings_mixed_in_one_file(self):
        head, first = make_file(
            HEADER_V13, [self._wire(NomClient="GÉNÉREUX")]
        ).splitlines(keepends=True)
        _head, second = (
            make_file(HEADER_V13, [self._wire(NomClient="ÉLÉGANT")], "cp1252")
            .replace("Info Cmd Acc\xe8s".encode("cp1252"), b"")
            .splitlines(keepends=True)
        )
        exchange = self._take(head + first + second)
        self.assertEqual(exchange.encoding, "mixed")
        self.assertIn("encodages", exchange.message)
        self.assertEqual(
            self._orders_of(exchange).mapped("customer_name"), ["GÉNÉREUX", "ÉLÉGANT"]
        )

    def test_quotes_separators_and_line_breaks_inside_values(self):
        comment = 'Dit "à gauche"; puis\r\nau fond'
        exchange = self._take([self._wire(CommentaireCmdAcces=comment), self._wire()])
        orders = self._orders_of(exchange)
        self.assertEqual(orders.mapped("state"), ["ar_ok", "ar_ok"])
        self.assertEqual(
            orders[0].comment.splitlines(), ['Dit "à gauche"; puis', "au fond"]
        )

    def test_line_numbers_are_those_of_the_file_after_a_broken_value(self):
        comment = "une\r\ndeux\r\ntrois"
        exchange = self._take(
            [self._wire(CommentaireCmdAcces=comment), self._wire(ReferencePm="")]
        )
        self.assertEqual(exchange.error_ids.mapped("line"), [5])

    def test_a_reference_used_in_another_file_is_refused(self):
        line = self._wire()
        self._take([line])
        exchange = self._take([line, self._wire()])
        self.assertEqual(exchange.error_ids.mapped("code"), ["FIMP13"])
        self.assertEqual(self._orders_of(exchange).mapped("state"), ["ar_ko", "ar_ok"])

    def test_a_line_that_breaks_us_stays_alone(self):
        lines = [self._wire(), self._wire(), self._wire()]
        orders = self.env.registry["oiconnect.access.order"]
        info_of = orders._info_of

        def explode(records, line):
            if line["oc_reference"] == lines[1]["ReferenceCommandePriseInterneOC"]:
                raise ZeroDivisionError("boom")
            return info_of(records, line)

        self.patch(orders, "_info_of", explode)
        with self.assertLogs("odoo.addons.oiconnect_interop", "WARNING"):
            exchange = self._take(lines)
        self.assertEqual((exchange.state, exchange.refused_count), ("in_partial", 1))
        self.assertEqual(exchange.error_ids.line, 3)
        self.assertEqual(exchange.error_ids.code, "FAUT01")
        self.assertEqual(
            exchange.error_ids.message,
            "Un imprévu s’est produit (ZeroDivisionError) : prévenez l’administrateur.",
        )
        self.assertEqual(len(self._orders_of(exchange)), 2)

    def test_an_order_that_someone_holds_is_tried_again_not_refused(self):
        exchange = self._take([self._wire()], settle=False)

        def busy(records, *arguments, **keywords):
            raise BusyError("held by someone else")

        with patch.object(
            self.env.registry["oiconnect.access.order"], "_receive", busy
        ):
            exchange._process()
        self.assertEqual((exchange.done_count, exchange.refused_count), (0, 0))
        self.assertFalse(exchange.error_ids)
        exchange._process()
        self.assertEqual(exchange.state, "in_done")
        self.assertEqual(self._orders_of(exchange).state, "ar_ok")

    def test_a_reference_that_another_file_brings_meanwhile_is_tried_again(self):
        exchange = self._take([self._wire()], settle=False)
        with patch.object(
            self.env.registry["oiconnect.inbound"],
            "_handle",
            side_effect=UniqueViolation("reference"),
        ):
            exchange._process()
        self.assertEqual((exchange.state, exchange.done_count), ("in_processing", 0))
        self.assertFalse(exchange.error_ids)
        exchange._process()
        self.assertEqual(exchange.state, "in_done")

    def _break_on(self, reference, error):
        """Let the order of ``reference`` meet ``error`` whenever it is received."""
        orders = self.env.registry["oiconnect.access.order"]
        receive = orders._receive

        def broken(records, lines, *arguments, **keywords):
            if reference in [line["oc_reference"] for line in lines]:
                raise error
            return receive(records, lines, *arguments, **keywords)

        return patch.object(orders, "_receive", broken)

    @mute_logger("odoo.addons.oiconnect_interop.models.exchanges.exchange_process")
    def test_a_line_that_stays_impossible_is_refused_and_the_file_goes_on(self):
        lines = [self._wire() for _rank in range(3)]
        reference = lines[1]["ReferenceCommandePriseInterneOC"]
        for error, code, text in (
            (BusyError("Quelqu'un y travaille."), "FAUT01", "Quelqu'un y travaille."),
            (UniqueViolation(), "FIMP16", "autre enregistrement"),
        ):
            exchange = self._take(lines, settle=False)
            with self._break_on(reference, error):
                tries = 0
                while not exchange._is_settled():
                    exchange._process()
                    tries += 1
            self.assertEqual(tries, 4, "three of the line, then the rest")
            self.assertEqual((exchange.state, exchange.done_count), ("in_partial", 3))
            self.assertEqual(len(self._orders_of(exchange)), 2)
            [refused] = exchange.error_ids
            self.assertEqual((refused.line, refused.code), (3, code))
            self.assertIn(text, refused.message)
            self.assertIn("ligne 3", exchange.activity_ids.summary)
            [receipt] = self._drain()
            rows = {
                row["ReferenceCommandePriseInterneOC"]: row["EtatArCommandePrise"]
                for row in self._rows(receipt)
            }
            self.assertEqual(rows[reference], "KO")
            self.assertEqual(Counter(rows.values()), {"OK": 2, "KO": 1})
            lines = [self._wire() for _rank in range(3)]
            reference = lines[1]["ReferenceCommandePriseInterneOC"]

    @mute_logger("odoo.addons.oiconnect_interop.models.exchanges.exchange_process")
    def test_a_line_that_waits_is_tried_again_later(self):
        line = self._wire()
        exchange = self._take([line], settle=False)
        jobs = self.env["queue.job"].search([])
        reference = line["ReferenceCommandePriseInterneOC"]
        with self._break_on(reference, BusyError("held")):
            for seconds in (2, 30):
                jobs.write({"state": "done"})
                exchange._process()
                job = self.env["queue.job"].search([]) - jobs
                job = job.filtered(lambda job: "process" in job.identity_key)
                waited = job.eta - fields.Datetime.now()
                self.assertAlmostEqual(waited.total_seconds(), seconds, delta=2)
                jobs |= job

    def test_a_file_that_another_worker_reads_is_left_for_a_moment(self):
        exchange = self._take([self._wire()], settle=False)
        with (
            patch.object(
                self.env.registry["oiconnect.exchange"],
                "lock_for_update",
                side_effect=LockError("held"),
            ),
            self.assertRaises(RetryableJobError) as caught,
        ):
            exchange._process()
        self.assertEqual(caught.exception.seconds, 5)
        self.assertEqual(exchange.state, "in_received")

    def test_a_file_that_has_its_end_is_not_read_again(self):
        for content in ([self._wire(), self._wire(ReferencePm="")], b"%PDF-1.7"):
            exchange = self._take(content)
            self._drain()
            before = exchange.read(["state", "done_count", "refused_count", "message"])
            exchange._process()
            self.assertEqual(
                exchange.read(["state", "done_count", "refused_count", "message"]),
                before,
            )
            self.assertFalse(self._drain(), "it is not answered twice")

    def test_the_end_of_a_file_has_its_account_looked_at(self):
        key = f"oiconnect-poll-{self.endpoint.id}"
        for content, active, planned in (
            ([self._wire()], True, 1),
            (b"%PDF-1.7", True, 1),
            ([self._wire()], False, 0),
            (b"%PDF-1.7", False, 0),
        ):
            jobs = self.env["queue.job"].search([("identity_key", "=", key)])
            jobs.write({"state": "done", "identity_key": False})
            self.endpoint.active = active
            self._take(content)
            with self.subTest(active=active, content=content):
                found = self.env["queue.job"].search_count([("identity_key", "=", key)])
                self.assertEqual(found, planned)

    def test_a_big_file_is_processed_by_batches_that_can_be_resumed(self):
        self.patch(type(self).batch_module(), "BATCH", 2)
        lines = [self._wire() for _n in range(5)]
        exchange = self._take(lines, settle=False)
        done = []
        while not exchange._is_settled():
            exchange._process()
            done.append(exchange.done_count)
        self.assertEqual(done, [0, 2, 4, 5])
        self.assertEqual(exchange.progress, 100)
        self.assertEqual(len(self._orders_of(exchange)), 5)
        [receipt] = self._drain()
        self.assertEqual(receipt.line_count, 5)

    def test_a_file_of_one_batch_takes_one_job(self):
        self.patch(self.batch_module(), "BATCH", 2)
        exchange = self._take([self._wire(), self._wire()], settle=False)
        exchange._process()
        self.assertEqual((exchange.state, exchange.done_count), ("in_done", 2))

    @staticmethod
    def batch_module():
        from ...models.exchanges import exchange_process

        return exchange_process

    def test_no_receipt_leaves_before_its_file_is_read_to_the_end(self):
        self.patch(self.batch_module(), "BATCH", 1)
        exchange = self._take([self._wire(), self._wire()], settle=False)
        exchange._process()
        exchange._process()
        self.assertEqual(exchange.done_count, 1)
        self.assertFalse(self._drain())
        exchange._process()
        [receipt] = self._drain()
        self.assertEqual(receipt.line_count, 2)

    def test_no_report_leaves_before_the_receipt_of_its_order(self):
        """The study does not wait for the end of a large file; its reports do."""
        before = self._take([self._wire()])
        self._drain()
        other = self._orders_of(before)
        self.patch(self.batch_module(), "BATCH", 1)
        exchange = self._take([self._wire(), self._wire()], settle=False)
        exchange._process()
        exchange._process()
        (self._orders_of(exchange) | other)._study()
        made = self._drain()
        self.assertEqual(set(made.flow_id.mapped("code")), {"CR_CMD", "CMD_STOC"})
        for file in made:
            self.assertEqual(
                [row["ReferenceCommandePriseInterneOC"] for row in self._rows(file)],
                [other.oc_reference],
                "an order of another file waits for nothing",
            )
        exchange._process()
        self._orders_of(exchange)[1]._study()
        made = self._drain()
        self.assertEqual(
            [(file.flow_id.code, file.line_count) for file in made[:2]],
            [("AR_CMD", 2), ("CR_CMD", 2)],
            "the receipt first",
        )
