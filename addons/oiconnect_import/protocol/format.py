"""Formats: the shape of one flow in one version, as data.

A ``Format`` binds the header names of the file to the keys of payloads, reads the rows
of a ``CsvReader`` into typed payloads and writes payloads as rows.
"""

import difflib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from typing import Any, NamedTuple

from .columns import EXTRA, Column, header_key, refuse_doubles
from .decoder import known_codec
from .errors import MALFORMED, FileError, FormatError, LineError, PayloadError
from .payloads import Path, lookup, nest
from .problems import ValueProblem, missing
from .reader import CsvReader
from .values import Parser, Renderer, parser_of, renderer_of

# From how much alike a column may be another that was mistyped, and how much of its
# name is shown
_ALIKE = 0.75
_SHOWN = 60
# How many values of a column keep their cells
_REMEMBERED = 64
_NOTHING = object()

# A column, its key in the payload or path in a part of it, and what writes its cells:
# the second one remembers
_Writer = tuple[Column, str | Path, Renderer, Renderer]


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
    line breaks and quotes of a value give way to ``substitutes``: readers that split
    lines naively). With ``reason_labels``, a reason is written "CODE : label".
    """

    flow: str
    version: str
    columns: tuple[Column, ...]
    separator: str = ";"
    encoding: str = "utf-8"
    line_end: str = "\r\n"
    quoting: str = "minimal"
    decimal_mark: str = "."
    reason_labels: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        """Raise ``FormatError`` when no file could be written by it."""
        if len(self.separator) != 1 or self.separator in '"\r\n':
            raise FormatError("bad_writing", part="separator", value=self.separator)
        if self.line_end not in ("\r\n", "\n"):
            raise FormatError("bad_writing", part="line end", value=self.line_end)
        if self.quoting not in ("minimal", "none"):
            raise FormatError("bad_writing", part="quoting", value=self.quoting)
        if self.quoting == "none" and self.decimal_mark == self.separator:
            raise FormatError("mark_separates", mark=self.separator)
        known_codec(self.encoding)
        for column in self.columns:
            self._check_encodable(column, column.name, FormatError)
        refuse_doubles(self.columns)

    @property
    def header(self) -> list[str]:
        """Header names in the order of the file."""
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
        self._refuse_doubled(match)
        return match

    def least_cells(self, header: Iterable[str]) -> int:
        """Return how many cells a line has up to its last mandatory column."""
        positions = self.match(header).positions
        ranks = [
            position + 1
            for column, position in zip(self.columns, positions, strict=True)
            if column.mandatory and position is not None
        ]
        return max(ranks, default=0)

    def unknown_columns(self, header: Iterable[str]) -> list[LineError]:
        """Return a warning for each column of ``header`` that no one knows.

        It names the column that may have been meant, among those that are absent.
        """
        match = self.match(header)
        absent = {
            key: column.name
            for column, position in zip(self.columns, match.positions, strict=True)
            if position is None
            for key in column.header_keys
        }
        return [
            self._unknown_column_warning(name, absent) for _rank, name in match.unknown
        ]

    def _unknown_column_warning(
        self, name: str, absent: Mapping[str, str]
    ) -> LineError:
        shown = name[:_SHOWN]
        params = {"column": shown, "flow": self.flow, "version": self.version}
        near = difflib.get_close_matches(header_key(name), absent, n=1, cutoff=_ALIKE)
        if near:
            params["near"] = absent[near[0]]
        key = "unknown_column_near" if near else "unknown_column"
        return LineError(1, shown, "", MALFORMED, key, params)

    def _refuse_doubled(self, match: HeaderMatch) -> None:
        """A column may not come twice, even under two spellings."""
        keys = {key for column in self.columns for key in column.header_keys}
        for _rank, name in match.unknown:
            if header_key(name) in keys:
                raise FileError("doubled_column", column=name)

    def row_parser(self, header: Iterable[str]) -> Callable[[int, list[str]], Line]:
        """Return the function (line number, cells) → ``Line`` for this header."""
        header = list(header)
        match = self.check_header(header)
        plan = [
            (position, column.key, parser, column)
            for column, position, parser in zip(
                self.columns, match.positions, self._parsers, strict=True
            )
            if position is not None
        ]
        mandatory = [column for column in self.columns if column.mandatory]
        return _row_parser(plan, mandatory, match.unknown)

    def parse_rows(self, reader: CsvReader, skip: int = 0) -> Iterator[Line]:
        """Yield each line of ``reader`` but the first ``skip``, typed, with its errors.

        A line that cannot be cut into cells is read as well as it can be, so that its
        reference can be answered, and carries that error alone: others would follow
        from it. ``FileError`` is raised when the header does not fit, or by the reader
        on the way.
        """
        parse = self.row_parser(reader.header)
        reader.least = self.least_cells(reader.header)
        for number, cells, problem in itertools.islice(reader, skip, None):
            line = parse(number, cells)
            yield line._replace(errors=(problem,)) if problem else line

    def line_of(self, values: Mapping[str, Any], number: int = 1) -> Line:
        """Return the line that says ``values``, read as that ``number`` of a file is.

        Values have the keys and types of payloads; those that are no value of a column
        are read as they stand, and refused as they would be in a file.
        """
        cells = [
            self._said(column, values.get(column.field)) for column in self.columns
        ]
        return self.row_parser(self.header)(number, cells)

    def _said(self, column: Column, value: Any) -> str:
        if value is None or value == "":
            return ""
        try:
            return self._renderers[column](value)
        except ValueProblem:
            return str(value)

    @cached_property
    def _parsers(self) -> tuple[Parser, ...]:
        return tuple(parser_of(column) for column in self.columns)

    # -- writing --------------------------------------------------------------------

    def narrowed(self, payloads: Iterable[Mapping[str, Any]]) -> "Format":
        """Return the format of a file: appended columns come all, when one is used."""
        keys = {column.path[0] for column in self.columns if column.appended}
        if not keys or any(payload.get(key) for payload in payloads for key in keys):
            return self
        columns = tuple(column for column in self.columns if not column.appended)
        return replace(self, columns=columns)

    def format_row(self, payload: Mapping[str, Any]) -> list[str]:
        """Return the cells of ``payload`` in wire order, as ``row_writer`` does."""
        return self.row_writer()(payload, 0)

    def row_writer(self) -> Callable[[Mapping[str, Any], int], list[str]]:
        """Return the function (payload, line number) → cells in wire order.

        It raises ``PayloadError`` with every column to blame; its errors carry the
        number. It serves one file, whose lines say much the same: it writes again what
        it wrote for the same value, or for the same part of the payload, which must not
        change meanwhile.
        """
        # Columns keep their order: only those side by side make a run.
        # pylint: disable-next=bad-builtin-groupby
        parts = itertools.groupby(self.columns, _part_of)
        runs = [(key, [self._writer(one) for one in columns]) for key, columns in parts]
        return _row_writer(runs)

    def _writer(self, column: Column) -> _Writer:
        key = column.path[0] if len(column.path) == 1 else column.path[1:]
        write = partial(self._cell, column, self._renderers[column])
        return column, key, write, lru_cache(_REMEMBERED, typed=True)(write)

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

    def _check_encodable(
        self, column: Column, text: str, refusal: type[ValueError] = ValueProblem
    ) -> None:
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            raise refusal(
                "unencodable", column=column.name, encoding=self.encoding
            ) from None

    @property
    def substitutes(self) -> dict[str, str]:
        """Characters written for those that naive readers of a text misread.

        No blank for a separator: readers drop one that comes first, and what is behind
        would begin the cell, where it may be a formula, which no cell may be.
        """
        comma = ";" if self.separator == "," else ","
        return {self.separator: comma, "\r": " ", "\n": " ", '"': "'"}

    @cached_property
    def _plain(self) -> dict[int, str]:
        return str.maketrans(self.substitutes)

    @cached_property
    def _renderers(self) -> dict[Column, Renderer]:
        return {column: self._renderer(column) for column in self.columns}

    def labelled(self, reason_labels: Mapping[str, str]) -> "Format":
        """Return the format that writes a reason as "CODE : label"."""
        return replace(self, reason_labels=reason_labels)

    def encoded(self, encoding: str) -> "Format":
        """Return the format whose files are in ``encoding``."""
        return replace(self, encoding=encoding)

    def _renderer(self, column: Column) -> Renderer:
        render = renderer_of(column, self.decimal_mark)
        if column.type != "reason" or not self.reason_labels:
            return render

        def labelled(value: Any) -> str:
            code = render(value)
            label = self.reason_labels.get(code)
            return f"{code} : {label}" if label else code

        return labelled


def _part_of(column: Column) -> str | int | None:
    """Return the key of the part of a payload that ``column`` tells of."""
    return column.path[0] if len(column.path) > 1 else None


def _row_writer(
    runs: list[tuple[str | None, list[_Writer]]],
) -> Callable[[Mapping[str, Any], int], list[str]]:
    """:param runs: columns side by side that tell of one part, and its key"""
    # For each run: the part written last, and its cells
    last: list[tuple[Any, list[str]]] = [(_NOTHING, [])] * len(runs)

    def write_row(payload: Mapping[str, Any], rank: int) -> list[str]:
        cells: list[str] = []
        errors: list[LineError] = []
        for place, (key, writers) in enumerate(runs):
            part = payload if key is None else payload.get(key)
            if key is None or part is not last[place][0]:
                written = _cells(part, writers, rank, errors)
                last[place] = (_NOTHING if errors else part, written)
            cells += last[place][1]
        if errors:
            raise PayloadError(errors)
        return cells

    return write_row


def _cells(
    part: Any, writers: list[_Writer], rank: int, errors: list[LineError]
) -> list[str]:
    """Return the cells of one part; those that are refused are added to ``errors``."""
    cells = []
    for column, key, write, write_again in writers:
        value = part.get(key) if key.__class__ is str else lookup(part, key)
        try:
            # Lists and objects cannot be remembered: they are refused, each time.
            cells.append((write_again if value.__hash__ else write)(value))
        except ValueProblem as problem:
            errors.append(_line_error(rank, column, str(value), problem))
    return cells


def _position(column: Column, ranks: Mapping[str, int]) -> int | None:
    return next((ranks[key] for key in column.header_keys if key in ranks), None)


def _row_parser(
    plan: list[tuple[int, str | Path, Parser, Column]],
    mandatory: list[Column],
    unknown: tuple[tuple[int, str], ...],
) -> Callable[[int, list[str]], Line]:
    nested = any(isinstance(key, tuple) for _rank, key, _parse, _column in plan)

    def parse(number: int, cells: list[str]) -> Line:
        values, errors = {}, ()
        for position, key, parser, column in plan:
            raw = cells[position]
            if raw:
                try:
                    value = parser(raw)
                except ValueProblem as problem:
                    errors += (_line_error(number, column, raw, problem),)
                else:
                    if value is not None:
                        values[key] = value
        lacking = [column for column in mandatory if column.key not in values]
        if lacking:
            errors = _missing_errors(number, lacking, errors) + errors
        payload = nest(values) if nested else values
        if unknown:
            extra = {name: cells[rank] for rank, name in unknown if cells[rank].strip()}
            if extra:
                payload.setdefault(EXTRA, {}).update(extra)
        return Line(number, payload, errors)

    return parse


def _missing_errors(
    number: int, lacking: list[Column], errors: tuple[LineError, ...]
) -> tuple[LineError, ...]:
    """Errors of the mandatory columns without value, save those already refused."""
    refused = {error.column for error in errors}
    return tuple(
        _line_error(number, column, "", missing(column))
        for column in lacking
        if column.name not in refused
    )


def _line_error(
    number: int, column: Column, value: str, problem: ValueProblem
) -> LineError:
    return LineError(
        number,
        column.name,
        value,
        problem.code,
        problem.key,
        problem.params,
        column.field,
    )
