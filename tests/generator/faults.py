"""Faults of a line: their kinds, and the reports that the import must make."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from . import tables
from .ipe import Line

ERROR, WARNING = "error", "warning"
MISSING, MALFORMED = "FIMP15", "FIMP16"
#: the two first lines of a cluster are always good: those of its PM are held to them
GOOD_LINES = 2


class Report(NamedTuple):
    """One error or warning of one line, as the import tells it.

    ``line`` is a rank in the cluster until the file is written.
    """

    line: int
    column: str
    code: str
    severity: str
    key: str


@dataclass
class Place:
    """A line of a cluster that may become wrong, and what is around it.

    ``names`` are the columns of the file and ``free_text`` one that may say anything;
    ``once`` holds the kinds that a file has once; ``raw`` the lines that are not
    written as their cells: {rank: cells}; ``encodings`` their encodings.
    """

    lines: list[Line]
    rank: int
    names: tuple[str, ...]
    free_text: str
    touched: set[int]
    once: set[str]
    is_first: bool
    raw: dict[int, list[str]] = field(default_factory=dict)
    encodings: dict[int, str] = field(default_factory=dict)

    @property
    def line(self) -> Line:
        return self.lines[self.rank]

    def get(self, name: str) -> str:
        return self.line.get(name, "")

    @property
    def has_pm(self) -> bool:
        return bool(self.get("ReferencePM"))

    def free(self) -> Iterator[int]:
        """Yield the ranks of the lines before this one that nothing has touched."""
        for rank in range(GOOD_LINES, self.rank):
            if rank not in self.touched:
                yield rank

    def say(self, column: str, code: str, key: str, severity: str = ERROR) -> Report:
        return Report(self.rank, column, code, severity, key)


class Kind(NamedTuple):
    """A kind of fault: its name, the places that it fits, and how it is done.

    ``apply`` changes the line and returns the expected reports on it.
    """

    code: str
    column: str
    key: str
    fits: Callable[[Place], bool]
    apply: Callable[[Place], list[Report]]

    @property
    def name(self) -> tuple[str, str, str]:
        return self.code, self.column, self.key


def anywhere(_place: Place) -> bool:
    return True


# -- one cell --------------------------------------------------------------------------

#: columns that have less room in the network than in the format
_ROOMS = {"GestionnaireImmeuble": 120}
_DATES = ("20260231", "31/12/2026", "2026", "demain")


@cache
def cell_kinds(flow: str, version: str) -> tuple[Kind, ...]:
    """Return the faults of one cell: each refusal of each column of a format."""
    return tuple(
        _cell_kind(column.name, key, value)
        for column in tables.columns(flow, version)
        for key, value in _bad_values(column)
    )


def _cell_kind(name: str, key: str, value: str) -> Kind:
    code = MISSING if key == "missing" else MALFORMED

    def apply(place: Place) -> list[Report]:
        place.line[name] = value
        return [place.say(name, code, key)]

    return Kind(code, name, key, anywhere, apply)


def _bad_values(column: tables.Spec) -> Iterator[tuple[str, str]]:
    """Yield (key of the refusal, bad value) of a column."""
    if column.mandatory:
        yield "missing", ""
    yield from _REFUSALS[column.type](column)


def _bad_text(column: tables.Spec) -> Iterator[tuple[str, str]]:
    yield "formula", "=1+1"
    yield "control", "A\x07B"
    if column.length:
        yield "too_long", "9" * (column.length + 1)
    if column.pattern:
        yield "bad_pattern_value", "?" * (column.length or 4)


def _bad_comment(column: tables.Spec) -> Iterator[tuple[str, str]]:
    yield "control", "SONNER\x1b"
    room = column.length or _ROOMS.get(column.name)
    if room:
        yield "too_long", "X" * (room + 1)


def _bad_integer(column: tables.Spec) -> Iterator[tuple[str, str]]:
    yield "not_integer", "12,5"
    yield "too_long", "1" * (column.length + 1)


def _bad_decimal(column: tables.Spec) -> Iterator[tuple[str, str]]:
    yield "not_decimal", "12,5 km"
    yield "too_long", f"{'1' * (column.length // 2)},{'5' * (column.length // 2)}"


def _bad_date(column: tables.Spec) -> Iterator[tuple[str, str]]:
    yield "not_date", _DATES[len(column.name) % len(_DATES)]


_REFUSALS = {
    "text": _bad_text,
    "comment": _bad_comment,
    "integer": _bad_integer,
    "decimal": _bad_decimal,
    "date": _bad_date,
    "boolean": lambda _column: iter([("not_boolean", "PEUT-ÊTRE")]),
    "code": lambda _column: iter([("not_in_list", "INCONNU")]),
}


# -- a whole line ----------------------------------------------------------------------


def line_kinds() -> tuple[Kind, ...]:
    """Return the faults that no column is to blame for."""
    return tuple(
        Kind(MALFORMED, "", key, fits, apply)
        for key, fits, apply in (
            ("bad_quotes", anywhere, _lone_quote),
            ("too_many_cells", anywhere, _one_cell_more),
            ("too_few_cells", anywhere, _half_the_cells),
            ("repeated_header", anywhere, _header_again),
            ("mixed_encodings", _may_be_mixed, _other_encoding),
        )
    )


def _lone_quote(place: Place) -> list[Report]:
    place.line[place.free_text] = '"DES PRÉS'
    return [place.say("", MALFORMED, "bad_quotes")]


def _one_cell_more(place: Place) -> list[Report]:
    place.raw[place.rank] = [*map(place.get, place.names), "EN TROP"]
    return [place.say("", MALFORMED, "too_many_cells")]


def _half_the_cells(place: Place) -> list[Report]:
    cells = [*map(place.get, place.names)]
    place.raw[place.rank] = cells[: len(cells) // 2]
    return [place.say("", MALFORMED, "too_few_cells")]


def _header_again(place: Place) -> list[Report]:
    place.raw[place.rank] = list(place.names)
    return [place.say("", MALFORMED, "repeated_header")]


def _may_be_mixed(place: Place) -> bool:
    """Return whether it may come: once a file, after lines in the common encoding."""
    return not place.is_first and "mixed" not in place.once


def _other_encoding(place: Place) -> list[Report]:
    place.once.add("mixed")
    place.line[place.free_text] = "DU CHÂTEAU"
    place.encodings[place.rank] = "cp1252"
    return [place.say("", MALFORMED, "mixed_encodings", WARNING)]
