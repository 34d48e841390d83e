"""A delivery on the server's side: read in a process of its own, row after row."""

from contextlib import contextmanager

from odoo.addons.oiconnect_base.foreign_files import process
from odoo.addons.oiconnect_base.foreign_files.process import ReadingError

from ..catalogue import TABLES
from .delivery import Limits, has_signature
from .problems import DeliveryError, Problem
from .tables import TableFile

_READER = "odoo.addons.oiconnect_gracethd.reading.reader"
_WRONG = (TypeError, ValueError, KeyError, IndexError, AttributeError)


class Delivery:
    """The tables of a delivery, and what is wrong with its files."""

    def __init__(self, read, described):
        self._read = read
        self.tables = {
            table.name: table
            for table in (Table(read, **item) for item in described["tables"])
            if table.name in TABLES
        }
        #: those that the standard does not know
        self.others = {
            item["name"]: Table(read, **item) for item in described["others"]
        }
        self.problems = [Problem(*item) for item in described["problems"]]
        self.generation = described["generation"]
        self.version = described["version"]
        self.epsg = described["epsg"]

    @property
    def is_over(self):
        """Nothing more of it can be read."""
        return self._read.is_over


@contextmanager
def open_delivery(raw, limits=None, name="", is_sought=False):
    """Open ``raw``, a seekable binary stream, as a :class:`Delivery`.

    :param name: of the file, for messages about it
    :raises DeliveryError: nothing of it can be read
    """
    limits = limits or Limits()
    arguments = {"limits": limits, "is_sought": is_sought}
    bounds = process.Limits(size=limits.size)
    try:
        with process.reading(_READER, raw, arguments, bounds) as read:
            described, _blob = read.call("delivery")
            yield Delivery(read, described)
    except ReadingError as error:
        raise _delivery_error(error, name) from error


def _delivery_error(error, file):
    return DeliveryError(error.reason, **{"file": file, **error.params})


def delivery_version(raw, limits, name=""):
    """Return the version of a delivery, ``None`` of what does not look like one.

    :raises DeliveryError: nothing of it can be read
    """
    if not has_signature(raw):
        return None
    try:
        with open_delivery(raw, limits, name, is_sought=True) as found:
            return found.version
    except DeliveryError as error:
        if error.reason == "no_delivery":
            return None
        raise


class Table(TableFile):
    """The file of a table; its rows come from the process that reads it."""

    def __init__(self, read, name, file, header, **description):
        super().__init__(name, file)
        self._read = read
        self.header = header
        #: what separates the cells of a line, of a csv file
        self.separator = description["separator"]
        self.has_geometry = description["has_geometry"]
        self.epsg = description["epsg"]
        self.is_stripped = description["is_stripped"]
        self.encoding = description["encoding"]
        self._width = len(header) + bool(self.has_geometry)

    def layout(self):
        return self._read.call("layout", self.name)[0]

    def rows(self):
        for first, lines, rows in self.batches():
            for line, text in enumerate(lines, first):
                yield line, text.split(self.separator), None
            yield from rows

    def batches(self):
        """Yield (number of the first line, lines, rows) by turns: lines, or rows.

        Lines are those of a csv file that need no care to be cut.

        :raises DeliveryError: the file cannot be read further
        """
        try:
            for batch, blob in self._read.stream("rows", self.name):
                yield self._batch(batch, blob)
        except ReadingError as error:
            raise _delivery_error(error, self.file) from error

    def _batch(self, batch, blob):
        try:
            self.encoding = str(batch["encoding"])
            if blob:
                return int(batch["first"]), blob.decode().split("\n"), []
            return 0, [], list(map(self._row, batch["rows"]))
        except _WRONG as error:
            raise ReadingError("file_unreadable") from error

    def _row(self, row):
        line, cells, problem = row
        if len(cells) != self._width:
            raise ValueError("width")
        if self.has_geometry:
            cells[-1] = bytes.fromhex(cells[-1]) if cells[-1] else None
        return line, cells, problem and Problem(self.name, self.file, *problem)
