"""Values of a cell: from the text of the wire to a typed value, and back.

Typed values are those of the payloads: dates "YYYY-MM-DD", date-times
"YYYY-MM-DDTHH:MM:SS" (naive, Europe/Paris as on the wire), booleans, int, float, str.
A missing value is ``None``. Interop'Fibre access protocol, "File conventions".
"""

import datetime
import math
import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .errors import MALFORMED, MISSING

if TYPE_CHECKING:
    from .columns import Column

Parser = Callable[[str], Any]
Renderer = Callable[[Any], str]

#: what an operator writes for "not applicable"; read as missing
NOT_APPLICABLE = frozenset({"", "_NA_"})

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}").fullmatch
_DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(?:[.,][0-9]{0,18})?").fullmatch
_PHONE = re.compile(r"\+?[0-9(][0-9 .()/-]*").fullmatch
_EMAIL = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[^@\s;,]+").fullmatch
_REASON = re.compile(r"([A-Z]{3,4}[0-9]{2})(?![0-9A-Za-z])", re.IGNORECASE).match
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]").search
_CONTROL_OR_BREAK = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]").search
_FORMULA = "=+-@\t\r"
_TRUE = {"O", "OUI"}
_FALSE = {"N", "NON"}
_MIN_YEAR = 1900


class ValueProblem(ValueError):
    """A value that its column refuses: message key, parameters and reason code."""

    def __init__(self, key: str, code: str = MALFORMED, **params: Any):
        super().__init__(key)
        self.key = key
        self.code = code
        self.params = params


def parser_of(column: "Column") -> Parser:
    """Return the function that reads the cells of ``column``.

    The function takes the text of a cell and returns its typed value, ``None`` when
    the cell means "nothing"; it raises ``ValueProblem`` with ``column.error_code``.
    """
    return _PARSERS[column.type](column)


def renderer_of(column: "Column", decimal_mark: str = ".") -> Renderer:
    """Return the function that writes a typed value of ``column``, not empty, as text.

    It never cuts a value: what does not fit raises ``ValueProblem``. ``decimal_mark``
    is the mark of decimal numbers on the wire.
    """
    render = _RENDERERS[column.type](column, decimal_mark)

    def checked(value: Any) -> str:
        text = render(value)
        _check_length(column, text)
        return text

    return checked


def missing(column: "Column") -> ValueProblem:
    """Return the problem of a mandatory column without value."""
    return ValueProblem("missing", MISSING, column=column.name)


# -- text ---------------------------------------------------------------------------


def _text_parser(column: "Column") -> Parser:
    limit = column.length or math.inf
    matches = _pattern_matcher(column)

    def parse(raw: str) -> str | None:
        value = raw.strip()
        if value in NOT_APPLICABLE:
            return None
        if raw[0] in _FORMULA or value[0] in _FORMULA:
            _check_formula(column, raw, value)
        if not value.isprintable() and _CONTROL_OR_BREAK(value):
            raise _problem(column, "control")
        if len(value) > limit:
            _check_length(column, value)
        if matches and not matches(value):
            raise _problem(column, "bad_pattern_value", pattern=column.pattern)
        return value

    return parse


def _comment_parser(column: "Column") -> Parser:
    limit = column.length or math.inf

    def parse(raw: str) -> str | None:
        value = raw.strip()
        if value in NOT_APPLICABLE:
            return None
        if not value.isprintable() and _CONTROL(value):
            raise _problem(column, "control")
        if len(value) > limit:
            _check_length(column, value)
        return value

    return parse


def _pattern_matcher(column: "Column") -> Callable[[str], Any] | None:
    return re.compile(column.pattern).fullmatch if column.pattern else None


def _check_formula(column: "Column", raw: str, value: str) -> None:
    """Refuse what a spreadsheet would run; a signed number is harmless."""
    if raw[0] in "\t\r" or (value[0] in _FORMULA and not _DECIMAL(value)):
        raise _problem(column, "formula")


def _check_length(column: "Column", text: str) -> None:
    if column.length and len(text) > column.length:
        raise _problem(column, "too_long", count=len(text), limit=column.length)


def _problem(column: "Column", key: str, **params: Any) -> ValueProblem:
    code = column.error_code or MALFORMED
    return ValueProblem(key, code, column=column.name, **params)


def _plain_text(column: "Column", value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise _problem(column, "not_text")
    return value if isinstance(value, str) else str(value)


def _reparsing_renderer(column: "Column", _mark: str) -> Renderer:
    """Write text under the very rules by which it is read."""
    parse = parser_of(column)

    def render(value: Any) -> str:
        return parse(_plain_text(column, value)) or ""

    return render


# -- numbers ------------------------------------------------------------------------


def _integer_parser(column: "Column") -> Parser:
    def parse(raw: str) -> int | None:
        value = raw.strip()
        if value in NOT_APPLICABLE:
            return None
        if not _INTEGER(value):
            raise _problem(column, "not_integer")
        _check_length(column, value)
        return int(value)

    return parse


def _integer_renderer(column: "Column", _mark: str) -> Renderer:
    def render(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise _problem(column, "not_integer")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = str(value).strip()
        if not _INTEGER(text):
            raise _problem(column, "not_integer")
        return text

    return render


def _decimal_parser(column: "Column") -> Parser:
    def parse(raw: str) -> float | None:
        value = raw.strip()
        if value in NOT_APPLICABLE:
            return None
        if not _DECIMAL(value):
            raise _problem(column, "not_decimal")
        _check_length(column, value)
        return float(value.replace(",", "."))

    return parse


def _decimal_renderer(column: "Column", mark: str) -> Renderer:
    places = column.decimals

    def render(value: Any) -> str:
        if isinstance(value, str):
            value = value.strip().replace(",", ".")
        text = _decimal_text(column, value)
        whole, _point, fraction = text.partition(".")
        fraction = fraction.ljust(places, "0")
        return f"{whole}{mark}{fraction}" if fraction else whole

    return render


def _decimal_text(column: "Column", value: Any) -> str:
    """Write every significant figure, without exponent."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise _problem(column, "not_decimal")
    text = str(value)
    if not isinstance(value, str) and math.isfinite(value):
        text = format(Decimal(text), "f")
    if not _DECIMAL(text):
        raise _problem(column, "not_decimal")
    whole, point, fraction = text.partition(".")
    return f"{whole}.{fraction.rstrip('0')}".rstrip(".") if point else whole


# -- dates --------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def read_date(value: str) -> str:
    """Read "AAAAMMJJ" as "YYYY-MM-DD"; raise ``ValueError`` when it is no date."""
    if len(value) != 8 or not (value.isascii() and value.isdigit()):
        raise ValueError(value)
    date = datetime.date(int(value[:4]), int(value[4:6]), int(value[6:]))
    if date.year < _MIN_YEAR:
        raise ValueError(value)
    return date.isoformat()


@lru_cache(maxsize=8192)
def _read_time(value: str) -> str:
    if not (value.isascii() and re.fullmatch(r"\d\d:\d\d(?::\d\d)?", value)):
        raise ValueError(value)
    return datetime.time.fromisoformat(value).isoformat("seconds")


def _date_parser(column: "Column") -> Parser:
    def parse(raw: str) -> str | None:
        value = raw.strip()
        if value in NOT_APPLICABLE:
            return None
        try:
            return read_date(value)
        except ValueError:
            raise _problem(column, "not_date") from None

    return parse


def _datetime_parser(column: "Column") -> Parser:
    def parse(raw: str) -> str | None:
        value = raw.strip()
        if value in NOT_APPLICABLE:
            return None
        day, _space, time = value.partition(" ")
        try:
            return f"{read_date(day)}T{_read_time(time.lstrip())}"
        except ValueError:
            raise _problem(column, "not_datetime") from None

    return parse


def _date_renderer(column: "Column", _mark: str) -> Renderer:
    def render(value: Any) -> str:
        moment = _moment(value)
        if moment is None:
            raise _problem(column, "not_date")
        return f"{moment:%Y%m%d}"

    return render


def _datetime_renderer(column: "Column", _mark: str) -> Renderer:
    def render(value: Any) -> str:
        moment = _moment(value)
        if moment is None:
            raise _problem(column, "not_datetime")
        return f"{moment:%Y%m%d %H:%M}"

    return render


def _moment(value: Any) -> datetime.datetime | None:
    """Return the naive date-time meant by ``value``, ``None`` when it is not one."""
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    if not isinstance(value, datetime.datetime) or value.tzinfo:
        return None
    return value if value.year >= _MIN_YEAR else None


# -- lists --------------------------------------------------------------------------


def _boolean_parser(column: "Column") -> Parser:
    known = {wire.upper(): rank == 0 for rank, (wire, _key) in enumerate(column.pairs)}
    known |= dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)

    def parse(raw: str) -> bool | None:
        value = raw.strip()
        if value in NOT_APPLICABLE:
            return None
        try:
            return known[value.upper()]
        except KeyError:
            raise _problem(column, "not_boolean", values=column.listing) from None

    return parse


def _boolean_renderer(column: "Column", _mark: str) -> Renderer:
    (yes, _key), (no, _other) = column.pairs or (("O", True), ("N", False))

    def render(value: Any) -> str:
        if value is not True and value is not False:
            raise _problem(column, "not_boolean", values=column.listing)
        return yes if value else no

    return render


def _code_parser(column: "Column") -> Parser:
    known = {wire.upper(): key for wire, key in column.pairs}

    def parse(raw: str) -> str | None:
        value = raw.strip()
        if value in NOT_APPLICABLE and value.upper() not in known:
            return None
        try:
            return known[value.upper()]
        except KeyError:
            raise _problem(column, "not_in_list", values=column.listing) from None

    return parse


def _code_renderer(column: "Column", _mark: str) -> Renderer:
    wires = {key: wire for wire, key in reversed(column.pairs)}

    def render(value: Any) -> str:
        try:
            return wires[value]
        except (KeyError, TypeError):
            raise _problem(column, "not_in_list", values=column.listing) from None

    return render


def _reason_parser(column: "Column") -> Parser:
    """Read the code that begins the cell, whatever wording follows it."""

    def parse(raw: str) -> str | None:
        value = raw.strip()
        if value in NOT_APPLICABLE:
            return None
        match = _REASON(value)
        if not match:
            raise _problem(column, "not_reason")
        return match[1].upper()

    return parse


# -- contacts -----------------------------------------------------------------------


def _is_phone(value: str) -> bool:
    return bool(_PHONE(value)) and sum(map(str.isdigit, value)) >= 6


def _phone_parser(column: "Column") -> Parser:
    return _contact_parser(column, "not_phone", _is_phone)


def _phone_or_mail_parser(column: "Column") -> Parser:
    return _contact_parser(
        column, "not_contact", lambda value: _is_phone(value) or _EMAIL(value)
    )


def _contact_parser(
    column: "Column", key: str, accepts: Callable[[str], Any]
) -> Parser:
    def parse(raw: str) -> str | None:
        value = raw.strip()
        if value in NOT_APPLICABLE:
            return None
        if not accepts(value):
            raise _problem(column, key)
        _check_length(column, value)
        return value

    return parse


_PARSERS: dict[str, Callable[["Column"], Parser]] = {
    "text": _text_parser,
    "comment": _comment_parser,
    "integer": _integer_parser,
    "decimal": _decimal_parser,
    "date": _date_parser,
    "datetime": _datetime_parser,
    "boolean": _boolean_parser,
    "code": _code_parser,
    "reason": _reason_parser,
    "phone": _phone_parser,
    "contact": _phone_or_mail_parser,
}

_RENDERERS: dict[str, Callable[["Column", str], Renderer]] = {
    **dict.fromkeys(_PARSERS, _reparsing_renderer),
    "integer": _integer_renderer,
    "decimal": _decimal_renderer,
    "date": _date_renderer,
    "datetime": _datetime_renderer,
    "boolean": _boolean_renderer,
    "code": _code_renderer,
}

#: types a column may have
TYPES: tuple[str, ...] = tuple(_PARSERS)
