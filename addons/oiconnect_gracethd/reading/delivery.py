"""A delivery: which files hold its tables, in which version, and their rows."""

import io
import os
import stat
import zipfile
from collections import defaultdict
from contextlib import ExitStack, contextmanager, suppress
from pathlib import PurePosixPath
from typing import NamedTuple

from odoo.addons.oiconnect_import.bulk.archive import BoundedReader
from odoo.addons.oiconnect_import.protocol import FileError

from ..catalogue import TABLES
from .database import SIGNATURE, Database
from .others import LISTS, NOTE, PREFIXES, TO_MEND, refuse_table
from .problems import BROKEN, DeliveryError, Problem
from .projection import ALLOWED, LAMBERT_93, epsg_of, is_known
from .shapefile import Dbf, Shp, codec_of
from .tables import CsvTable, DatabaseTable, ShapeTable
from .version import recognise

_MEGABYTE = 1 << 20
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_DATABASES = (".gpkg", ".sqlite", ".spatialite")
_NESTED = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz")
_CSV = (".csv", ".txt")
#: files of a table that the standard does not know
_PARTS = (*_CSV, ".dbf", ".shp", ".prj", ".cpg")
#: in place of the code of a projection that its file does not tell
UNREADABLE = "?"


class Limits(NamedTuple):
    """Bytes of all files together, how much they may grow, and how many they are."""

    size: int = 10 * 1024 * _MEGABYTE
    ratio: int = 200
    members: int = 5_000


class Delivery:
    """The tables of a delivery, and what is wrong with its files."""

    def __init__(self):
        self.tables = {}
        #: those that the standard does not know
        self.others = {}
        self.problems = []
        self.generation = self.version = None
        self.epsg = None

    def recognise(self):
        """Find the version and the projection of the tables.

        :raises DeliveryError: there is no table
        """
        if not self.tables:
            reported = [item for item in self.problems if item.level != NOTE]
            reported.sort(key=lambda item: not item.table)
            if reported:
                raise DeliveryError(reported[0].key, **reported[0].params)
            raise DeliveryError("no_table")
        self.generation, self.version, strange = recognise(self.tables)
        for name in strange:
            table = self.tables[name]
            self.problems.append(
                table.problem("other_version", table=name, version=self.version)
            )
        self._find_projection()

    def _find_projection(self):
        found = defaultdict(list)
        for table in self.tables.values():
            if table.has_geometry and table.epsg:
                found[table.epsg].append(table)
        self.epsg = max(
            filter(is_known, found),
            key=lambda code: (code in ALLOWED, len(found[code])),
            default=LAMBERT_93,
        )
        if not found:
            shapes = [table for table in self.tables.values() if table.has_geometry]
            if shapes:
                self.problems.append(shapes[0].problem("no_projection_file"))
            return
        for code, tables in found.items():
            for table in tables:
                if code == UNREADABLE:
                    self.problems.append(table.problem("unknown_projection"))
                elif code not in ALLOWED:
                    self.problems.append(table.problem("bad_projection", epsg=code))
                elif code != self.epsg:
                    self.problems.append(
                        table.problem("other_projection", epsg=code, main=self.epsg)
                    )


def has_signature(raw):
    """Tell whether ``raw`` begins as a database or as a zip does."""
    raw.seek(0)
    head = raw.read(16)
    raw.seek(0)
    return head == SIGNATURE or head.startswith(_ZIP)


def looks_like_delivery(raw):
    """Tell whether ``raw`` is a database, or a zip with a table of GraceTHD.

    A zip that cannot be read is not known to be one.
    """
    if not has_signature(raw):
        return False
    head = raw.read(len(SIGNATURE))
    raw.seek(0)
    if head == SIGNATURE:
        return True
    with suppress(*BROKEN, FileError):
        names = zipfile.ZipFile(BoundedReader(raw)).namelist()
        return any(
            _stem(name) in TABLES or _suffix(name) in _DATABASES for name in names
        )
    return False


@contextmanager
def read_delivery(raw, scratch, limits):
    """Open ``raw``, a seekable binary stream, as a :class:`Delivery`.

    :param scratch: folder for the databases of a zip
    :raises DeliveryError: nothing of it can be read
    """
    size = raw.seek(0, io.SEEK_END)
    if not size:
        raise DeliveryError("empty_delivery")
    if size > limits.size:
        raise DeliveryError("delivery_too_big", limit=limits.size // _MEGABYTE)
    raw.seek(0)
    head = raw.read(16)
    raw.seek(0)
    with ExitStack() as stack:
        delivery = Delivery()
        if head == SIGNATURE:
            _add_database(delivery, stack, raw, "", limits, scratch)
        elif head.startswith(_ZIP):
            _Zip(delivery, stack, raw, limits, scratch).add_tables()
        else:
            raise DeliveryError("not_delivery")
        delivery.recognise()
        yield delivery


def _add_database(delivery, stack, stream, file, limits, scratch):
    """Add the tables of a GeoPackage or of SpatiaLite, copied to a file of its own."""
    path = os.path.join(scratch, "database.sqlite")
    try:
        _copy(stream, path, limits)
        database = Database(path)
    finally:
        # SQLite has it open: nothing is left, however this process ends.
        os.remove(path)
    stack.callback(database.close)
    for name in sorted(database.names):
        if name not in TABLES and not name.startswith(PREFIXES):
            continue
        tables = delivery.tables if name in TABLES else delivery.others
        if name in tables:
            params = {"file": file, "other": tables[name].file}
            problem = Problem(name, file, "doubled_table", params)
            delivery.problems.append(problem)
        elif name in TABLES:
            tables[name] = DatabaseTable(name, file or name, database)
        else:
            _add_other(delivery, DatabaseTable(name, file or name, database))


def _copy(stream, path, limits):
    left = limits.size
    with open(path, "xb") as copy:
        while block := stream.read(_MEGABYTE):
            left -= len(block)
            if left < 0:
                raise DeliveryError("delivery_too_big", limit=limits.size // _MEGABYTE)
            copy.write(block)


def _add_other(delivery, table):
    """Add a table that the standard does not know, if it is stored; report what it is.

    Lists of codes are the standard's own: they are stored without a note.
    """
    try:
        refuse_table(table.name, len(delivery.others))
        delivery.others[table.name] = table
        if table.name.startswith(LISTS):
            return
        problem = table.problem("unknown_table")
        delivery.problems.append(problem._replace(level=NOTE))
    except DeliveryError as error:
        problem = table.failure(error)
        delivery.problems.append(problem._replace(level=TO_MEND))


def _stem(name):
    return PurePosixPath(name.replace("\\", "/")).stem.lower()


def _suffix(name):
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


class _Zip:
    """The files of a zip, once they are found harmless. Nothing is unpacked by name."""

    def __init__(self, delivery, stack, raw, limits, scratch):
        self.delivery = delivery
        self.stack = stack
        self.limits = limits
        self.scratch = scratch
        try:
            self.archive = zipfile.ZipFile(BoundedReader(raw))
            self.entries = [
                entry for entry in self.archive.infolist() if not entry.is_dir()
            ]
        except (*BROKEN, FileError) as error:
            raise DeliveryError("bad_delivery_zip") from error
        self._check()

    def _check(self):
        if len(self.entries) > self.limits.members:
            raise DeliveryError(
                "too_many_members",
                count=len(self.entries),
                limit=self.limits.members,
            )
        total = sum(entry.file_size for entry in self.entries)
        if total > self.limits.size:
            raise DeliveryError("delivery_too_big", limit=self.limits.size // _MEGABYTE)
        for entry in self.entries:
            self._check_entry(entry)

    def _check_entry(self, entry):
        name = entry.filename
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]:
            raise DeliveryError("member_path", name=name)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise DeliveryError("member_link", name=name)
        if entry.flag_bits & 0x1:
            raise DeliveryError("member_encrypted", name=name)
        grown = entry.file_size > self.limits.ratio * max(entry.compress_size, 1)
        if grown and entry.file_size > _MEGABYTE:
            raise DeliveryError("member_ratio", name=name, limit=self.limits.ratio)

    def add_tables(self):
        for entry in self.entries:
            suffix = _suffix(entry.filename)
            if suffix in _NESTED:
                self._tell("member_nested", entry)
            elif suffix in _DATABASES or (suffix == ".db" and self._is_sqlite(entry)):
                self._add_database(entry)
        for name, entries in sorted(self._by_table().items()):
            self._add_table(name, entries)

    def _is_sqlite(self, entry):
        """Tell SpatiaLite from what else is named .db, such as Windows' thumbnails."""
        with suppress(FileError), self._open(entry) as stream:
            return stream.read(len(SIGNATURE)) == SIGNATURE
        return False

    def _add_database(self, entry):
        try:
            with self._open(entry) as stream:
                _add_database(
                    self.delivery,
                    self.stack,
                    stream,
                    entry.filename,
                    self.limits,
                    self.scratch,
                )
        except FileError as error:
            key = error.reason
            if key in ("database_broken", "database_view", "database_takes_time"):
                key = f"member_{key}"
            self._tell(key, entry, **error.params)

    def _by_table(self):
        """Return {table: {suffix: entries}} of the files that are named as tables."""
        found = defaultdict(lambda: defaultdict(list))
        for entry in sorted(self.entries, key=lambda entry: entry.filename):
            stem, suffix = _stem(entry.filename), _suffix(entry.filename)
            if stem in TABLES or (stem.startswith(PREFIXES) and suffix in _PARTS):
                found[stem][suffix].append(entry)
        return found

    def _tell(self, key, entry, table="", **params):
        params = {"file": entry.filename, **params}
        self.delivery.problems.append(Problem(table, entry.filename, key, params))

    def _add_table(self, name, entries):
        """Add the table of the first file that can hold it; tell the others."""
        tables = self.delivery.tables if name in TABLES else self.delivery.others
        held = [
            entry for suffix in (".dbf", *_CSV) for entry in entries.get(suffix, ())
        ]
        if not held:
            first = next(iter(entries.values()))[0]
            if name in TABLES or ".shp" in entries:
                self._tell("no_dbf", first, name)
            return
        entry, *others = held
        known = tables.get(name)
        if known:
            others = held
        for other in others:
            retained = known.file if known else entry.filename
            self._tell("doubled_table", other, name, other=retained)
        if known:
            return
        try:
            if _suffix(entry.filename) == ".dbf":
                table = self._shape_table(name, entry, entries)
            else:
                stream = self.stack.enter_context(self._open(entry))
                table = CsvTable(name, entry.filename, stream)
        except FileError as error:
            self._tell(error.reason, entry, name, **error.params)
            return
        if name not in TABLES:
            _add_other(self.delivery, table)
            return
        tables[name] = table
        if TABLES[name].form and not table.has_geometry:
            self._tell("no_shp", entry, name)

    def _shape_table(self, name, entry, entries):
        folder = PurePosixPath(entry.filename.replace("\\", "/")).parent

        def beside(suffix):
            for other in entries.get(suffix, ()):
                if PurePosixPath(other.filename.replace("\\", "/")).parent == folder:
                    return other
            return None

        codec = epsg = shp = None
        if other := beside(".cpg"):
            codec = codec_of(self._text(other))
        if other := beside(".prj"):
            epsg = epsg_of(self._text(other)) or UNREADABLE
        if other := beside(".shp"):
            shp = Shp(self.stack.enter_context(self._open(other)))
        dbf = Dbf(self.stack.enter_context(self._open(entry)), codec)
        return ShapeTable(name, entry.filename, dbf, shp, epsg)

    def _text(self, entry):
        with self._open(entry) as stream:
            return stream.read(10_000).decode("latin-1")

    @contextmanager
    def _open(self, entry):
        """Open an entry; what is damaged of it is a ``DeliveryError``."""
        try:
            stream = self.archive.open(entry)
        except BROKEN as error:
            raise DeliveryError("member_broken", file=entry.filename) from error
        with stream:
            yield _Member(stream, entry.filename)


class _Member(io.RawIOBase):
    """Stream of an entry of a zip; what is damaged of it is a ``DeliveryError``."""

    def __init__(self, stream, file):
        super().__init__()
        self._stream = stream
        self._file = file

    def readable(self):
        return True

    # pylint: disable-next=method-required-super
    def read(self, size=-1):
        try:
            return self._stream.read(size)
        except BROKEN as error:
            raise DeliveryError("member_broken", file=self._file) from error

    # pylint: disable-next=method-required-super
    def readinto(self, buffer):
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)
