"""Values of a cell: from the text of the file to a typed value, and back.

Typed values are those of the payloads: dates "YYYY-MM-DD", date-times
"YYYY-MM-DDTHH:MM:SS" (naive, Europe/Paris as in the file), booleans, int, float, str.
A missing value is ``None``. Interop'Fibre access protocol, "File conventions".
"""

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from . import quantities, texts
from .columns import Column
from .problems import Parser, Renderer, check_length, refusal


def parser_of(column: Column) -> Parser:
    """Return the function that reads the cells of ``column``.

    The function takes the text of a cell and returns its typed value, ``None`` when
    the cell means "nothing"; it raises ``ValueProblem`` with ``column.error_code``.
    """
    return _PARSERS[column.type](column)


def renderer_of(column: Column, decimal_mark: str = ".") -> Renderer:
    """Return the function that writes a typed value of ``column``, not empty, as text.

    It never cuts a value: what does not fit raises ``ValueProblem``. ``decimal_mark``
    is the mark of decimal numbers in the file.
    """
    render = _RENDERERS[column.type](column, decimal_mark)
    limit = column.length or math.inf

    def checked(value: Any) -> str:
        text = render(value)
        if len(text) > limit:
            check_length(column, text)
        return text

    return checked


def _reparsing_renderer(column: Column, _mark: str) -> Renderer:
    """Write text under the very rules by which it is read."""
    parse = parser_of(column)

    def render(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(
            value, str | int | float | Decimal
        ):
            raise refusal(column, "not_text")
        return parse(texts.printable(column, str(value))) or ""

    return render


_PARSERS: dict[str, Callable[[Column], Parser]] = {
    "text": texts.text_parser,
    "comment": texts.comment_parser,
    "integer": quantities.integer_parser,
    "decimal": quantities.decimal_parser,
    "date": quantities.date_parser,
    "datetime": quantities.datetime_parser,
    "boolean": texts.boolean_parser,
    "code": texts.code_parser,
    "reason": texts.reason_parser,
    "phone": texts.phone_parser,
    "contact": texts.phone_or_mail_parser,
}

_RENDERERS: dict[str, Callable[[Column, str], Renderer]] = {
    **dict.fromkeys(_PARSERS, _reparsing_renderer),
    "integer": quantities.integer_renderer,
    "decimal": quantities.decimal_renderer,
    "date": quantities.date_renderer,
    "datetime": quantities.datetime_renderer,
    "boolean": texts.boolean_renderer,
    "code": texts.code_renderer,
}
