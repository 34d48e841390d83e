"""Refusals of values, and the checks that all types share."""

from collections.abc import Callable
from typing import Any

from .columns import Column
from .errors import MALFORMED, MISSING

#: what an operator writes for "not applicable"; read as missing
NOT_APPLICABLE = frozenset({"", "_NA_"})


#: what reads the text of a cell, and what writes a value as such a text
Parser = Callable[[str], Any]
Renderer = Callable[[Any], str]


class ValueProblem(ValueError):
    """A value that its column refuses: message key, parameters and reason code."""

    def __init__(self, key: str, code: str = MALFORMED, **params: Any):
        super().__init__(key)
        self.key = key
        self.code = code
        self.params = params


def refusal(column: Column, key: str, **params: Any) -> ValueProblem:
    """Return the problem ``key`` of a value of ``column``, with the column's code."""
    code = column.error_code or MALFORMED
    return ValueProblem(key, code, column=column.name, **params)


def missing(column: Column) -> ValueProblem:
    """Return the problem of a mandatory column without value."""
    return ValueProblem("missing", MISSING, column=column.name)


def check_length(column: Column, text: str) -> None:
    """Raise ``ValueProblem`` when ``text`` is longer than ``column`` allows."""
    if column.length and len(text) > column.length:
        raise refusal(column, "too_long", count=len(text), limit=column.length)


def optional(read: Parser) -> Parser:
    """Read a cell without its outer blanks, as ``None`` when it means "nothing"."""

    def parse(raw: str) -> Any:
        value = raw.strip()
        return None if value in NOT_APPLICABLE else read(value)

    return parse
