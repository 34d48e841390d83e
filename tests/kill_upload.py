"""An upload that pauses, then goes on: the file is taken once, whole."""

import os

from kill_place import UPLOADER, Work, drain, process, receipts
from kill_points import BOX, after, before
from odoo_process import environment

LONG = 3600
ORDERS = 3


class PausedUpload(Work):
    """The operator writes under the final name, and holds the file open."""

    MOMENTS = {
        "half of it was seen": after("oiconnect.endpoint", "_take_files"),
        "half of it stood still": after("oiconnect.endpoint", "_take_files", 2),
        "the whole was seen": before("oiconnect.endpoint", "_take_files", 4),
        "it is about to be claimed": before(BOX, "rename"),
        "it is claimed": after(BOX, "rename"),
        "it is read": before("oiconnect.exchange", "_take_in"),
        "it is about to be stored": after("oiconnect.exchange", "_take_in"),
        "it is stored": before("oiconnect.exchange", "_process"),
        "its lines are applied": after("oiconnect.inbound", "_handle"),
        "it is put away": after(BOX, "rename", 2),
        "its receipt is made": after("oiconnect.outbound", "_write_file"),
        "its receipt is being written": after(BOX, "_upload"),
        "its receipt has arrived": after(BOX, "write"),
    }

    def __init__(self, found, place):
        super().__init__(found, place)
        self.endpoint_id = place.endpoint_ids[UPLOADER]
        self.name = place.name(UPLOADER)
        self.references = place.references(self.name, ORDERS)
        self.content = place.orders(*self.references)
        # A handle that the killed process has too, as the operator goes on with it.
        self.upload = os.open(place.home() / "in" / self.name, os.O_CREAT | os.O_WRONLY)
        os.write(self.upload, self.content[: len(self.content) // 2])

    def run(self, found):
        if self._missing():
            self._look(found, still=LONG)
            self._look(found, still=LONG)
            os.write(self.upload, self._missing())
        for _turn in range(2):
            self._look(found)
        process(found, self._exchange_id(found))
        self._look(found)
        drain(found, self.endpoint_id)
        self._send(found)

    def _missing(self):
        return self.content[os.fstat(self.upload).st_size :]

    def _look(self, found, still=0):
        with environment(found) as env:
            endpoint = env["oiconnect.endpoint"].browse(self.endpoint_id)
            endpoint.still_seconds = still
            endpoint._poll()

    def _exchange_id(self, found):
        with environment(found) as env:
            domain = [("name", "=", self.name), ("direction", "=", "in")]
            [exchange] = env["oiconnect.exchange"].search(domain)
            return exchange.id

    def _send(self, found):
        with environment(found) as env:
            env["oiconnect.endpoint"].browse(self.endpoint_id)._send()

    def assert_done(self):
        os.close(self.upload)
        self._assert_taken_once()
        self._assert_answered_once()

    def _assert_taken_once(self):
        home = self.place.home()
        [path] = [item for item in home.rglob("*") if self.name in item.name]
        assert path == home / "in" / "archive" / self.name
        assert path.read_bytes() == self.content
        with environment(self.found) as env:
            [exchange] = env["oiconnect.exchange"].search([("name", "=", self.name)])
            assert exchange._content() == self.content
            assert (exchange.state, exchange.done_count) == ("in_done", ORDERS)
            orders = env["oiconnect.access.order"].search(
                [("oc_reference", "in", self.references)]
            )
            assert sorted(orders.mapped("oc_reference")) == self.references
            assert set(orders.mapped("state")) == {"ar_ok"}

    def _assert_answered_once(self):
        rows = receipts(self.found, self.name)
        answered = [row["ReferenceCommandePriseInterneOC"] for row in rows]
        assert answered == self.references
        [name] = {row["file"] for row in rows}
        out = self.place.home() / "out"
        assert [path.name for path in out.iterdir() if name in path.name] == [name]
