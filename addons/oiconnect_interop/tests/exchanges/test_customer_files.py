import base64
import hashlib
import io
import logging
from datetime import timedelta

from freezegun import freeze_time
from openpyxl import load_workbook
from psycopg2.errors import NotNullViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests.common import new_test_user, tagged

from ..common import HEADER_V13, ExchangeCase, make_file

CUSTOMER = {
    "NomClient": "EXEMPLE",
    "PrenomClient": "CAMILLE",
    "ContactClient1": "0600000001",
    "ContactClient2": "camille@exemple.invalid",
    "CommentaireCmdAcces": "Interphone B12",
    "Info Cmd Accès 1": "RACK 2",
}
VALUES = set(CUSTOMER.values())


class CustomerFilesCase(ExchangeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network.customer_days = 90
        cls.manager = new_test_user(
            cls.env, "files_manager", "oiconnect_base.group_access_manager"
        )

    def _run(self, days=0):
        """Play the nightly run so many days later."""
        self.env.flush_all()
        cron = self.env.ref("oiconnect_interop.cron_erase_customers")
        with (
            freeze_time(fields.Datetime.now() + timedelta(days=days)),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _received(self, *lines, **values):
        """Take in a file of one line of that customer, or of ``lines``."""
        return self._take(list(lines) or [self._wire(**CUSTOMER, **values)])

    def _tells(self, exchange):
        """Return which of the customer's values the stored file still tells."""
        text = exchange._content().decode(exchange.encoding or "utf-8")
        return {value for value in VALUES if value in text}


@tagged("post_install", "-at_install")
class TestOldFiles(CustomerFilesCase):
    """Stored files forget customers in time, and still prove what was received."""

    def test_the_columns_of_customers_are_emptied_and_the_others_stay(self):
        exchange = self._received()
        [before] = self._rows(exchange)
        self._run(days=89)
        self.assertEqual(self._tells(exchange), VALUES)
        self._run(days=91)
        [after] = self._rows(exchange)
        self.assertEqual(after, before | dict.fromkeys(CUSTOMER, ""))
        self.assertTrue(exchange.customer_erased_on)

    def test_the_proof_of_reception_stays(self):
        content = make_file(HEADER_V13, [self._wire(**CUSTOMER)])
        exchange = self._take(content)
        name = exchange.name
        self._run(days=91)
        self.assertEqual(exchange.name, name)
        self.assertEqual(exchange.sha256, hashlib.sha256(content).hexdigest())
        self.assertEqual(exchange.size, len(content))
        self.assertEqual((exchange.line_count, exchange.state), (1, "in_done"))

    def test_a_file_that_comes_again_is_still_known(self):
        content = make_file(HEADER_V13, [self._wire(**CUSTOMER)])
        exchange = self._take(content)
        self._run(days=91)
        again = self._take(content, name=exchange.name)
        self.assertEqual(again.duplicate_of_id, exchange)
        self.assertEqual((again.state, exchange.replay_count), ("in_done", 1))

    def test_unknown_columns_may_name_a_customer(self):
        row = self._wire(**CUSTOMER) | {"Surnom": "Cam"}
        exchange = self._take(make_file([*HEADER_V13, "Surnom"], [row]))
        self._run(days=91)
        [after] = self._rows(exchange)
        self.assertEqual(after["Surnom"], "")

    def test_our_files_forget_too_and_are_not_sent_again(self):
        self._received()
        self.env["oiconnect.access.order"].search([("state", "=", "ar_ok")])._study()
        made = self._drain()
        order_file = made.filtered(lambda file: file.flow_code == "CMD_STOC")
        self.assertIn("Interphone B12", order_file._content().decode())
        order_file._note_sent()
        self._run(days=91)
        self.assertNotIn("Interphone B12", order_file._content().decode())
        order_file._send_again()
        self.assertEqual(order_file.state, "out_sent")
        with self.assertRaisesRegex(UserError, "too old to be sent again"):
            order_file.action_send_again()

    def test_no_word_of_a_file_is_in_the_database(self):
        exchange = self._received()
        self._run(days=91)
        self.assertFalse(exchange._attachment().index_content)

    def test_a_file_is_never_shown_as_a_page(self):
        exchange = self._take(b"<html><script>alert(1)</script></html>")
        self.assertEqual(exchange._attachment().mimetype, "text/plain")

    def test_files_that_tell_nothing_of_customers_are_left(self):
        self._received()
        receipt = self._drain().filtered(lambda file: file.flow_code == "AR_CMD")
        receipt._note_sent()
        before = receipt._content()
        self._run(days=91)
        self.assertFalse(receipt.customer_erased_on)
        self.assertEqual(receipt._content(), before)

    def test_a_file_that_waits_is_not_touched(self):
        exchange = self._take([self._wire(**CUSTOMER)], settle=False)
        self._run(days=91)
        self.assertEqual(self._tells(exchange), VALUES)

    def test_a_file_that_cannot_be_read_is_erased_and_its_hash_retained(self):
        for name, content in (
            ("mystere.csv", b"NomClient\r\nEXEMPLE\r\n"),
            (self._name(version="V99"), make_file(HEADER_V13, [self._wire()])),
            (self._name(), b"EXEMPLE;CAMILLE\r\n0600000001;\r\n"),
        ):
            with self.subTest(name):
                exchange = self._take(content, name=name)
                self.assertEqual(exchange.state, "in_refused")
                self._run(days=91)
                self.assertFalse(exchange._content())
                self.assertEqual(exchange.sha256, hashlib.sha256(content).hexdigest())

    def test_errors_forget_the_values_of_customers(self):
        exchange = self._received(
            self._wire(**CUSTOMER | {"ContactClient1": "pas un numéro EXEMPLE"}),
            self._wire(**CUSTOMER | {"CodeInseeImmeuble": "X"}),
        )
        contact, insee = exchange.error_ids[0], exchange.error_ids[-1]
        self.assertIn("EXEMPLE", contact.value)
        self._run(days=91)
        self.assertFalse(contact.value)
        self.assertNotIn("EXEMPLE", contact.message)
        self.assertEqual((contact.code, contact.line), ("FCLI01", 2))
        self.assertEqual(insee.value, "X")


@tagged("post_install", "-at_install")
class TestOneCustomer(CustomerFilesCase):
    """One person asks: the files forget that one, and tell what they had of it."""

    def _two(self):
        exchange = self._received(
            self._wire(**CUSTOMER),
            self._wire(NomClient="AUTRE", ContactClient1="0600000099"),
        )
        orders = self._orders_of(exchange)
        orders._study()
        return exchange, orders

    def test_erasing_an_order_empties_its_lines_alone(self):
        exchange, orders = self._two()
        first, second = self._rows(exchange)
        orders[0]._fire("cancel")
        self._drain()
        orders[0].with_user(self.manager).action_erase_customer()
        self.assertEqual(
            self._rows(exchange), [first | dict.fromkeys(CUSTOMER, ""), second]
        )
        self.assertFalse(exchange.customer_erased_on)
        for file in self.env["oiconnect.exchange"].search(
            [("operator_id", "=", self.operator.id)]
        ):
            self.assertFalse(self._tells(file), file.name)

    def test_a_file_that_came_under_the_same_name_is_erased(self):
        exchange, orders = self._two()
        row = self._wire(**CUSTOMER)
        again = self._take(make_file(HEADER_V13, [row]), name=exchange.name)
        self.assertEqual(again.state, "in_anomaly")
        orders[0]._fire("cancel")
        orders[0].with_user(self.manager).action_erase_customer()
        self.assertFalse(again._content())
        self.assertTrue(again.sha256)

    def test_the_export_tells_the_lines_of_files(self):
        exchange, _orders = self._two()
        self._drain()
        export = (
            self.env["oiconnect.customer.export"]
            .with_user(self.manager)
            .create({"sought": "06 00 00 00 01"})
        )
        export.action_export()
        book = load_workbook(io.BytesIO(base64.b64decode(export.file)))
        lines = [[c.value for c in row] for row in book.worksheets[-1].iter_rows()]
        names = {row[2] for row in lines[1:]}
        self.assertIn(exchange.name, names)
        self.assertTrue(any("_CMD_STOC_" in name for name in names))
        self.assertIn(["NomClient", "EXEMPLE"], [row[3:] for row in lines])
        self.assertNotIn("AUTRE", str(lines))


@tagged("post_install", "-at_install")
class TestReceptionLogs(CustomerFilesCase):
    """A reception that goes wrong is logged without a word on its customers."""

    def _break_orders(self, error):
        orders = type(self.env["oiconnect.access.order"])

        def broken(model, lines, *args, **kwargs):
            error(model, lines)

        self.patch(orders, "_receive", broken)

    def _logged(self):
        """Take a file in; return all that was logged at any level."""
        with self.assertLogs("odoo", logging.DEBUG) as logs:
            exchange = self._received()
        formatter = logging.Formatter()
        return exchange, "\n".join(map(formatter.format, logs.records))

    def assertTellsNothing(self, text):
        self.assertFalse([value for value in VALUES if value in text])

    def test_an_error_that_repeats_the_line(self):
        def error(_model, lines):
            raise ValueError(f"cannot read {lines}")

        self._break_orders(error)
        exchange, text = self._logged()
        self.assertIn("line 2 cannot be handled", text)
        self.assertIn("ValueError", text)
        self.assertTellsNothing(text)
        self.assertEqual(exchange.state, "in_partial")
        self.assertEqual(exchange.error_ids.code, "FAUT01")
        self.assertTellsNothing(exchange.error_ids.message)

    def test_a_row_that_the_database_refuses(self):
        def error(model, lines):
            vals = model._vals_of(lines[0], [])
            # Without operator: PostgreSQL repeats the row in its error.
            model.create(vals | {"network_id": self.network.id}).flush_recordset()

        self._break_orders(error)
        exchange, text = self._logged()
        self.assertIn(NotNullViolation.__name__, text)
        self.assertTellsNothing(text)
        self.assertTellsNothing(exchange.error_ids.message)

    def test_a_reception_without_fault_says_nothing_either(self):
        _exchange, text = self._logged()
        self.assertTellsNothing(text)
