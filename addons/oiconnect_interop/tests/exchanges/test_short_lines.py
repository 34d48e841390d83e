from odoo.tests import tagged

from ..common import HEADER_V13, ExchangeCase, make_file, received_flows
from ..imports.cpn_common import CpnCase
from ..imports.import_common import LINE, ImportCase, ipe_file, ipe_header, ipe_line
from ..protocol.protocol_common import shipped_format


@tagged("post_install", "-at_install")
class TestShortLinesOfOperators(ExchangeCase):
    """Missing parts of an operator's file are reported once, in plain words."""

    def _cut(self, flow, count):
        of_pm = self.env["oiconnect.flow"]._by_code(flow).protocol == "pm"
        header = shipped_format(flow, "V3.1" if of_pm else "V1.3").header
        text = f"{';'.join(header)}\r\n{';'.join(['X'] * count)}\r\n"
        return self._take(text.encode(), self._name(flow)), len(header)

    def test_a_line_cut_short_has_one_error_in_each_flow(self):
        for flow in received_flows(self.env):
            with self.subTest(flow):
                exchange, width = self._cut(flow, 2)
                self.assertEqual(len(exchange.error_ids), 1)
                error = exchange.error_ids
                self.assertIn(f"2 colonnes au lieu de {width}", error.message)
                self.assertEqual((error.line, error.code), (2, "FIMP16"))

    def test_an_order_cut_short_is_answered_with_what_happened_to_it(self):
        exchange, _width = self._cut("CMD_ACCES", 20)
        order = self._orders_of(exchange)
        self.assertEqual((order.state, order.reason_id.code), ("ar_ko", "FIMP16"))
        self.assertIn("20 colonnes au lieu de 37", order.reason_comment)

    def test_an_empty_telephone_is_reported_once(self):
        for contact in ("", "_NA_", "12"):
            with self.subTest(contact=contact):
                line = self._wire(ContactClient1=contact)
                errors = self._take([line]).error_ids
                self.assertEqual(errors.mapped("column"), ["ContactClient1"])

    def test_an_empty_file_says_that_it_is_empty(self):
        header = make_file(HEADER_V13, [])
        for content, text in (
            (b"", "Le fichier est vide"),
            (header, "aucune ligne"),
            (b"\r\n", "première ligne est vide"),
        ):
            with self.subTest(text):
                exchange = self._take(content)
                self.assertEqual(exchange.state, "in_refused")
                self.assertIn(text, exchange.message)


@tagged("post_install", "-at_install")
class TestShortLinesOfImports(ImportCase):
    """The same of the files of our own systems."""

    def test_forty_columns_where_seventy_eight_are_expected(self):
        header = ipe_header()
        short = ";".join(ipe_line(2).get(name, "") for name in header[:40])
        content = ipe_file([LINE]) + short.encode() + b"\r\n"
        done = self._import(content)
        self.assertEqual(self._errors(done), [(3, False, "FIMP16")])
        message = done.error_ids.with_context(lang="fr_FR").message
        self.assertIn("40 colonnes au lieu de 78", message)
        self.assertEqual((done.state, done.error_line_count), ("done_errors", 1))
        self.assertTrue(self._building(1))
        self.assertFalse(self._building(2))

    def test_an_empty_file_says_that_it_is_empty(self):
        record = self._upload(b"").with_context(lang="fr_FR")
        record.invalidate_recordset()
        record._compute_nature()
        self.assertIn("Le fichier est vide", record.problem)

    def test_nothing_is_said_of_a_file_that_was_not_chosen_yet(self):
        self.assertFalse(self.imports.create({"network_id": self.network.id}).problem)


@tagged("post_install", "-at_install")
class TestShortLinesOfLinks(CpnCase):
    def test_a_link_cut_short_has_one_error(self):
        width = len(shipped_format("CPN", "V3.0").header)
        header = ";".join(shipped_format("CPN", "V3.0").header)
        done = self._import_cpn(f"{header}\r\nOICN;PM;PRDM\r\n".encode())
        self.assertEqual(done.error_ids.mapped("code"), ["FIMP16"])
        message = done.error_ids.with_context(lang="fr_FR").message
        self.assertIn(f"3 colonnes au lieu de {width}", message)
