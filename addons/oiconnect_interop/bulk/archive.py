"""A file as it was given, csv or zip, to a stream that is safe to read."""

import io
import stat
import zipfile
import zlib
from contextlib import contextmanager
from typing import NamedTuple

from ..protocol import FileError
from .messages import MESSAGES

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError)
_MEGABYTE = 1024 * 1024


class BulkFileError(FileError):
    """Refusal of a whole file for a reason of the bulk road."""

    def __str__(self):
        return MESSAGES[self.reason] % self.params


class Limits(NamedTuple):
    """Bytes of the csv file, and how many times a zip file may grow."""

    size: int = 10 * 1024 * _MEGABYTE
    ratio: int = 200


class Source:
    """The csv file to read, from its only entry when the file is a zip."""

    def __init__(self, raw, stream, raw_size, limit):
        self._raw = raw
        self._stream = stream
        self._raw_size = max(raw_size, 1)
        self._limit = limit
        self._count = 0

    # pylint: disable-next=method-required-super
    def read(self, size=-1):
        """Read as a binary stream does, never more than the limit."""
        try:
            block = self._stream.read(size)
        except _BROKEN as error:
            raise BulkFileError("bad_zip") from error
        self._count += len(block)
        if self._count > self._limit:
            raise too_big(self._limit)
        return block

    @property
    def fraction(self):
        """Part of the file that was read, from 0 to 1."""
        return min(self._raw.tell() / self._raw_size, 1)


@contextmanager
def open_source(raw, limits=None):
    """Open ``raw``, a seekable binary stream of a csv or zip file, as a ``Source``.

    :raises FileError: a zip that is not one csv file alone, or a file too large
    """
    limits = limits or Limits()
    size = raw.seek(0, io.SEEK_END)
    raw.seek(0)
    head = raw.read(4)
    raw.seek(0)
    if not head.startswith(_SIGNATURES):
        if size > limits.size:
            raise too_big(limits.size)
        yield Source(raw, raw, size, limits.size)
        return
    with _open_entry(raw, limits) as stream:
        yield Source(raw, stream, size, limits.size)


def too_big(limit):
    return BulkFileError("too_big", limit=limit // _MEGABYTE)


def _open_entry(raw, limits):
    """Open the only entry of a zip file once it is found harmless."""
    try:
        archive = zipfile.ZipFile(raw)
        entries = archive.infolist()
        if len(entries) != 1:
            raise BulkFileError("zip_count", count=len(entries))
        _check_entry(entries[0], limits)
        return archive.open(entries[0])
    except _BROKEN as error:
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
