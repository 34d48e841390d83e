"""Interop'Fibre files in plain Python: names, values, columns, reading and writing.

Nothing here imports Odoo: formats arrive as data, files as bytes or binary streams,
and every failure leaves as a ``FileError``, a ``LineError`` or a ``PayloadError``.
"""

from .columns import Column, Format, HeaderMatch, Line
from .errors import MESSAGES, FileError, LineError, PayloadError
from .naming import FileName, build_name, compile_pattern, read_name
from .reader import CsvReader, Limits
from .values import ValueProblem
from .writer import Written, join_cells, write, write_stream

__all__ = [
    "MESSAGES",
    "Column",
    "CsvReader",
    "FileError",
    "FileName",
    "Format",
    "HeaderMatch",
    "Limits",
    "Line",
    "LineError",
    "PayloadError",
    "ValueProblem",
    "Written",
    "build_name",
    "compile_pattern",
    "join_cells",
    "read_name",
    "write",
    "write_stream",
]
