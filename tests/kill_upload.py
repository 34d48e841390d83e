"""An upload that pauses, then goes on: whatever was taken of it, it counts once."""

import os

from kill_place import UPLOADER, Work, drain, process, receipts
from kill_points import BOX, after, before
from odoo_process import environment

LONG = 3600
LONG_AGO = "2000-01-01"
ORDERS = 3


class Upload(Work):
    """The operator writes under the final name, and holds the file open."""

    def __init__(self, found, place):
        super().__init__(found, place)
        self.endpoint_id = place.endpoint_ids[UPLOADER]
        self.name = place.name(UPLOADER)
        self.references = place.references(self.name, ORDERS)
        self.content = place.orders(*self.references)
        # A handle that the killed process has too, as the operator goes on with it.
        self.upload = os.open(place.home() / "in" / self.name, os.O_CREAT | os.O_WRONLY)
        os.write(self.upload, self.content[: self.pause()])

    def pause(self):
        """Return after how many bytes the upload pauses."""
        raise NotImplementedError

    def _missing(self):
        return self.content[os.fstat(self.upload).st_size :]

    def _look(self, found, still=0):
        with environment(found) as env:
            endpoint = env["oiconnect.endpoint"].browse(self.endpoint_id)
            endpoint.still_seconds = still
            endpoint._poll()

    def _process(self, found):
        for exchange_id in self._exchange_ids(found):
            process(found, exchange_id)

    def _exchange_ids(self, found):
        with environment(found) as env:
            domain = [("name", "=", self.name), ("direction", "=", "in")]
            return env["oiconnect.exchange"].search(domain, order="id").ids

    def _answer(self, found):
        drain(found, self.endpoint_id)
        for _file in range(2):
            with environment(found) as env:
                env["oiconnect.endpoint"].browse(self.endpoint_id)._send()

    def assert_done(self):
        os.close(self.upload)
        self._assert_put_away()
        self._assert_ordered_once()
        self._assert_answered_once()
        with environment(self.found) as env:
            self.assert_stored(
                env["oiconnect.exchange"].browse(self._exchange_ids(self.found))
            )

    def assert_stored(self, exchanges):
        """Check what is stored of the file, once it was put away."""
        raise NotImplementedError

    def _assert_put_away(self):
        home = self.place.home()
        [path] = [item for item in home.rglob("*") if self.name in item.name]
        assert path == home / "in" / "archive" / self.name
        assert path.read_bytes() == self.content

    def _assert_ordered_once(self):
        with environment(self.found) as env:
            orders = env["oiconnect.access.order"].search(
                [("oc_reference", "in", self.references)]
            )
            assert sorted(orders.mapped("oc_reference")) == self.references
            assert set(orders.mapped("state")) == {"ar_ok"}

    def _assert_answered_once(self):
        rows = receipts(self.found, self.name)
        answered = [row["ReferenceCommandePriseInterneOC"] for row in rows]
        assert answered == self.references
        names = {row["file"] for row in rows}
        out = [path.name for path in (self.place.home() / "out").iterdir()]
        assert names <= set(out)
        assert not [name for name in out if name.endswith(".tmp")]


class PausedUpload(Upload):
    """The pause is shorter than a file has to stand still: it is taken once, whole."""

    MOMENTS = {
        "half of it was seen": after("oiconnect.endpoint", "_take_files"),
        "half of it stood still": after("oiconnect.endpoint", "_take_files", 2),
        "the whole was seen": before("oiconnect.endpoint", "_take_files", 4),
        "it is about to be claimed": before(BOX, "rename"),
        "it is claimed": after(BOX, "rename"),
        "it is read": before("oiconnect.exchange", "_receive_file"),
        "it is about to be stored": after("oiconnect.exchange", "_receive_file"),
        "it is stored": before("oiconnect.exchange", "_process"),
        "its lines are applied": after("oiconnect.inbound", "_handle"),
        "it is put away": after(BOX, "rename"),
        "its receipt is made": after("oiconnect.outbound", "_write_file"),
        "its receipt is being written": after(BOX, "_upload"),
        "its receipt has arrived": after(BOX, "write"),
    }

    def pause(self):
        return len(self.content) // 2

    def run(self, found):
        if self._missing():
            self._look(found, still=LONG)
            self._look(found, still=LONG)
            os.write(self.upload, self._missing())
        for _turn in range(2):
            self._look(found)
        self._process(found)
        self._look(found)
        self._answer(found)

    def assert_stored(self, exchanges):
        [exchange] = exchanges
        assert exchange._content() == self.content
        assert (exchange.state, exchange.done_count) == ("in_done", ORDERS)


class StalledUpload(Upload):
    """It paused for longer: its first line was taken; it goes on once put away."""

    MOMENTS = {
        "its beginning is claimed": after(BOX, "rename"),
        "its beginning is stored": before("oiconnect.exchange", "_process"),
        "its beginning is put away": after(BOX, "rename"),
        "its growth was seen": after("oiconnect.endpoint", "_take_again"),
        "it is read again": before("oiconnect.exchange", "_receive_again"),
        "it is about to be stored": after("oiconnect.exchange", "_receive_again"),
        "it is stored": before("oiconnect.exchange", "_read_through"),
        "the line that was taken is passed": after(
            "oiconnect.exchange", "_pass_handled_lines"
        ),
        "the others are applied": after("oiconnect.inbound", "_handle"),
        "its receipts are made": after("oiconnect.outbound", "_write_file", 2),
        "a receipt has arrived": after(BOX, "write"),
        "the other is being written": after(BOX, "_upload"),
    }

    def pause(self):
        first = self.content.index(self.references[0].encode())
        return self.content.index(b"\r\n", first) + 2

    def run(self, found):
        for _turn in range(2):
            self._look(found)
        self._process(found)
        self._look(found)
        os.write(self.upload, self._missing())
        for _turn in range(3):
            self._check_at_once(found)
            self._look(found)
        self._process(found)
        self._look(found)
        self._answer(found)

    def _check_at_once(self, found):
        """Files put away are looked at later and later: as if that time had come."""
        with environment(found) as env:
            claims = env["oiconnect.claim"].search([("name", "=", self.name)])
            claims.check_date = LONG_AGO

    def assert_stored(self, exchanges):
        assert exchanges.mapped("size") == [self.pause(), len(self.content)]
        assert exchanges[-1]._content() == self.content
        assert set(exchanges.mapped("state")) == {"in_done"}
