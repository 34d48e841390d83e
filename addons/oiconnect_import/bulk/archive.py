"""A file as it was given, csv or zip, to a stream that is safe to read."""

import io
import stat
import zipfile
import zlib
from contextlib import contextmanager
from typing import NamedTuple

from odoo.addons.oiconnect_base.foreign_files import process
from odoo.addons.oiconnect_base.foreign_files.process import ReadingError

from ..protocol import FileError
from .messages import MESSAGES

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError)
_READER = "odoo.addons.oiconnect_import.bulk.zip_reader"
_MEGABYTE = 1024 * 1024
# The most that is read of a zip at once: its list of entries is, before any is known
_AT_ONCE = 4 * _MEGABYTE


class BulkFileError(FileError):
    """Refusal of a whole file for a reason of the bulk import."""

    def __str__(self):
        return MESSAGES[self.reason] % self.params


class Limits(NamedTuple):
    """Bytes of the csv file, and how many times a zip file may grow."""

    size: int = 10 * 1024 * _MEGABYTE
    ratio: int = 200


class BoundedReader:
    """Reader of a zip file that bounds the size of each read."""

    def __init__(self, raw):
        self._raw = raw
        self.seek, self.tell, self.seekable = raw.seek, raw.tell, raw.seekable

    # pylint: disable-next=method-required-super
    def read(self, size=-1):
        block = self._raw.read(_AT_ONCE if size < 0 else min(size, _AT_ONCE))
        if len(block) == _AT_ONCE:
            raise BulkFileError("bad_zip")
        return block


class Source:
    """The csv file to read, from its only entry when the file is a zip.

    :param size: bytes that there must be, as the zip says
    """

    def __init__(self, raw, stream, raw_size, limit, size=None):
        self._raw = raw
        self._stream = stream
        self._raw_size = max(raw_size, 1)
        self._limit = limit
        self._size = size
        self._count = 0

    # pylint: disable-next=method-required-super
    def read(self, size=-1):
        """Read as a binary stream does, never more than the limit."""
        try:
            block = self._stream.read(size)
        except BROKEN as error:
            raise BulkFileError("bad_zip") from error
        self._count += len(block)
        if self._count > self._limit:
            raise too_big(self._limit)
        if not block and size and self._size not in (None, self._count):
            raise BulkFileError("bad_zip")
        return block

    @property
    def fraction(self):
        """Part of the file that was read, from 0 to 1."""
        return min(self._raw.tell() / self._raw_size, 1)


@contextmanager
def open_source(raw, limits=None, name=""):
    """Open ``raw``, a seekable binary stream of a csv or zip file, as a ``Source``.

    A zip is unpacked by a process of its own.

    :param name: of the file, for the messages about it
    :raises FileError: a zip that is not one csv file alone, or a file too large
    """
    limits = limits or Limits()
    size = raw.seek(0, io.SEEK_END)
    if size > limits.size:
        raise too_big(limits.size)
    raw.seek(0)
    head = raw.read(4)
    raw.seek(0)
    if not head.startswith(_SIGNATURES):
        yield Source(raw, raw, size, limits.size)
        return
    bounds = process.Limits(size=0)
    try:
        with process.reading(_READER, raw, {"limits": limits}, bounds) as read:
            declared, _blob = read.call("size")
            stream = _Unpacked(read, name)
            yield Source(stream, stream, size, limits.size, declared)
    except ReadingError as error:
        raise _bulk_error(error, name) from error


def _bulk_error(error, name):
    return BulkFileError(error.reason, **{"file": name, **error.params})


class _Unpacked:
    """The bytes of the entry of a zip, as the process that unpacks it gives them."""

    def __init__(self, read, name):
        self._name = name
        self._blocks = read.stream("block")
        self._rest = b""
        self._place = 0

    # pylint: disable-next=method-required-super
    def read(self, size=-1):
        """Return some bytes, at most ``size``; none at the end."""
        if not self._rest:
            self._rest = self._next_block()
        if size < 0:
            size = len(self._rest)
        block, self._rest = self._rest[:size], self._rest[size:]
        return block

    def _next_block(self):
        try:
            self._place, block = next(self._blocks, (self._place, b""))
        except ReadingError as error:
            raise _bulk_error(error, self._name) from error
        return block

    def tell(self):
        """Return how far the zip itself is read."""
        return self._place


def too_big(limit):
    return BulkFileError("too_big", limit=limit // _MEGABYTE)


def open_entry(raw, limits):
    """Open the only entry of a zip file once it is found harmless; tell its size."""
    try:
        archive = zipfile.ZipFile(BoundedReader(raw))
        entries = archive.infolist()
        if len(entries) != 1:
            raise BulkFileError("zip_count", count=len(entries))
        _check_entry(entries[0], limits)
        return archive.open(entries[0]), entries[0].file_size
    except BROKEN as error:
        raise BulkFileError("bad_zip") from error


def _check_entry(entry, limits):
    name = entry.filename
    if "/" in name or "\\" in name or entry.is_dir():
        raise BulkFileError("zip_path", name=name)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise BulkFileError("zip_link", name=name)
    if entry.flag_bits & 0x1:
        raise BulkFileError("zip_encrypted")
    if name.lower().endswith(".zip"):
        raise BulkFileError("zip_nested", name=name)
    if not name.lower().endswith((".csv", ".txt")):
        raise BulkFileError("zip_not_csv", name=name)
    if entry.file_size > limits.size:
        raise too_big(limits.size)
    if entry.file_size > limits.ratio * max(entry.compress_size, 1):
        raise BulkFileError("zip_ratio", limit=limits.ratio)
