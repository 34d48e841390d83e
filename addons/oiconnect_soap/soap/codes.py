"""Return codes, closure codes and value lists, read from ``tables/``.

They are what the product starts with: a caller that stores them as editable data hands
its own lists to the reader and the writer. Interop'Fibre SAV 3.0 §4, §5; contracts §6
to §8.
"""

import csv
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

TABLES = Path(__file__).parent / "tables"

SUCCESS = 0
MISSING = 1
NOT_LISTED = 2
MALFORMED = 3
BAD_CRITERIA = 4
NOTHING_FOUND = 5
UNCHANGED = 6
TOO_MANY = 7
UNKNOWN = 8
NOT_OF_OPERATOR = 9
INTERNAL = 10
NOT_ALLOWED = 11
BAD_CREDENTIALS = 12
UNEXPECTED = 13
MAINTENANCE = 14
NO_ACCESS = 15
DISABLED = 16
NO_SERVICE = 17
BAD_DATA = 18
SERVICE_DISABLED = 19
UNREACHABLE = 20
BAD_INTERFACE = 22
NOT_CREATED = 100
NO_APPOINTMENT = 101

_PLACE_OF_FIELD = "XXXXX"


class ReturnCode(NamedTuple):
    """A return code; what a sender does when it is answered with it.

    ``on_reply`` is ``retry``, ``stop`` (and alert), ``known`` (taken as delivered), or
    empty: the partner refused what was sent.
    """

    code: int
    label: str
    on_reply: str


class ClosureCode(NamedTuple):
    """A closure code and its exact label; family and responsibility are proposed."""

    code: str
    label: str
    family: str
    responsibility: str
    confidence: str


class ListedValue(NamedTuple):
    """A value of a list; ``since`` is the version that brought it, where known."""

    list: str
    value: str
    label: str
    since: str
    confidence: str


class RequiredField(NamedTuple):
    """A field that an event must have; ``fields`` has several where one is enough."""

    event: str
    fields: tuple[str, ...]


def _rows(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source, delimiter=";"))


RETURN_CODES = {
    int(row["code"]): ReturnCode(int(row["code"]), row["label"], row["on_reply"])
    for row in _rows("return_codes")
}
CLOSURE_CODES = {row["code"]: ClosureCode(**row) for row in _rows("closure_codes")}
LISTED_VALUES = tuple(ListedValue(**row) for row in _rows("lists"))
REQUIRED_FIELDS = tuple(
    RequiredField(row["event"], tuple(row["field"].split("|")))
    for row in _rows("required")
)


def _lists() -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {
        "closure_code": tuple(CLOSURE_CODES),
        "closure_label": tuple(code.label for code in CLOSURE_CODES.values()),
    }
    for row in LISTED_VALUES:
        lists[row.list] = (*lists.get(row.list, ()), row.value)
    return lists


#: list → its values, in the order of the tables
LISTS = MappingProxyType(_lists())


def label(code: int, field: str = "") -> str:
    """Return the label of a return code about ``field``, its name on the wire."""
    return RETURN_CODES[code].label.replace(_PLACE_OF_FIELD, field or "REQUETE")


def message(code: int, field: str = "") -> str:
    """Return ``<code> - <label>``, the text of faults."""
    return f"{code} - {label(code, field)}"


@cache
def required_fields(event: str) -> tuple[tuple[str, ...], ...]:
    """Return the names on the wire that ``event`` needs; one of each is enough."""
    return tuple(row.fields for row in REQUIRED_FIELDS if row.event == event)
