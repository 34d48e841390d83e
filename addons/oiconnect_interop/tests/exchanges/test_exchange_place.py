import io
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.exceptions import BusyError
from odoo.addons.oiconnect_import.protocol import decoder

from ...models.exchanges import exchange_process
from ..common import HEADER_V13, ExchangeCase, make_file


class Counted(io.BytesIO):
    """A file that counts what is read of it."""

    def __init__(self, content, counts):
        super().__init__(content)
        self.counts = counts

    def read(self, size=-1):
        block = super().read(size)
        self.counts[-1] += len(block)
        return block


@tagged("post_install", "-at_install")
class TestExchangePlace(ExchangeCase):
    """A large file is read once, batch after batch, whatever stops it on the way."""

    def setUp(self):
        super().setUp()
        self.patch(exchange_process, "BATCH", 10)

    @contextmanager
    def _counting(self):
        """Give the list of the bytes read of the file by each step."""
        counts = []

        @contextmanager
        def opened(exchange):
            counts.append(0)
            yield Counted(exchange._content_of_test, counts)

        exchanges = self.env.registry["oiconnect.exchange"]
        with (
            patch.object(exchanges, "_open_content", opened),
            patch.object(decoder, "BLOCK", 512),
            patch.object(decoder, "_SAMPLE", 512),
        ):
            yield counts

    def _settle(self, exchange):
        while not exchange._is_settled():
            exchange._process()

    def _references(self, exchange):
        return self._orders_of(exchange).mapped("oc_reference")

    def test_no_batch_reads_again_what_was_read_before(self):
        content = make_file(HEADER_V13, [self._wire() for _rank in range(60)])
        exchange = self._take(content, settle=False)
        exchange.env.registry["oiconnect.exchange"]._content_of_test = content
        self.addCleanup(
            delattr, exchange.env.registry["oiconnect.exchange"], "_content_of_test"
        )
        with self._counting() as counts:
            self._settle(exchange)
        whole, *batches = counts
        self.assertEqual((whole, len(batches)), (len(content), 6))
        # What is read ahead, and once more to know where the batch ends.
        self.assertLess(max(batches), 2 * len(content) / 6 + 4 * 512)
        self.assertEqual(len(set(self._references(exchange))), 60)

    def test_any_file_ends_as_if_it_were_read_at_once(self):
        lines = [
            self._wire(CommentaireCmdAcces=f'Sonnette "é"; étage {rank}\r\nau fond')
            for rank in range(25)
        ]
        for encoding in ("utf-8-sig", "cp1252"):
            exchange = self._take(make_file(HEADER_V13, lines, encoding))
            self.assertEqual((exchange.state, exchange.encoding), ("in_done", encoding))
            orders = self._orders_of(exchange)
            self.assertEqual(
                [order.comment.split()[3] for order in orders],
                [str(rank) for rank in range(25)],
            )
            self.assertEqual(
                exchange.line_ids.sorted("line").mapped("line"),
                list(range(2, 52, 2)),
            )
            lines = [self._wire(**_without_key(line)) for line in lines]

    def test_a_process_killed_between_two_batches_loses_and_doubles_nothing(self):
        exchange = self._take([self._wire() for _rank in range(30)], settle=False)
        exchange._process()
        exchange._process()
        self.env.flush_all()
        place = exchange.next_place
        savepoint = self.env.cr.savepoint(flush=True)
        exchange._process()
        self.assertNotEqual(exchange.next_place, place)
        savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)
        self.assertEqual((exchange.next_place, exchange.done_count), (place, 10))
        self._settle(exchange)
        self.assertEqual(len(set(self._references(exchange))), 30)
        self.assertEqual(len(self._orders_of(exchange)), 30)

    def test_a_line_that_waits_is_the_first_of_the_next_try(self):
        lines = [self._wire() for _rank in range(12)]
        exchange = self._take(lines, settle=False)
        exchange._process()
        orders = self.env.registry["oiconnect.access.order"]
        receive = orders._receive
        held = lines[4]["ReferenceCommandePriseInterneOC"]

        def busy(records, received, *arguments, **keywords):
            if held in [line["oc_reference"] for line in received]:
                raise BusyError("held by someone else")
            return receive(records, received, *arguments, **keywords)

        with (
            patch.object(orders, "_receive", busy),
            self.assertLogs("odoo.addons.oiconnect_interop", "WARNING"),
        ):
            exchange._process()
        self.assertEqual((exchange.done_count, exchange.try_count), (4, 1))
        self._settle(exchange)
        self.assertEqual(
            self._references(exchange),
            [line["ReferenceCommandePriseInterneOC"] for line in lines],
        )

    def test_a_file_that_was_begun_before_places_were_stored_goes_on(self):
        exchange = self._take([self._wire() for _rank in range(25)], settle=False)
        exchange._process()
        exchange._process()
        exchange.next_place = False
        self._settle(exchange)
        self.assertEqual(len(set(self._references(exchange))), 25)

    def test_a_file_whose_bytes_change_is_read_again_from_its_beginning(self):
        """The customer of one of its lines is erased meanwhile, for instance."""
        exchange = self._take([self._wire() for _rank in range(25)], settle=False)
        exchange._process()
        exchange._process()
        first = self._orders_of(exchange)[0]
        exchange._erase_customers(first)
        self.assertFalse(exchange.next_place)
        self._settle(exchange)
        self.assertEqual(len(set(self._references(exchange))), 25)


def _without_key(line):
    key = "ReferenceCommandePriseInterneOC"
    return {name: text for name, text in line.items() if name != key}
