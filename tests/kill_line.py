"""A line that cannot be applied: tried three times, answered once; the file goes on."""

from contextlib import contextmanager
from unittest.mock import patch

from kill_place import REPORTER, Work, drain, process, receipts
from kill_points import after, before
from odoo_process import environment


class RetriedLine(Work):
    """Somebody holds what the second of three lines names."""

    MOMENTS = {
        "the file is opened": after("oiconnect.exchange", "_open_file"),
        "its batch breaks": before("oiconnect.exchange", "_handle_isolated"),
        "the line before is applied": after("oiconnect.exchange", "_handle_isolated"),
        "the line has failed once": after("oiconnect.exchange", "_handle_isolated", 2),
        "its first try is committed": before("oiconnect.exchange", "_process", 2),
        "its second try is committed": before("oiconnect.exchange", "_process", 2),
        "it is given up": before("oiconnect.exchange", "_abandon_line"),
        "it is answered": after("oiconnect.inbound", "_answer_line"),
        "somebody has a task": after("oiconnect.endpoint", "_give_task"),
        "its end is committed": before("oiconnect.exchange", "_process", 2),
        "the file is over": after("oiconnect.exchange", "_finish"),
        "its receipt is made": after("oiconnect.outbound", "_write_file"),
    }

    def __init__(self, found, place):
        super().__init__(found, place)
        self.endpoint_id = place.endpoint_ids[REPORTER]
        self.name = place.name(REPORTER)
        self.references = place.references(self.name, 3)
        with environment(found) as env:
            endpoint = env["oiconnect.endpoint"].browse(self.endpoint_id)
            self.exchange_id = (
                env["oiconnect.exchange"]
                ._receive_file(endpoint, self.name, place.orders(*self.references))
                .id
            )

    def run(self, found):
        with self._held(found):
            process(found, self.exchange_id)
        drain(found, self.endpoint_id)

    @contextmanager
    def _held(self, found):
        from odoo.addons.oiconnect_base.exceptions import BusyError

        orders = found["oiconnect.access.order"]
        receive = orders._receive

        def refuse(records, lines, *arguments, **keywords):
            if self.references[1] in [line["oc_reference"] for line in lines]:
                raise BusyError("Quelqu'un y travaille.")
            return receive(records, lines, *arguments, **keywords)

        with patch.object(orders, "_receive", refuse):
            yield

    def assert_done(self):
        with environment(self.found) as env:
            exchange = env["oiconnect.exchange"].browse(self.exchange_id)
            assert (exchange.state, exchange.done_count) == ("in_partial", 3)
            assert exchange.refused_count == 1
            [error] = exchange.error_ids
            assert (error.line, error.message) == (3, "Quelqu'un y travaille.")
            [task] = exchange.activity_ids
            assert "ligne 3" in task.summary
            orders = env["oiconnect.access.order"].search(
                [("oc_reference", "in", self.references)]
            )
            accepted = [self.references[0], self.references[2]]
            assert sorted(orders.mapped("oc_reference")) == accepted
        states = [
            (row["ReferenceCommandePriseInterneOC"], row["EtatArCommandePrise"])
            for row in receipts(self.found, self.name)
        ]
        assert states == list(zip(self.references, ("OK", "KO", "OK"), strict=True))
