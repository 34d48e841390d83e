from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from odoo.fields import Datetime
from odoo.tests.common import tagged

from odoo.addons.queue_job.exception import RetryableJobError

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


@tagged("post_install", "-at_install")
class TestFileElsewhere(ExchangeCase):
    """A file on the disk of another node, or on one that is not there for a moment."""

    @contextmanager
    def _away(self, exchange):
        attachment = exchange._attachment()
        path = Path(attachment._full_path(attachment.store_fname))
        away = path.rename(path.with_suffix(".away"))
        self.env.invalidate_all()
        try:
            yield
        finally:
            away.rename(path)
            self.env.invalidate_all()

    def test_a_file_that_is_not_here_is_not_refused_as_an_empty_one(self):
        exchange = self._take([self._wire(NomClient="ABSENT")], settle=False)
        with self._away(exchange), self.assertRaises(RetryableJobError):
            exchange._process()
        self.assertEqual(exchange.state, "in_received")
        exchange._process()
        self.assertEqual(exchange.state, "in_done")

    def test_no_empty_file_leaves_in_the_place_of_one_that_is_not_here(self):
        self._take([self._wire(NomClient="ABSENT")])
        self._drain()
        answer = self.endpoint._next_to_send("send")
        self.assertTrue(answer)
        with ExitStack() as stack:
            with self._away(answer), self.assertRaises(RetryableJobError):
                self.endpoint._take_out("send", stack)
            self.assertEqual(answer.attempt_count, 0)
            sent = self.endpoint._take_out("send", stack)
            self.assertEqual(len(sent.content.read()), answer.size)
