"""Interop'Fibre files in plain Python: names, values, columns, reading and writing.

Nothing here imports Odoo: formats arrive as data, files as bytes or binary streams,
and every failure leaves as a ``FileError``, a ``LineError`` or a ``PayloadError``.
"""

from .archive import zip_files
from .blanking import Blanked, blank, lines_of
from .columns import Column
from .decoder import Place
from .definition import ColumnDefinition, columns_of, read_definition, versions_of
from .errors import (
    MESSAGES,
    FileError,
    FormatError,
    LineError,
    PayloadError,
    ProtocolError,
)
from .format import Format, HeaderMatch, Line
from .naming import (
    MAX_SEQUENCE,
    FileName,
    build_name,
    compile_pattern,
    identify,
    read_name,
)
from .problems import ValueProblem
from .reader import CsvReader, Limits
from .writer import Written, join_cells, write, write_stream
