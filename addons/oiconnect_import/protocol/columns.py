"""Columns: one header name of the file, bound to a key of payloads, as data."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NoReturn

from .errors import FormatError
from .payloads import Path, path_of

#: key of the payload that keeps the columns a format does not bind: {header: text}
EXTRA = "extra"

#: types a column may have: ``values`` reads and writes each
TYPES = (
    "text",
    "comment",
    "integer",
    "decimal",
    "date",
    "datetime",
    "boolean",
    "code",
    "reason",
    "phone",
    "contact",
)

#: mandatory, conditional, optional, appended when used
RULES = ("M", "C", "F", "A")

#: highest rank of a list in a field
_MAX_RANK = 63


@lru_cache(maxsize=4096)
def header_key(name: str) -> str:
    """Return what identifies a header name whatever its case, accents and marks.

    "Reference Pm", "ReferencePm" and "REFERENCE_PM" are one column, and so are
    "NomModulePm N°1" and its reading in the wrong encoding, "NomModulePm NÂ°1".
    """
    plain = unicodedata.normalize("NFKD", name.replace("Â°", "").replace("º", ""))
    return "".join(char for char in plain.casefold() if char.isalnum())


@dataclass(frozen=True)
class Column:
    """One column: header name, key in the payload, type and rule.

    ``field`` is a path with dots ("routes.0.module"); empty, the column is stored by
    its name under ``extra``. ``length`` is the most characters allowed, 0 for no limit;
    ``decimals`` the fewest decimals to write. ``rule`` is M mandatory, C conditional, F
    optional or A appended: in a file only when a line of it has a value. ``values`` is
    the list of a code or boolean, "WIRE" or "WIRE=key" separated by "|" (a boolean
    names true first), or a "/pattern/" for a text. ``error_code`` replaces FIMP16 when
    the value is refused.
    """

    name: str
    field: str = ""
    type: str = "text"
    length: int = 0
    rule: str = "F"
    values: str = ""
    error_code: str = ""
    aliases: tuple[str, ...] = ()
    decimals: int = 0

    def __post_init__(self) -> None:
        """Raise ``FormatError`` when the column could not work."""
        if not header_key(self.name):
            self._refuse("bad_column_name")
        if self.type not in TYPES:
            self._refuse("unknown_type", value=self.type)
        if self.rule not in RULES:
            self._refuse("unknown_rule", value=self.rule)
        if not _is_usable(self.path):
            self._refuse("bad_field", field=self.field)
        self._check_values()

    def _check_values(self) -> None:
        if self.type == "code" and not self.pairs:
            self._refuse("code_without_list")
        if self.type == "boolean" and len(self.pairs) not in (0, 2):
            self._refuse("not_two_values")
        try:
            re.compile(self.pattern)
        except (re.error, OverflowError):
            self._refuse("bad_expression")

    def _refuse(self, reason: str, **params: str) -> NoReturn:
        raise FormatError(reason, column=self.name, **params)

    @property
    def mandatory(self) -> bool:
        """Whether a line without it is refused (FIMP15)."""
        return self.rule == "M"

    @property
    def appended(self) -> bool:
        """Whether a file has the column only when one of its lines needs it."""
        return self.rule == "A"

    @cached_property
    def pattern(self) -> str:
        """Regular expression that the whole text must match, empty for none."""
        values = self.values.strip()
        is_pattern = len(values) > 2 and values[0] == values[-1] == "/"
        return values[1:-1] if is_pattern else ""

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Value list as (wire value, key in the payload)."""
        if self.pattern or not self.values.strip():
            return ()
        pairs = []
        for item in self.values.split("|"):
            wire, _equal, key = (part.strip() for part in item.partition("="))
            pairs.append((wire, key or wire))
        return tuple(pairs)

    @cached_property
    def path(self) -> Path:
        """Keys and ranks that lead to the value in a payload."""
        if not self.field:
            return (EXTRA, self.name)
        return path_of(self.field)

    @property
    def key(self) -> str | Path:
        """The field when it is a plain key, the path else."""
        return self.path if len(self.path) > 1 else self.field

    @property
    def listing(self) -> str:
        """Value list as people read it."""
        return ", ".join(wire for wire, _key in self.pairs) or "O, N"

    @property
    def header_keys(self) -> tuple[str, ...]:
        """Keys of every header name that means this column."""
        return tuple(map(header_key, (self.name, *self.aliases)))


def refuse_doubles(columns: tuple[Column, ...]) -> None:
    """Raise ``FormatError`` when two columns share a name or a place in payloads."""
    names: set[str] = set()
    paths: dict[Path, Column] = {}
    for column in columns:
        keys = set(column.header_keys)
        if keys & names:
            raise FormatError("same_name", column=column.name)
        if column.path in paths:
            raise FormatError("same_field", column=column.name)
        names |= keys
        paths[column.path] = column
    _refuse_mixed(paths)


def _refuse_mixed(paths: dict[Path, Column]) -> None:
    """A place holds a value, a list or a dict: one of the three."""
    kinds: dict[Path, type] = {}
    for path, column in paths.items():
        for size in range(1, len(path)):
            kind = kinds.setdefault(path[:size], type(path[size]))
            if path[:size] in paths or kind is not type(path[size]):
                raise FormatError("same_field", column=column.name)


def _is_usable(path: Path) -> bool:
    """Whether a payload can have this place: keys, and ranks of small lists."""
    return isinstance(path[0], str) and all(
        part <= _MAX_RANK if isinstance(part, int) else part for part in path
    )
