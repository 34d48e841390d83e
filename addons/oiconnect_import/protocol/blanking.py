"""Emptying columns of a file that was read: what stays is its shape and other cells."""

from collections.abc import Callable, Collection, Iterator
from typing import BinaryIO, NamedTuple

from .format import Format
from .reader import CsvReader
from .writer import join_cells


class Blanked(NamedTuple):
    """A file with cells emptied: its bytes, and the numbers of the lines concerned."""

    content: bytes
    lines: frozenset[int]


class ReferenceLine(NamedTuple):
    """One line of a file: its number, its reference, its cells by header."""

    number: int
    reference: str
    cells: dict[str, str]


def lines_of(
    source: bytes | BinaryIO, file_format: Format, field: str, wanted: Collection[str]
) -> Iterator[ReferenceLine]:
    """Yield the lines whose column of ``field`` says one of ``wanted``."""
    reader = CsvReader(source, separator=file_format.separator)
    key = _position(file_format, reader.header, field)
    for number, cells, _problem in reader:
        if _cell(cells, key) in wanted:
            named = dict(zip(reader.header, cells, strict=False))
            yield ReferenceLine(number, _cell(cells, key), named)


def blank(
    source: bytes | BinaryIO,
    file_format: Format,
    empties: Callable[[str], bool],
    field: str,
    wanted: Collection[str] | None = None,
) -> Blanked:
    """Empty the columns whose field ``empties`` accepts, and those that are unknown.

    Only in the lines whose column of ``field`` says one of ``wanted``, in all when it
    is ``None``. A line that could not be cut keeps nothing but that column.

    Raises ``FileError`` when the file cannot be read.
    """
    reader = CsvReader(source, separator=file_format.separator)
    ranks = _ranks(file_format, reader.header, empties)
    key = _position(file_format, reader.header, field)
    records, lines = [reader.header], set()
    for number, cells, problem in reader:
        if wanted is None or _cell(cells, key) in wanted:
            preserved = {key} if problem else set(range(len(cells))) - ranks | {key}
            cells = [cell if r in preserved else "" for r, cell in enumerate(cells)]
            lines.add(number)
        records.append(cells)
    return Blanked(_written(records, file_format, reader.encoding), frozenset(lines))


def _ranks(
    file_format: Format, header: list[str], empties: Callable[[str], bool]
) -> set[int]:
    """Return the ranks of the columns to empty."""
    match = file_format.match(header)
    known = {
        position
        for column, position in zip(file_format.columns, match.positions, strict=True)
        if position is not None and empties(str(column.path[0]))
    }
    return known | {rank for rank, _name in match.unknown}


def _position(file_format: Format, header: list[str], field: str) -> int | None:
    match = file_format.match(header)
    for column, position in zip(file_format.columns, match.positions, strict=True):
        if column.field == field:
            return position
    return None


def _cell(cells: list[str], rank: int | None) -> str:
    return "" if rank is None else cells[rank].strip()


def _written(records: list[list[str]], file_format: Format, encoding: str) -> bytes:
    text = "".join(
        join_cells(cells, file_format.separator) + file_format.line_end
        for cells in records
    )
    return text.encode("utf-8" if encoding == "mixed" else encoding)
