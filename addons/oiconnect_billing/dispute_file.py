"""Reads the csv in which an operator contests lines of its invoices. No ORM.

The annex of an invoice with two more columns, the amount contested and the reason;
lines where both are empty are not contested. Each problem is reported with its place.
"""

import csv
import io
import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .annex import FEE, RECORD

# Bytes of a file, and lines that it may contest
MAX_BYTES = 20_000_000
MAX_LINES = 30_000
MAX_PROBLEMS = 1000
REASON_LENGTH = 1000
_NUMBER = re.compile(rf"([{RECORD}{FEE}])([0-9]{{1,18}})").fullmatch
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?").fullmatch
_MONTHS = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})(?:-[0-9]{1,2})?").fullmatch,
    re.compile(r"(?:[0-9]{1,2}/)?(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})").fullmatch,
)
# What a line that has no number is found by
REFERENCES = ("oc_reference", "service_reference")


class Problem(NamedTuple):
    """Problem of a cell; ``code`` says which sentence tells what to do."""

    line: int
    column: str
    value: str
    code: str


class Contested(NamedTuple):
    """A line of the file that contests something.

    :param kind: RECORD or FEE with ``number``; empty when it is found by references
    """

    line: int
    kind: str
    number: int
    value: str
    references: dict
    month: date | None
    product: str
    amount: Decimal
    reason: str


def normalized(text):
    """Return a header as it is compared: no accent, case or double space."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


def read(content, headers):
    """Return ``([Contested], [Problem])`` of a file.

    :param headers: ``{key: [header]}`` of the columns that are known
    """
    text = _decoded(content)
    if text is None:
        return [], [Problem(1, "", "", "not_csv")]
    return _Reader(headers).parse(text)


def _decoded(content):
    if not content or len(content) > MAX_BYTES or b"\0" in content:
        return None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


class _Reader:
    def __init__(self, headers):
        self._known = {
            normalized(header): key
            for key, names in headers.items()
            for header in names
        }
        self._labels = {key: names[0] for key, names in headers.items()}
        self._found, self._problems = [], []

    def parse(self, text):
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
        try:
            self._read_rows(rows)
        except csv.Error:
            self._add(rows.line_num, "", "", "quotes")
        return self._found, self._problems

    def _read_rows(self, rows):
        if not self._read_header(next(rows, [])):
            return
        for cells in rows:
            self._read_row(rows.line_num, [cell.strip() for cell in cells])
            if len(self._found) > MAX_LINES:
                self._found = []
                return self._add(rows.line_num, "", str(MAX_LINES), "too_many")
            if len(self._problems) >= MAX_PROBLEMS:
                return None
        if not self._found and not self._problems:
            self._add(rows.line_num, self._labels["contested"], "", "nothing")
        return None

    def _read_header(self, cells):
        self._keys = [self._known.get(normalized(cell)) for cell in cells]
        present = set(self._keys)
        missing = [key for key in ("contested", "reason") if key not in present]
        if "line" not in present and not (
            "month" in present and present.intersection(REFERENCES)
        ):
            missing.insert(0, "line")
        for key in missing:
            self._add(1, self._labels[key], "", "column")
        return not missing

    def _read_row(self, line, cells):
        if any(cells[len(self._keys) :]):
            return self._add(line, "", cells[-1], "cells")
        row = {}
        for key, cell in zip(self._keys, cells, strict=False):
            if key and not row.get(key):
                row[key] = cell
        if not (row.get("contested") or row.get("reason")):
            return None
        before = len(self._problems)
        kind, number = self._number(line, row)
        references = {key: row[key] for key in REFERENCES if row.get(key)}
        month = self._month(line, row, references) if not kind else None
        amount = self._amount(line, row.get("contested", ""))
        reason = self._reason(line, row.get("reason", ""))
        if len(self._problems) == before:
            value = row.get("line") or " / ".join(references.values())
            self._found.append(
                Contested(
                    *(line, kind, number, value, references, month),
                    *(row.get("product", ""), amount, reason),
                )
            )
        return None

    def _number(self, line, row):
        text = row.get("line", "")
        if not text:
            return "", 0
        match = _NUMBER(text.upper())
        if not match:
            self._add(line, self._labels["line"], text, "number")
            return "?", 0
        return match[1], int(match[2])

    def _month(self, line, row, references):
        if not references:
            return self._add(line, self._labels["line"], "", "unnamed")
        text = row.get("month", "")
        for pattern in _MONTHS:
            match = pattern(text)
            if match and 1 <= int(match["month"]) <= 12 and int(match["year"]) > 1900:
                return date(int(match["year"]), int(match["month"]), 1)
        return self._add(line, self._labels["month"], text, "month")

    def _amount(self, line, text):
        plain = re.sub(r"[\s€]", "", text)
        if "," in plain:
            plain = plain.replace(".", "").replace(",", ".")
        if not _AMOUNT(plain) or not Decimal(plain):
            return self._add(line, self._labels["contested"], text, "amount")
        return Decimal(plain)

    def _reason(self, line, text):
        reason = " ".join(text.split())
        if not reason:
            return self._add(line, self._labels["reason"], "", "reason")
        if len(reason) > REASON_LENGTH:
            return self._add(line, self._labels["reason"], reason[:40], "long")
        return reason

    def _add(self, line, column, value, code):
        self._problems.append(Problem(line, column, value, code))
