"""Columns described by a CSV file: the seeds of the registry, and an official list.

One line per column: ``versions`` (separated by blanks, empty for all), ``rank``,
``column``, ``aliases`` (separated by "|"), ``field``, ``type``, ``length`` ("15.2" for
15 characters and at least 2 decimals), ``rule``, ``values``, ``error_code``,
``confidence`` (seen, inferred, proposed) and ``note``.
"""

from collections.abc import Iterable
from typing import Any, BinaryIO, NamedTuple

from .columns import RULES, TYPES, Column
from .errors import MALFORMED, FileError, FormatError, LineError
from .format import Format
from .reader import CsvReader

CONFIDENCE = ("seen", "inferred", "proposed")

DEFINITION = Format(
    "COLUMNS",
    "",
    (
        Column("versions", "versions", "comment"),
        Column("rank", "rank", "integer"),
        Column("column", "name", "comment", length=100, rule="M"),
        Column("aliases", "aliases", "comment"),
        Column("field", "field", values="/[a-z_][a-z0-9_]*(?:\\.[a-z0-9_]+)*/"),
        Column("type", "type", "code", values="|".join(TYPES)),
        Column("length", "length", values="/[0-9]{1,6}(?:\\.[0-9])?/"),
        Column("rule", "rule", "code", values="|".join(RULES)),
        Column("values", "values", "comment"),
        Column("error_code", "error_code", "reason"),
        Column(
            "confidence",
            "confidence",
            "code",
            values="|".join(CONFIDENCE),
            aliases=("sure",),
        ),
        Column("note", "note", "comment"),
    ),
)


class ColumnDefinition(NamedTuple):
    """One line of a definition: a column, its versions, how certain it is.

    ``line`` is its physical line, ``versions`` is empty for every version.
    """

    line: int
    versions: tuple[str, ...]
    rank: int
    column: Column
    confidence: str
    note: str

    def row(self) -> dict[str, str | int]:
        """Return the line of a file that describes this column, by ``DEFINITION``."""
        column = self.column
        length = f"{column.length}.{column.decimals}".removesuffix(".0")
        return {
            "versions": " ".join(self.versions),
            "rank": self.rank,
            "name": column.name,
            "aliases": "|".join(column.aliases),
            "field": column.field,
            "type": column.type,
            "length": "" if length == "0" else length,
            "rule": column.rule,
            "values": column.values,
            "error_code": column.error_code,
            "confidence": self.confidence,
            "note": self.note,
        }


def read_definition(
    source: bytes | BinaryIO, separator: str = ";"
) -> tuple[list[ColumnDefinition], list[LineError]]:
    """Read column definitions; raise ``FileError`` when the file is not one.

    Lines in error are left out and all their errors are returned.
    """
    reader = CsvReader(source, separator)
    definitions, errors = [], []
    for rank, line in enumerate(DEFINITION.parse_rows(reader), 1):
        if line.errors:
            errors.extend(line.errors)
            continue
        try:
            definitions.append(_definition(line.number, rank, line.payload))
        except FormatError as error:
            errors.append(_refused(line.number, line.payload["name"], error))
    return definitions, errors


def columns_of(
    definitions: Iterable[ColumnDefinition], version: str
) -> list[ColumnDefinition]:
    """Return the definitions of a version in the order of their ranks.

    Raises ``FileError`` when the definitions hold no column of ``version``.
    """
    chosen = [
        definition
        for definition in definitions
        if not definition.versions or version in definition.versions
    ]
    if not chosen:
        raise FileError("no_column", version=version)
    return sorted(chosen, key=lambda definition: definition.rank)


def versions_of(definitions: Iterable[ColumnDefinition]) -> list[str]:
    """Return every version the definitions name, oldest first."""
    found = {version for definition in definitions for version in definition.versions}
    return sorted(found, key=version_key)


def version_key(version: str) -> tuple[int, ...]:
    """Sort key of a version: "V1.10" comes after "V1.9"."""
    parts = version.strip("Vv").split(".")
    return tuple(int(part) if part.isdigit() else 0 for part in parts)


def _definition(line: int, rank: int, payload: dict[str, Any]) -> ColumnDefinition:
    length = payload.get("length", "0").partition(".")
    return ColumnDefinition(
        line,
        tuple(payload.get("versions", "").split()),
        payload.get("rank", rank),
        Column(
            name=payload["name"],
            field=payload.get("field", ""),
            type=payload.get("type", "text"),
            length=int(length[0]),
            decimals=int(length[2] or 0),
            rule=payload.get("rule", "F"),
            values=payload.get("values", ""),
            error_code=payload.get("error_code", ""),
            aliases=tuple(filter(None, payload.get("aliases", "").split("|"))),
        ),
        payload.get("confidence", "proposed"),
        payload.get("note", ""),
    )


def _refused(line: int, name: str, error: FormatError) -> LineError:
    return LineError(
        line, "column", name, MALFORMED, error.reason, error.params, "name"
    )
