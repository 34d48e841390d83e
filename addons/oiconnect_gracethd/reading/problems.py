"""What is wrong with a delivery: a key and parameters, worded by the ORM side."""

import lzma
import struct
import zipfile
import zlib
from typing import Any, NamedTuple

from odoo.addons.oiconnect_import.protocol import FileError

#: what ``zipfile`` raises of damaged bytes: ``ValueError`` of names and of places
#: within the file, ``RuntimeError`` of passwords, ``MemoryError`` of the dictionaries
#: of gigabytes that damaged LZMA asks for
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    MemoryError,
    OSError,
    ValueError,
)


class DeliveryError(FileError):
    """A delivery that cannot be read at all."""


class Problem(NamedTuple):
    """What is wrong with one file, or with one row of it (``line``)."""

    table: str
    file: str
    key: str
    params: dict[str, Any] = {}
    line: int = 0
    column: str = ""
    value: str = ""
    #: number of the check that it belongs to
    check: int = 1
    #: that of the check in the grid, when nothing is said
    level: str = ""
