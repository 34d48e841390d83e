from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests.common import new_test_user, tagged

from odoo.addons.oiconnect_import.protocol.format import Line

from ...models.exchanges.inbound import Handled
from ..common import ExchangeCase, make_file
from .test_exchange_flows import MES, STOC


@tagged("post_install", "-at_install")
class TestTrace(ExchangeCase):
    """What each operator sent and got, and what each line came to."""

    def _trace(self, exchange):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["oiconnect.exchange.trace"].browse(exchange.id)

    def _age(self, exchange, hours):
        """Say that ``exchange`` came so many hours ago."""
        date = fields.Datetime.now() - timedelta(hours=hours)
        self.env.cr.execute(
            "UPDATE oiconnect_exchange SET create_date = %s WHERE id = %s",
            [date, exchange.id],
        )

    def _report(self, order, **values):
        line = {
            "ReferenceCommandePriseInterneOC": order.oc_reference,
            "ReferencePrestationPrise": order.service_reference,
            "ReferenceCommandeSousTraitantOI": order.subcontract_reference,
            "CrRaccordementPrise": "OK",
            "ReferencePrise": order.pto_id.reference,
            **values,
        }
        return self._take(make_file(STOC, [line]), self._name("CR_STOC"))

    # ------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------

    def test_each_line_tells_the_order_it_made_and_each_order_its_lines(self):
        lines = [self._wire(), self._wire(ReferencePm=""), self._wire()]
        exchange = self._take(lines)
        orders = self._orders_of(exchange)
        found = exchange.line_ids.sorted("line")
        self.assertEqual(
            [(item.line, item.reference, item.res_id, item.code) for item in found],
            [
                (number, order.oc_reference, order.id, order.reason_id.code)
                for number, order in zip((2, 3, 4), orders, strict=True)
            ],
        )
        orders[0]._study()
        report = self._report(orders[0])
        self.assertEqual(orders[0].exchange_line_ids.exchange_id, exchange | report)
        self.assertEqual(found[0].action_open_record()["res_id"], orders[0].id)

    def test_a_line_that_names_no_order_is_there_all_the_same(self):
        line = {
            "ReferenceCommandePriseInterneOC": "INCONNUE",
            "ReferencePrestationPrise": "X",
            "DateMiseEnServicePrise": "20260328 11:15",
        }
        exchange = self._take(make_file(MES, [line]), self._name("CR_MES"))
        self.assertEqual(exchange.line_ids.reference, "INCONNUE")
        self.assertEqual(
            (exchange.line_ids.res_id, exchange.line_ids.code), (0, "FIMP14")
        )

    def test_the_journal_of_ten_times_more_lines_takes_no_more_statements(self):
        self.assertEqual(self._count_statements(3), self._count_statements(30))

    def _count_statements(self, count):
        exchange = self._take([self._wire()])
        lines = [
            Handled(Line(n, {"oc_reference": str(n)}, ()), []) for n in range(count)
        ]
        before = self.env.cr.sql_log_count
        self.env["oiconnect.exchange.line"]._append(exchange, lines)
        return self.env.cr.sql_log_count - before

    # ------------------------------------------------------------------
    # Delays
    # ------------------------------------------------------------------

    def test_from_the_reception_to_the_receipt_and_to_the_report(self):
        exchange = self._take([self._wire(), self._wire()])
        self._age(exchange, 3)
        [receipt] = self._drain()
        receipt._note_sent()
        self.assertAlmostEqual(self._trace(exchange).receipt_hours, 3, 1)
        self.assertFalse(self._trace(exchange).report_hours)
        self._orders_of(exchange)._study()
        files = self._drain()
        report = files.filtered(lambda e: e.flow_id.code == "CR_CMD")
        self.assertEqual(exchange.report_ids, report)
        self.assertEqual(report.reported_ids, exchange)
        report._note_sent()
        report.sent_date += timedelta(hours=2)
        self.assertAlmostEqual(self._trace(exchange).report_hours, 5, 1)

    def test_a_report_of_several_files_is_that_of_each(self):
        first, second = (self._take([self._wire()]) for _n in range(2))
        (self._orders_of(first) | self._orders_of(second))._study()
        report = self._drain().filtered(lambda e: e.flow_id.code == "CR_CMD")
        self.assertEqual(report.reported_ids, first | second)

    def test_a_connection_report_is_reported_on_by_the_availability(self):
        order = self._orders_of(self._take([self._wire()]))
        order._study()
        self._drain()
        exchange = self._report(order)
        [delivery] = self._drain()
        self.assertEqual(exchange.report_ids, delivery)
        self.assertEqual(delivery.reported_ids, exchange)

    def test_from_our_file_to_its_delivery(self):
        self._take([self._wire()])
        [receipt] = self._drain()
        self.assertFalse(self._trace(receipt).delivery_hours)
        self._age(receipt, 1)
        receipt._note_sent()
        self.assertAlmostEqual(self._trace(receipt).delivery_hours, 1, 1)
        self.assertFalse(self._trace(receipt).receipt_hours)

    # ------------------------------------------------------------------
    # Filters and rights
    # ------------------------------------------------------------------

    def test_errors_late_files_and_gaps_are_found(self):
        good = self._take([self._wire()])
        partial = self._take([self._wire(ReferencePm="")])
        refused = self._take(b"nothing")
        traces = self.env["oiconnect.exchange.trace"]
        own = [("operator_id", "=", self.operator.id)]
        faulty = traces.search([*own, ("is_faulty", "=", True)])
        self.assertEqual(set(faulty.ids), {partial.id, refused.id})
        self.assertFalse(traces.browse(good.id).is_faulty)
        good.is_late = True
        late = traces.search([*own, ("is_late", "=", True)])
        self.assertEqual(late.ids, good.ids)

    def test_figures_of_operators_stand_side_by_side(self):
        exchange = self._take([self._wire(), self._wire(ReferencePm="")])
        self._age(exchange, 2)
        self._drain()._note_sent()
        [row] = self.env["oiconnect.exchange.trace"].formatted_read_group(
            [("operator_id", "=", self.operator.id), ("direction", "=", "in")],
            ["operator_id"],
            ["line_count:sum", "refused_count:sum", "receipt_hours:avg"],
        )
        self.assertEqual((row["line_count:sum"], row["refused_count:sum"]), (2, 1))
        self.assertAlmostEqual(row["receipt_hours:avg"], 2, 1)

    def test_a_trace_opens_its_file(self):
        exchange = self._take([self._wire()])
        action = self._trace(exchange).action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (exchange._name, exchange.id)
        )

    def test_another_company_sees_neither_lines_nor_trace(self):
        exchange = self._take([self._wire()])
        company = self.env["res.company"].create({"name": "Autre société"})
        user = new_test_user(
            self.env,
            "autre_trace",
            "oiconnect_base.group_exchange_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for record in (exchange.line_ids, self._trace(exchange)):
            with self.subTest(record._name):
                seen = record.with_user(user)
                self.assertFalse(seen.search([("id", "in", record.ids)]))
                with self.assertRaises(AccessError):
                    seen.read(["line_count" if "trace" in record._name else "line"])
