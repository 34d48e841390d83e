from datetime import timedelta

from odoo.fields import Datetime
from odoo.tests.common import tagged

from ..common import ExchangeCase


@tagged("post_install", "-at_install")
class TestExchangeArrival(ExchangeCase):
    """A file that waited too long at our door is a missed delay of ours."""

    def _misses(self):
        return self.env["oiconnect.delay.miss"].search(
            [("operator_id", "=", self.operator.id)]
        )

    def test_a_receipt_is_late_when_its_file_waited(self):
        self._take([self._wire()])
        self.assertFalse(self._misses())
        exchange = self._take([self._wire(), self._wire(NomClient="")], settle=False)
        exchange._process()
        exchange.flush_recordset()
        self.env.cr.execute(
            "UPDATE oiconnect_exchange SET create_date = %s WHERE id = %s",
            (Datetime.now() - timedelta(hours=3), exchange.id),
        )
        exchange.invalidate_recordset()
        exchange._process()
        misses = self._misses()
        self.assertEqual(
            set(misses.mapped("res_id")), set(self._orders_of(exchange).ids)
        )
        self.assertEqual(set(misses.mapped("kind")), {"receipt"})
        for hours in misses.mapped("hours_late"):
            self.assertAlmostEqual(hours, 2, 1)
        self.assertTrue(all(misses.mapped("done_date")))
        figures = self.env["oiconnect.delay.count"]._read_group(
            [("operator_id", "=", self.operator.id), ("kind", "=", "receipt")],
            [],
            ["ended:sum", "late:sum"],
        )
        self.assertEqual(figures, [(3, 2)])
