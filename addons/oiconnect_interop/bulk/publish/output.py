"""From lines of the database to the bytes of a file, in a zip, with flat memory."""

import queue
import re
import threading
import unicodedata
import zipfile
from contextlib import contextmanager

from odoo.tools import SQL

from odoo.addons.oiconnect_import.protocol import join_cells

from .cells import SEPARATOR

# Bytes that are written at a time, and blocks that wait for the compression
_BLOCK = 1 << 20
_WAITING = 8
_LEVEL = 6
# Signs of COPY that no line holds: it quotes lines with a break only
_QUOTE, _DELIMITER = "\x02", "\x03"
_QUOTED = re.compile(b"\x02([^\x02]*)\x02")
_MARK = b"\xef\xbb\xbf"
# Readers refuse control characters, whatever way they came into a text.
_CONTROLS = {chr(code): " " for code in (*range(32), 127)}


class Rows:
    """What COPY writes to: lines of the database, one a call."""

    def __init__(self, take):
        self.take = take
        self.count = 0
        self._lines = []
        self._size = 0

    # pylint: disable-next=method-required-super
    def write(self, line):
        self.count += 1
        self._lines.append(line)
        self._size += len(line)
        if self._size >= _BLOCK:
            self.flush()

    def flush(self):
        if self._lines:
            self.take(b"".join(self._lines))
            self._lines.clear()
            self._size = 0


class Wire:
    """Blocks of lines as the format has them in the file."""

    def __init__(self, file_format):
        self.format = file_format
        self.replaced = 0
        separator = file_format.separator
        self._line_end = file_format.line_end.encode()
        self._signs = [separator.encode(), b'"', b"\r"]
        # Line breaks within texts are gone by then: what is left ends lines.
        ends = {"\n": "\n", SEPARATOR: separator}
        self._plain = _table(_CONTROLS | file_format.substitutes | ends)
        quotable = {sign: sign for sign in f"\t\r\n{SEPARATOR}"}
        self._quotable = _table(_CONTROLS | quotable)
        self._utf8 = file_format.encoding.startswith("utf-8")

    def header(self, names):
        """Return the first line of the file."""
        line = join_cells(list(names), self.format.separator) + self.format.line_end
        mark = _MARK if self.format.encoding == "utf-8-sig" else b""
        return mark + self._encoded(line.encode())

    def lines(self, block):
        """Return the bytes of whole lines as COPY gives them."""
        if _QUOTE.encode() in block:
            block = _QUOTED.sub(_on_one_line, block)
        if self.format.quoting == "minimal" and any(s in block for s in self._signs):
            return self._encoded(self._quoted(block.translate(self._quotable)))
        block = block.translate(self._plain)
        return self._encoded(block.replace(b"\n", self._line_end))

    def _quoted(self, block):
        rows = block.decode().split("\n")[:-1]
        return "".join(
            join_cells(row.split(SEPARATOR), self.format.separator)
            + self.format.line_end
            for row in rows
        ).encode()

    def _encoded(self, block):
        """Return UTF-8 bytes in the encoding of the file.

        A sign that the encoding does not have becomes the nearest one, or "?".
        """
        if self._utf8:
            return block
        text = block.decode()
        try:
            return text.encode(self.format.encoding)
        except UnicodeEncodeError:
            return "".join(map(self._nearest, text)).encode(self.format.encoding)

    def _nearest(self, sign):
        for candidate in (sign, unicodedata.normalize("NFKD", sign)[:1], "?"):
            try:
                candidate.encode(self.format.encoding)
            except UnicodeEncodeError:
                self.replaced += 1
            else:
                return candidate
        return "?"


def _table(signs):
    return bytes.maketrans("".join(signs).encode(), "".join(signs.values()).encode())


def _on_one_line(match):
    return match[1].replace(b"\r", b" ").replace(b"\n", b" ")


def copy_lines(cr, query, take):
    """Give the lines of ``query`` (one column of text) to ``take`` by blocks.

    :return: how many there are
    """
    rows = Rows(take)
    command = SQL(
        "COPY (%s) TO STDOUT (FORMAT csv, QUOTE %s, DELIMITER %s)",
        query,
        _QUOTE,
        _DELIMITER,
    )
    cr.copy_expert(cr.mogrify(command).decode(), rows)
    rows.flush()
    return rows.count


@contextmanager
def zipped(target, name):
    """Give the function that adds blocks to the only entry of a zip file.

    They are compressed by a thread beside: PostgreSQL works meanwhile.

    :param target: binary stream, written from where it is
    """
    with zipfile.ZipFile(
        target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL
    ) as pack:
        with (
            pack.open(name, "w", force_zip64=True) as entry,
            BackgroundWriter(entry.write) as work,
        ):
            yield work.put


class BackgroundWriter:
    """Thread that calls ``work`` on queued items, in order; the queue is bounded."""

    def __init__(self, work):
        self.work = work
        self.error = None
        self._items = queue.Queue(_WAITING)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._items.put(None)
        self._thread.join()
        if self.error:
            raise self.error

    def put(self, item):
        """Hand ``item`` over; raise what broke meanwhile."""
        if self.error:
            raise self.error
        self._items.put(item)

    def _run(self):
        while (item := self._items.get()) is not None:
            if not self.error:
                try:
                    self.work(item)
                except Exception as error:
                    self.error = error
