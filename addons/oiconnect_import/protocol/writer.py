"""Writer of protocol files: payloads to bytes, strictly by a format."""

import codecs
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from .errors import LineError, PayloadError
from .format import Format


class Written(NamedTuple):
    """A written file: its bytes, its number of lines, the errors of what was left out.

    The ``line`` of an error is the rank of its payload, from 1.
    """

    content: bytes
    line_count: int
    errors: list[LineError]


def write(file_format: Format, payloads: Iterable[Mapping[str, Any]]) -> Written:
    """Return the file of ``payloads``; those the format refuses are left out."""
    out = io.BytesIO()
    count, errors = write_stream(file_format, payloads, out)
    return Written(out.getvalue(), count, errors)


def write_stream(
    file_format: Format, payloads: Iterable[Mapping[str, Any]], out: BinaryIO
) -> tuple[int, list[LineError]]:
    """Write the header then a line per payload to ``out``, with flat memory.

    Returns the number of lines written, without the header, and the errors.
    """
    errors: list[LineError] = []
    count = -1
    if any(column.appended for column in file_format.columns):
        # Whether they come is known once every line was seen.
        payloads = list(payloads)
        file_format = file_format.narrowed(payloads)
    encode = codecs.getincrementalencoder(file_format.encoding)().encode
    for line in _lines(file_format, payloads, errors):
        out.write(encode(line + file_format.line_end))
        count += 1
    return count, errors


def _lines(
    file_format: Format,
    payloads: Iterable[Mapping[str, Any]],
    errors: list[LineError],
) -> Iterator[str]:
    separator = file_format.separator
    write_row = file_format.row_writer()
    yield join_cells(file_format.header, separator)
    for rank, payload in enumerate(payloads, 1):
        try:
            cells = write_row(payload, rank)
        except PayloadError as error:
            errors.extend(error.errors)
        else:
            yield join_cells(cells, separator)


def join_cells(cells: list[str], separator: str = ";") -> str:
    """Join cells into one record, quoting those that must be."""
    line = separator.join(cells)
    if line.count(separator) == len(cells) - 1 and not _has_any(line, '"\r\n'):
        return line
    return separator.join(
        f'"{cell.replace(chr(34), chr(34) * 2)}"'
        if _has_any(cell, f'{separator}"\r\n')
        else cell
        for cell in cells
    )


def _has_any(text: str, signs: str) -> bool:
    return any(sign in text for sign in signs)
