"""Columns and formats: the shape of one flow in one version, as data.

A ``Format`` binds the header names of the wire to the keys of payloads, reads the rows
of a ``CsvReader`` into typed payloads and writes payloads as rows.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from .errors import MALFORMED, FileError, LineError, PayloadError
from .reader import CsvReader, known_codec
from .values import (
    TYPES,
    Parser,
    Renderer,
    ValueProblem,
    missing,
    parser_of,
    renderer_of,
)

#: key of the payload that keeps the columns a format does not bind: {header: text}
EXTRA = "extra"

#: highest rank of a list in a field
_MAX_RANK = 63


@lru_cache(maxsize=4096)
def header_key(name: str) -> str:
    """Return what identifies a header name whatever its case, accents and marks.

    "Reference Pm", "ReferencePm" and "REFERENCE_PM" are one column, and so are
    "NomModulePm N°1" and its reading in the wrong encoding, "NomModulePm NÂ°1".
    """
    plain = unicodedata.normalize("NFKD", name.replace("Â°", "").replace("º", ""))
    return "".join(char for char in plain.casefold() if char.isalnum())


@dataclass(frozen=True)
class Column:
    """One column: header name, key in the payload, type and rule.

    ``field`` is a path with dots ("routes.0.module"); empty, the column is kept by its
    name under ``extra``. ``length`` is the most characters allowed, 0 for no limit;
    ``decimals`` the fewest decimals to write. ``rule`` is M mandatory, C conditional or
    F optional. ``values`` is the list of a code or boolean, "WIRE" or "WIRE=key"
    separated by "|" (a boolean names true first), or a "/pattern/" for a text.
    ``error_code`` replaces FIMP16 when the value is refused.
    """

    name: str
    field: str = ""
    type: str = "text"
    length: int = 0
    rule: str = "F"
    values: str = ""
    error_code: str = ""
    aliases: tuple[str, ...] = ()
    decimals: int = 0

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise ValueError(f"{self.name}: unknown type {self.type}")
        if self.rule not in ("M", "C", "F"):
            raise ValueError(f"{self.name}: unknown rule {self.rule}")
        if self.type == "code" and not self.pairs:
            raise ValueError(f"{self.name}: a code needs a list of values")
        if any(isinstance(part, int) and part > _MAX_RANK for part in self.path):
            raise ValueError(f"{self.name}: rank above {_MAX_RANK} in {self.field}")
        if isinstance(self.path[0], int) or "" in self.path:
            raise ValueError(f"{self.name}: unusable field {self.field}")
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"{self.name}: unusable pattern") from error
        if self.type == "boolean" and len(self.pairs) not in (0, 2):
            raise ValueError(f"{self.name}: a boolean has two values")

    @property
    def mandatory(self) -> bool:
        """Whether a line without it is refused (FIMP15)."""
        return self.rule == "M"

    @property
    def free_text(self) -> bool:
        """Whether the value is prose, where any sign may come first."""
        return self.type == "comment"

    @cached_property
    def pattern(self) -> str:
        """Regular expression that the whole text must match, empty for none."""
        values = self.values.strip()
        is_pattern = len(values) > 2 and values[0] == values[-1] == "/"
        return values[1:-1] if is_pattern else ""

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Value list as (wire value, key in the payload)."""
        if self.pattern or not self.values.strip():
            return ()
        pairs = []
        for item in self.values.split("|"):
            wire, _equal, key = (part.strip() for part in item.partition("="))
            pairs.append((wire, key or wire))
        return tuple(pairs)

    @cached_property
    def path(self) -> tuple[str | int, ...]:
        """Keys and ranks that lead to the value in a payload."""
        if not self.field:
            return (EXTRA, self.name)
        parts = self.field.split(".")
        return tuple(int(part) if part.isdigit() else part for part in parts)

    @property
    def key(self) -> str | tuple[str | int, ...]:
        """The field when it is a plain key, the path else."""
        return self.path if len(self.path) > 1 else self.field

    @property
    def listing(self) -> str:
        """Value list as people read it."""
        return ", ".join(wire for wire, _key in self.pairs) or "O, N"

    @property
    def header_keys(self) -> tuple[str, ...]:
        """Keys of every header name that means this column."""
        return tuple(map(header_key, (self.name, *self.aliases)))


class Line(NamedTuple):
    """One read line: its first physical line, what could be read, all its errors."""

    number: int
    payload: dict[str, Any]
    errors: tuple[LineError, ...]


class HeaderMatch(NamedTuple):
    """A header held against a format.

    ``positions`` is the rank of each column of the format in the header (``None`` when
    absent); ``unknown`` the (rank, name) of the header's columns the format ignores;
    ``missing`` the names of absent columns, ``missing_mandatory`` those among them
    without which no line can be read.
    """

    positions: tuple[int | None, ...]
    unknown: tuple[tuple[int, str], ...]
    missing: tuple[str, ...]
    missing_mandatory: tuple[str, ...]

    @property
    def known_count(self) -> int:
        """Number of columns of the format that the header names."""
        return sum(position is not None for position in self.positions)


@dataclass(frozen=True)
class Format:
    """Ordered columns of a flow in a version, and how its files are written.

    ``quoting`` is "minimal" (a value is quoted when it must be) or "none" (separators,
    line breaks and quotes of a value give way to blanks and apostrophes: readers that
    split lines naively).
    """

    flow: str
    version: str
    columns: tuple[Column, ...]
    separator: str = ";"
    encoding: str = "utf-8"
    line_end: str = "\r\n"
    quoting: str = "minimal"
    decimal_mark: str = "."

    def __post_init__(self) -> None:
        if len(self.separator) != 1 or self.separator in '"\r\n':
            raise ValueError(f"unusable separator {self.separator!r}")
        if self.line_end not in ("\r\n", "\n"):
            raise ValueError(f"unusable line end {self.line_end!r}")
        if self.quoting not in ("minimal", "none"):
            raise ValueError(f"unknown quoting {self.quoting!r}")
        known_codec(self.encoding)
        "".join(self.header).encode(self.encoding)
        _refuse_doubles(self.columns)

    @property
    def header(self) -> list[str]:
        """Header names in the order of the wire."""
        return [column.name for column in self.columns]

    # -- reading --------------------------------------------------------------------

    def match(self, header: Iterable[str]) -> HeaderMatch:
        """Hold ``header`` against the format without judging it."""
        header = list(header)
        ranks = {header_key(name): rank for rank, name in enumerate(header)}
        positions = tuple(_position(column, ranks) for column in self.columns)
        known = set(positions)
        absent = [
            column
            for column, position in zip(self.columns, positions, strict=True)
            if position is None
        ]
        return HeaderMatch(
            positions,
            tuple(
                (rank, name) for rank, name in enumerate(header) if rank not in known
            ),
            tuple(column.name for column in absent),
            tuple(column.name for column in absent if column.mandatory),
        )

    def check_header(self, header: Iterable[str]) -> HeaderMatch:
        """Match ``header``; raise ``FileError`` when no line could be read by it."""
        match = self.match(header)
        if not match.known_count:
            raise FileError("unknown_header", flow=self.flow, version=self.version)
        if match.missing_mandatory:
            raise FileError(
                "missing_columns",
                flow=self.flow,
                version=self.version,
                columns=", ".join(match.missing_mandatory),
            )
        return match

    def row_parser(self, header: Iterable[str]) -> Callable[[int, list[str]], Line]:
        """Return the function (line number, cells) → ``Line`` for this header."""
        header = list(header)
        match = self.check_header(header)
        plan = [
            (position, column.key, parser, column.name)
            for column, position, parser in zip(
                self.columns, match.positions, self._parsers, strict=True
            )
            if position is not None
        ]
        mandatory = [column for column in self.columns if column.mandatory]
        return _row_parser(plan, mandatory, match.unknown)

    def parse_rows(self, reader: CsvReader) -> Iterator[Line]:
        """Yield each line of ``reader``, typed, with all its errors.

        A line that cannot be cut into cells is read as well as it can be, so that its
        reference can be answered, and carries the error. ``FileError`` is raised when
        the header does not fit, or by the reader on the way.
        """
        parse = self.row_parser(reader.header)
        for number, cells, problem in reader:
            line = parse(number, cells)
            if problem:
                line = line._replace(errors=(problem, *line.errors))
            yield line

    @cached_property
    def _parsers(self) -> tuple[Parser, ...]:
        return tuple(parser_of(column) for column in self.columns)

    # -- writing --------------------------------------------------------------------

    def format_row(self, payload: Mapping[str, Any], rank: int = 0) -> list[str]:
        """Return the cells of ``payload`` in wire order.

        Raises ``PayloadError`` with every column to blame; ``rank`` is the line number
        its errors carry.
        """
        cells, errors = [], []
        for column, path, render in self._writers:
            try:
                cells.append(self._cell(column, render, lookup(payload, path)))
            except ValueProblem as problem:
                value = lookup(payload, path)
                errors.append(_line_error(rank, column.name, str(value), problem))
        if errors:
            raise PayloadError(errors)
        return cells

    def _cell(self, column: Column, render: Renderer, value: Any) -> str:
        if value is False and column.type != "boolean":
            value = None
        if isinstance(value, str) and self.quoting == "none":
            value = value.translate(self._plain)
        text = "" if value is None or value == "" else render(value)
        if not text and column.mandatory:
            raise missing(column)
        if not text.isascii():
            self._check_encodable(column, text)
        return text

    def _check_encodable(self, column: Column, text: str) -> None:
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            raise ValueProblem(
                "unencodable", MALFORMED, column=column.name, encoding=self.encoding
            ) from None

    @cached_property
    def _plain(self) -> dict[int, str]:
        """What stands for the signs that a naive reader would trip over."""
        return str.maketrans({self.separator: " ", "\r": " ", "\n": " ", '"': "'"})

    @cached_property
    def _writers(self) -> tuple[tuple[Column, tuple[str | int, ...], Renderer], ...]:
        return tuple(
            (
                column,
                column.path,
                renderer_of(column, self.decimal_mark),
            )
            for column in self.columns
        )


def lookup(payload: Any, path: tuple[str | int, ...]) -> Any:
    """Return the value at ``path``, ``None`` when the payload has none."""
    for part in path:
        try:
            payload = payload[part]
        except (KeyError, IndexError, TypeError):
            return None
    return payload


def nest(values: Mapping[str | tuple[str | int, ...], Any]) -> dict[str, Any]:
    """Build the payload from values by key or path; ranks make lists.

    What a list skips is an empty dict, so that ranks are kept.
    """
    payload: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(key, str):
            payload[key] = value
        else:
            _store(payload, key, value)
    return payload


def _store(node: Any, path: tuple[str | int, ...], value: Any) -> None:
    for part, following in itertools.pairwise(path):
        node = _child(node, part, [] if isinstance(following, int) else {})
    _child(node, path[-1], value)


def _child(node: Any, part: str | int, default: Any) -> Any:
    """Return the child of ``node`` at ``part``, made of ``default`` when absent."""
    if isinstance(part, str):
        return node.setdefault(part, default)
    while len(node) <= part:
        node.append(default if len(node) == part else {})
    return node[part]


def _refuse_doubles(columns: tuple[Column, ...]) -> None:
    """Raise ``ValueError`` when two columns share a name or a place in the payload."""
    names: set[str] = set()
    paths: set[tuple[str | int, ...]] = set()
    for column in columns:
        keys = set(column.header_keys)
        if keys & names:
            raise ValueError(f"{column.name}: another column has this name")
        if column.path in paths:
            raise ValueError(f"{column.name}: another column feeds {column.field}")
        names |= keys
        paths.add(column.path)
    kinds: dict[tuple[str | int, ...], type] = {}
    for path in paths:
        for size in range(1, len(path)):
            kind = kinds.setdefault(path[:size], type(path[size]))
            if path[:size] in paths or kind is not type(path[size]):
                raise ValueError(f"{path}: a value and a group share this field")


def _position(column: Column, ranks: Mapping[str, int]) -> int | None:
    return next((ranks[key] for key in column.header_keys if key in ranks), None)


def _row_parser(
    plan: list[tuple[int, str | tuple, Parser, str]],
    mandatory: list[Column],
    unknown: tuple[tuple[int, str], ...],
) -> Callable[[int, list[str]], Line]:
    nested = any(isinstance(key, tuple) for _rank, key, _parse, _name in plan)

    def parse(number: int, cells: list[str]) -> Line:
        values, errors = {}, ()
        for position, key, parser, name in plan:
            raw = cells[position]
            if raw:
                try:
                    value = parser(raw)
                except ValueProblem as problem:
                    errors += (_line_error(number, name, raw, problem),)
                else:
                    if value is not None:
                        values[key] = value
        lacking = [column for column in mandatory if column.key not in values]
        if lacking:
            errors = _missing_errors(number, lacking, errors) + errors
        payload = nest(values) if nested else values
        if unknown:
            _keep_unknown(payload, cells, unknown)
        return Line(number, payload, errors)

    return parse


def _missing_errors(
    number: int, lacking: list[Column], errors: tuple[LineError, ...]
) -> tuple[LineError, ...]:
    """Errors of the mandatory columns without value, save those already refused."""
    refused = {error.column for error in errors}
    return tuple(
        _line_error(number, column.name, "", missing(column))
        for column in lacking
        if column.name not in refused
    )


def _keep_unknown(
    payload: dict[str, Any], cells: list[str], unknown: tuple[tuple[int, str], ...]
) -> None:
    extra = {name: cells[rank] for rank, name in unknown if cells[rank].strip()}
    if extra:
        payload.setdefault(EXTRA, {}).update(extra)


def _line_error(
    number: int, column: str, value: str, problem: ValueProblem
) -> LineError:
    return LineError(number, column, value, problem.code, problem.key, problem.params)
