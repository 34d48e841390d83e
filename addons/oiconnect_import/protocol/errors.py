"""Errors of a protocol file: a key and parameters, worded by ``MESSAGES``.

Keys and parameters are what travels and is stored; the wording is an English template
with named ``%`` parameters that the ORM side translates with ``env._``.
"""

from typing import Any, NamedTuple

MISSING = "FIMP15"
MALFORMED = "FIMP16"


def _lt(template: str) -> str:
    """Mark ``template`` for the export of terms to translate."""
    return template


#: message key → English template
MESSAGES: dict[str, str] = {
    # whole file
    "empty_file": _lt("The file is empty: send it again with its header and lines."),
    "header_only": _lt("The file holds a header but no line: send it with its lines."),
    "not_csv": _lt("The file is not a CSV file (%(found)s found): send text lines."),
    "nul_bytes": _lt(
        "Line %(line)s holds NUL bytes: export the file again as plain text."
    ),
    "utf16": _lt("The file is encoded in UTF-16: export it again in UTF-8."),
    "undecodable": _lt(
        "Line %(line)s cannot be read in %(encoding)s: choose the right encoding."
    ),
    "unknown_encoding": _lt(
        "The encoding %(encoding)s is unknown: choose another one for this flow."
    ),
    "wrong_separator": _lt(
        "The header is separated by “%(found)s”: separate columns by “%(expected)s”."
    ),
    "no_header": _lt("The first line is blank: begin the file with its header."),
    "bad_header": _lt("The quotes of the header are not closed: correct line 1."),
    "unnamed_column": _lt(
        "Column %(rank)s of the header has no name: name it or remove it."
    ),
    "doubled_column": _lt(
        "The header names the column %(column)s twice: keep only one of them."
    ),
    "unknown_header": _lt(
        "No column of %(flow)s %(version)s is in the header: check line 1."
    ),
    "missing_columns": _lt(
        "The header lacks mandatory columns of %(flow)s %(version)s: add %(columns)s."
    ),
    "too_many_columns": _lt(
        "The header has %(count)s columns, more than the %(limit)s allowed."
    ),
    "line_too_long": _lt(
        "Line %(line)s is longer than the %(limit)s bytes allowed: shorten it."
    ),
    "too_many_lines": _lt(
        "The file has more than the %(limit)s lines allowed: send it in parts."
    ),
    "bad_name": _lt(
        "The file name %(name)s does not follow the protocol: rename the file."
    ),
    "bad_name_part": _lt(
        "The part “%(part)s” cannot stand in a file name with the value %(value)s."
    ),
    "bad_template": _lt(
        "The file name template %(template)s is not valid: correct the flow."
    ),
    "bad_pattern": _lt(
        "The reading pattern %(pattern)s is not valid: correct the flow."
    ),
    "no_column": _lt("The file describes no column of version %(version)s."),
    # one column of a file
    "unknown_column": _lt(
        "The column %(column)s is none of %(flow)s %(version)s: check its name, what "
        "it says is not used."
    ),
    "unknown_column_near": _lt(
        "The column %(column)s is none of %(flow)s %(version)s: what it says is not "
        "used. If it is %(near)s, correct its name."
    ),
    # one line
    "bad_quotes": _lt(
        "A quote is not closed or not doubled on this line: correct its quotes."
    ),
    "too_many_cells": _lt(
        "The line has %(count)s cells for %(limit)s columns: remove what exceeds."
    ),
    "too_few_cells": _lt(
        "The line has %(count)s columns instead of %(limit)s: it was cut short, send "
        "it again whole."
    ),
    "repeated_header": _lt("The header is repeated on this line: remove the line."),
    "mixed_encodings": _lt(
        "The file mixes encodings (%(encoding)s from this line): use only one."
    ),
    # one column of a format
    "bad_column_name": _lt("%(column)s has no letter or digit: name the column."),
    "unknown_type": _lt("%(column)s has the unknown type %(value)s: choose another."),
    "unknown_rule": _lt(
        "%(column)s has the unknown rule %(value)s: choose M, C, F or A."
    ),
    "code_without_list": _lt("%(column)s is a code: give the list of its values."),
    "not_two_values": _lt("%(column)s is a yes or no: give its two values."),
    "bad_field": _lt(
        "%(column)s cannot feed the field %(field)s: write keys separated by points."
    ),
    "bad_expression": _lt(
        "The pattern of %(column)s is not a regular expression: correct it."
    ),
    "same_name": _lt("%(column)s has a name that another column has: rename it."),
    "same_field": _lt("%(column)s feeds the field of another column: change it."),
    "bad_writing": _lt("The %(part)s %(value)s cannot be used to write a file."),
    "mark_separates": _lt(
        "“%(mark)s” separates cells and decimals, and nothing is in quotes: choose "
        "another mark, another separator or quotes."
    ),
    # one value
    "missing": _lt("%(column)s is mandatory: fill it in."),
    "too_long": _lt(
        "%(column)s has %(count)s characters: shorten it to %(limit)s at most."
    ),
    "not_in_list": _lt("%(column)s must be one of %(values)s."),
    "bad_pattern_value": _lt("%(column)s does not have the expected form %(pattern)s."),
    "too_large": _lt("%(column)s is too large a number: %(limit)s at most."),
    "not_integer": _lt("%(column)s must be a whole number."),
    "not_decimal": _lt("%(column)s must be a number."),
    "not_date": _lt("%(column)s must be a date written AAAAMMJJ."),
    "not_datetime": _lt("%(column)s must be a date and time, AAAAMMJJ HH:MM."),
    "not_boolean": _lt("%(column)s must be one of %(values)s."),
    "not_phone": _lt("%(column)s must be a phone number of 6 digits or more."),
    "not_contact": _lt("%(column)s must be a phone number or an e-mail address."),
    "not_reason": _lt("%(column)s must begin with a reason code such as FINT04."),
    "not_text": _lt("%(column)s cannot be written as text: give a single value."),
    "formula": _lt("%(column)s begins like a spreadsheet formula: remove the sign."),
    "control": _lt("%(column)s holds control characters or line breaks: remove them."),
    "unencodable": _lt("%(column)s holds a character unknown in %(encoding)s."),
}


class ProtocolError(Exception):
    """A refusal with its ``reason``, a key of ``MESSAGES``, and its ``params``."""

    def __init__(self, reason: str, **params: Any):
        super().__init__(reason)
        self.reason = reason
        self.params = params

    def __str__(self) -> str:
        return MESSAGES[self.reason] % self.params


class FileError(ProtocolError):
    """Refusal of a whole file: nothing of it may be applied.

    ``code`` is the reason code of the protocol; ``params`` names the ``line`` when a
    physical line is to blame.
    """

    code = MALFORMED

    @property
    def line(self) -> int:
        """Physical line to blame (the header is 1), 0 when the whole file is."""
        return self.params.get("line", 0)


class FormatError(ProtocolError, ValueError):
    """A column or a format that could not work."""


class LineError(NamedTuple):
    """One error of one line; a line keeps all of its errors.

    ``line`` is the physical line where the record begins (header = 1); for a payload
    to write it is its rank from 1. ``column`` is the wire name and ``field`` its key in
    the payload, both empty when the whole line is to blame. ``code`` is the reason code
    of the protocol.
    """

    line: int
    column: str
    value: str
    code: str
    message_key: str
    params: dict[str, Any]
    field: str = ""

    @property
    def message(self) -> str:
        """English wording of the error."""
        return MESSAGES[self.message_key] % self.params


def line_problem(line: int, key: str, value: str = "", **params: Any) -> LineError:
    """Return the error of a whole line."""
    return LineError(line, "", value, MALFORMED, key, params)


class PayloadError(Exception):
    """A payload that a format cannot write; ``errors`` names each column to blame."""

    def __init__(self, errors: list[LineError]):
        super().__init__(errors)
        self.errors = errors

    @property
    def code(self) -> str:
        """Reason code of the first error."""
        return self.errors[0].code

    def __str__(self) -> str:
        return "\n".join(error.message for error in self.errors)
