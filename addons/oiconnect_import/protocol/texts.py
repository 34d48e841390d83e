"""Cells of text: prose, short texts, lists of codes, yes or no, phones and mails.

Interop'Fibre access protocol, "File conventions" and "Other lists".
"""

import math
import re
from collections.abc import Callable
from typing import Any

from .columns import Column
from .problems import NOT_APPLICABLE, Parser, Renderer, check_length, optional, refusal

_NUMBER = r"[+-]?[0-9]+(?:[.,][0-9]*)?"
_is_number = re.compile(_NUMBER).fullmatch
_PHONE = re.compile(r"\+?[0-9(][0-9 .()/-]*").fullmatch
_EMAIL = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[^@\s;,]+").fullmatch
_REASON = re.compile(r"([A-Z]{3,4}[0-9]{2})(?![0-9A-Za-z])", re.IGNORECASE).match
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_OR_BREAK = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_FORMULA = "=+-@\t\r"
#: regular expression of a trimmed text that is refused as a formula, PostgreSQL's too
FORMULA = rf"^(?!{_NUMBER}$)[=+@-]"
_TRUE = {"O", "OUI"}
_FALSE = {"N", "NON"}


def text_parser(column: Column) -> Parser:
    """Return the reader of a short text: one line, no formula, maybe a pattern."""
    limit = column.length or math.inf
    matches = column.pattern and re.compile(column.pattern).fullmatch

    def parse(raw: str) -> str | None:
        value = raw.strip()
        if value in NOT_APPLICABLE:
            return None
        if raw[0] in _FORMULA or value[0] in _FORMULA:
            _check_formula(column, raw, value)
        if not value.isprintable() and _CONTROL_OR_BREAK.search(value):
            raise refusal(column, "control")
        if len(value) > limit:
            check_length(column, value)
        if matches and not matches(value):
            raise refusal(column, "bad_pattern_value", pattern=column.pattern)
        return value

    return parse


def comment_parser(column: Column) -> Parser:
    """Return the reader of free text: any sign, line breaks included."""
    limit = column.length or math.inf

    def parse(raw: str) -> str | None:
        value = raw.strip()
        if value in NOT_APPLICABLE:
            return None
        if not value.isprintable() and _CONTROL.search(value):
            raise refusal(column, "control")
        if len(value) > limit:
            check_length(column, value)
        return value

    return parse


def printable(column: Column, value: str) -> str:
    """Return ``value`` with a blank for each sign that readers of ``column`` refuse.

    Staff paste texts from any document: for one of its control characters, no order
    waits for its answer.
    """
    if value.isprintable():
        return value
    signs = _CONTROL if column.type == "comment" else _CONTROL_OR_BREAK
    return signs.sub(" ", value)


def _check_formula(column: Column, raw: str, value: str) -> None:
    """Refuse what a spreadsheet would run; a signed number is harmless."""
    if raw[0] in "\t\r" or (value[0] in _FORMULA and not _is_number(value)):
        raise refusal(column, "formula")


# -- lists ---------------------------------------------------------------------------


def boolean_parser(column: Column) -> Parser:
    """Return the reader of yes or no: the two values of the column, O/N, OUI/NON."""
    known = {wire.upper(): rank == 0 for rank, (wire, _key) in enumerate(column.pairs)}
    known |= dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)

    def read(value: str) -> bool:
        try:
            return known[value.upper()]
        except KeyError:
            raise refusal(column, "not_boolean", values=column.listing) from None

    return optional(read)


def boolean_renderer(column: Column, _mark: str) -> Renderer:
    """Return the writer of yes or no by the two values of the column."""
    (yes, _key), (no, _other) = column.pairs or (("O", True), ("N", False))

    def render(value: Any) -> str:
        if value is not True and value is not False:
            raise refusal(column, "not_boolean", values=column.listing)
        return yes if value else no

    return render


def code_parser(column: Column) -> Parser:
    """Return the reader of a value list, whatever the case; gives the key."""
    known = {wire.upper(): key for wire, key in column.pairs}

    def read(value: str) -> str:
        try:
            return known[value.upper()]
        except KeyError:
            raise refusal(column, "not_in_list", values=column.listing) from None

    return optional(read)


def code_renderer(column: Column, _mark: str) -> Renderer:
    """Return the writer of a value list: key, or wire value, to wire value."""
    wires = {wire: wire for wire, _key in column.pairs}
    wires |= {key: wire for wire, key in reversed(column.pairs)}

    def render(value: Any) -> str:
        try:
            return wires[value]
        except (KeyError, TypeError):
            raise refusal(column, "not_in_list", values=column.listing) from None

    return render


def reason_parser(column: Column) -> Parser:
    """Return the reader of the code that begins a cell, whatever follows it."""

    def read(value: str) -> str:
        match = _REASON(value)
        if not match:
            raise refusal(column, "not_reason")
        return match[1].upper()

    return optional(read)


# -- contacts ------------------------------------------------------------------------


def _is_phone(value: str) -> bool:
    return bool(_PHONE(value)) and sum(map(str.isdigit, value)) >= 6


def phone_parser(column: Column) -> Parser:
    """Return the reader of a phone number, stored as written."""
    return contact_parser(column, "not_phone", _is_phone)


def phone_or_mail_parser(column: Column) -> Parser:
    """Return the reader of a phone number or an e-mail address."""
    return contact_parser(
        column, "not_contact", lambda value: _is_phone(value) or _EMAIL(value)
    )


def contact_parser(column: Column, key: str, accepts: Callable[[str], Any]) -> Parser:
    """Return the reader of what ``accepts`` accepts; ``key`` tells of the rest."""

    def read(value: str) -> str:
        if not accepts(value):
            raise refusal(column, key)
        check_length(column, value)
        return value

    return optional(read)
