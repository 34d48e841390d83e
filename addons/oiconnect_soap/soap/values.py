"""Values of an element: from its text to a typed value, and back.

Typed values: str, int, float, bool; ``dateTime`` is a naive ``datetime`` in UTC as the
database keeps it, ``duration`` a ``timedelta``. A value with a list of codes is a str.
"""

import math
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .contract import Field

MISSING, NOT_LISTED, MALFORMED = 1, 2, 3
PARIS = ZoneInfo("Europe/Paris")

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_FLOAT = re.compile(
    r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?\d\d?)?"
)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_DURATION = re.compile(
    r"(-?)P(?=.)(?:(\d{1,9})D)?"
    r"(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?",
    re.ASCII,
)
_NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_BOUNDS = {
    "int": (-(2**31), 2**31 - 1),
    "nonNegativeInteger": (0, 10**18),
    "long": (-(2**63), 2**63 - 1),
}

Lists = Mapping[str, Collection[str]]


class ValueProblem(ValueError):
    """A text that is no value of its field; ``code`` is a return code (SAV 3.0 §5)."""

    def __init__(self, code: int):
        super().__init__(code)
        self.code = code


def parse(field: Field, text: str, lists: Lists) -> Any:
    """Return the value that ``text``, not empty, has in ``field``.

    Raises ``ValueProblem``.
    """
    if field.codes:
        return _parse_code(field, text, lists[field.codes])
    try:
        value = _PARSERS.get(field.type, _parse_integer)(text)
    except (KeyError, ValueError, OverflowError):
        raise ValueProblem(MALFORMED) from None
    low, high = _BOUNDS.get(field.type, (-math.inf, math.inf))
    if field.type in _BOUNDS and not low <= value <= high:
        raise ValueProblem(MALFORMED)
    if field.length and not field.length[0] <= len(text) <= field.length[1]:
        raise ValueProblem(MALFORMED)
    return value


def render(field: Field, value: Any, lists: Lists) -> str:
    """Return the text of ``value`` in ``field``, as the contract demands it.

    A moment may be text as JSON keeps it, in UTC where it has no offset. Raises
    ``ValueProblem``; no value is ever cut.
    """
    try:
        text = _RENDERERS.get(field.type, str)(value)
    except (TypeError, ValueError, OverflowError, AttributeError):
        raise ValueProblem(MALFORMED) from None
    text = printable(text)
    if field.codes and text not in lists[field.codes]:
        raise ValueProblem(NOT_LISTED)
    if field.type != "string" or field.length:
        parse(field, text, lists)
    return text


def printable(text: str) -> str:
    """Return ``text`` with blanks for the characters that XML does not know."""
    return _NOT_XML.sub(" ", text)


def _parse_code(field: Field, text: str, values: Collection[str]) -> str:
    """Return the value of the list; case and repeated blanks do not count."""
    if field.type == "integer" and _INTEGER.fullmatch(text):
        text = str(int(text))
    if text in values:
        return text
    plain = " ".join(text.split()).casefold()
    for value in values:
        if value.casefold() == plain:
            return value
    raise ValueProblem(NOT_LISTED)


def _parse_integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _parse_float(text: str) -> float:
    if not _FLOAT.fullmatch(text):
        raise ValueError(text)
    return float(text)


def _parse_boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text.lower()]


def _parse_moment(text: str) -> datetime:
    """Return the moment; without offset it is a time of day in Paris [proposed]."""
    match = _MOMENT.fullmatch(text)
    if not match:
        raise ValueError(text)
    moment = datetime.fromisoformat(match[1] + (match[2] or ""))
    if not match[2]:
        moment = moment.replace(tzinfo=PARIS)
    return moment.astimezone(UTC).replace(tzinfo=None)


def _parse_duration(text: str) -> timedelta:
    """Return the duration; years and months have no length and are refused."""
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError(text)
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if match[1] else length


def _render_moment(value: datetime | str) -> str:
    """Return the time of day in Paris with its offset, to the second."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    moment = value if value.tzinfo else value.replace(tzinfo=UTC)
    local = moment.astimezone(PARIS)
    # Before 1911 Paris was 9 minutes 21 seconds off: no offset of XML Schema.
    if local.utcoffset() % timedelta(minutes=1):
        local = moment.astimezone(UTC)
    return local.isoformat(timespec="seconds")


def _render_duration(value: timedelta | int) -> str:
    """Return the duration, given as such or in seconds."""
    seconds = int(value.total_seconds() if isinstance(value, timedelta) else value)
    sign, (minutes, seconds) = "-" * (seconds < 0), divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    time = "".join(f"{count}{unit}" for count, unit in parts if count)
    if not days and not time:
        return "PT0S"
    return f"{sign}P{f'{days}D' if days else ''}{f'T{time}' if time else ''}"


def _render_boolean(value: Any) -> str:
    return "true" if value else "false"


def _render_text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(value)
    return str(value)


_PARSERS = {
    "string": str,
    "boolean": _parse_boolean,
    "dateTime": _parse_moment,
    "duration": _parse_duration,
    "float": _parse_float,
}
_RENDERERS = {
    "string": _render_text,
    "boolean": _render_boolean,
    "dateTime": _render_moment,
    "duration": _render_duration,
    "float": lambda value: repr(float(value)),
}
