"""What the process that reads a delivery answers: its tables, then their rows."""

from contextlib import contextmanager
from itertools import islice

from odoo.addons.oiconnect_import.protocol import FileError

from .delivery import Limits, looks_like_delivery, read_delivery
from .problems import DeliveryError

#: rows of an answer
_ROWS = 1000


@contextmanager
def open_file(raw, scratch, limits, is_sought=False):
    """Open a delivery as commands.

    :param is_sought: a file that is none is refused as ``no_delivery``
    """
    if is_sought and not looks_like_delivery(raw):
        raise DeliveryError("no_delivery")
    with read_delivery(raw, scratch, Limits(*limits)) as delivery:
        known = delivery.tables | delivery.others
        batches = {name: _Batches(table) for name, table in known.items()}
        yield {
            "delivery": lambda: (_described(delivery), b""),
            "rows": lambda name: batches[name].next(),
            "layout": lambda name: (known[name].layout(), b""),
        }


def _described(delivery):
    return {
        "tables": [_table(table) for table in delivery.tables.values()],
        "others": [_table(table) for table in delivery.others.values()],
        "problems": delivery.problems,
        "generation": delivery.generation,
        "version": delivery.version,
        "epsg": delivery.epsg,
    }


def _table(table):
    reader = getattr(table, "reader", None)
    return {
        "name": table.name,
        "file": table.file,
        "header": table.header,
        "has_geometry": table.has_geometry,
        "is_stripped": table.is_stripped,
        "epsg": table.epsg,
        "encoding": table.encoding,
        "separator": reader and reader.separator,
    }


class _Batches:
    """The rows of a table, some at a time: as lines where they need no care."""

    def __init__(self, table):
        self._table = table
        self._reader = getattr(table, "reader", None)
        self._rows = table.rows()
        self._error = None

    def next(self):
        """Return the next rows, ``None`` after the last."""
        if self._error:
            error, self._error = self._error, None
            raise error
        first, lines = self._reader.take_plain(_ROWS) if self._reader else (0, [])
        if lines:
            return self._block(first=first), "\n".join(lines).encode()
        rows = self._cut_rows()
        return (self._block(rows=rows) if rows else None), b""

    def _block(self, **rows):
        return {"encoding": self._table.encoding, **rows}

    def _cut_rows(self):
        """Return the next rows as JSON has them; what comes before an error counts."""
        rows = []
        try:
            for line, cells, problem in islice(self._rows, _ROWS):
                if self._table.has_geometry:
                    cells[-1] = cells[-1] and cells[-1].hex()
                rows.append((line, cells, problem and problem[2:]))
        except (FileError, MemoryError) as error:
            if not rows:
                raise
            self._error = error
        return rows
