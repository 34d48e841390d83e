"""Names of protocol files: tolerant reading by a pattern, building by a template.

Both are data of the flow. A reading pattern is a regular expression with the groups
``oi``, ``oc``, ``ref``, ``flow``, ``version``, ``date``, ``seq``, ``ext`` (any may be
absent) where ``{flow}`` stands for the codes the flow is known by. Interop'Fibre access
protocol, "File name"; PM protocol, "File names".
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from string import Formatter
from typing import Any, NamedTuple, NoReturn, TypeVar

from .errors import FileError
from .quantities import read_date

_VERSION = re.compile(r"V?(\d)\.?(\d+)", re.IGNORECASE)
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NAME_LIMIT = 255
#: the largest number of a file
MAX_SEQUENCE = 999_999_999

Key = TypeVar("Key")

#: parts a template may name
PARTS = (
    "oi",
    "oc",
    "network",
    "zone",
    "reference",
    "flow",
    "version",
    "date",
    "sequence",
)


class FileName(NamedTuple):
    """Parts of a file name; empty or ``None`` when missing.

    ``flow_token`` is the flow as written, ``version`` is like "V1.3", ``date`` is
    "YYYY-MM-DD" or empty when the name holds no real date: ``bad_date`` is then what
    it has in its place.
    """

    oi: str
    oc: str
    reference: str
    flow_token: str
    version: str
    date: str
    sequence: int | None
    extension: str
    bad_date: str = ""

    @property
    def has_oversized_number(self) -> bool:
        """Whether no column holds its number."""
        return (self.sequence or 0) > MAX_SEQUENCE


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, tokens: tuple[str, ...]) -> re.Pattern[str]:
    """Compile a reading pattern for a flow known by ``tokens`` (case does not matter).

    Raises ``FileError`` when the pattern is not a regular expression.
    """
    known = "|".join(map(re.escape, sorted(tokens, key=len, reverse=True)))
    try:
        return re.compile(pattern.replace("{flow}", known), re.IGNORECASE | re.ASCII)
    except (re.error, OverflowError) as error:
        raise FileError("bad_pattern", pattern=pattern) from error


def read_name(name: str, pattern: str, tokens: Iterable[str]) -> FileName | None:
    """Read the base name of a file; ``None`` when it is not of this flow."""
    if len(name) > _NAME_LIMIT:
        return None
    match = compile_pattern(pattern, tuple(tokens)).fullmatch(name)
    if not match:
        return None
    found = {key: value or "" for key, value in match.groupdict().items()}
    token = found.get("date", "")
    date = _date(token)
    return FileName(
        oi=found.get("oi", "").upper(),
        oc=found.get("oc", "").upper(),
        reference=found.get("ref", ""),
        flow_token=found.get("flow", ""),
        version=dotted_version(found.get("version", "")),
        date=date,
        sequence=int(found["seq"]) if found.get("seq") else None,
        extension=found.get("ext", "").lower(),
        bad_date="" if date else token,
    )


def identify(
    name: str, flows: Iterable[tuple[Key, str, Iterable[str]]]
) -> tuple[Key, FileName] | None:
    """Find the flow of a file among (key, reading pattern, tokens).

    When several fit, the longest token wins: "…_ANNUL_ACCES_…" is a cancellation, not
    an order of reference "ANNUL".
    """
    found = [
        (key, read)
        for key, pattern, tokens in flows
        if (read := read_name(name, pattern, tokens))
    ]
    return max(found, key=lambda item: len(item[1].flow_token), default=None)


def build_name(template: str, parts: Mapping[str, Any]) -> str:
    """Build a file name by a template.

    For instance "{oi}_{oc}_ACCES_{flow}_{version}_{date}_{sequence:02d}.csv".
    ``parts`` has keys of ``PARTS``: ``version`` as "V1.3" (written "V13"), ``date`` a
    ``datetime.date`` or "YYYY-MM-DD" (written "AAAAMMJJ"), ``sequence`` an int. Raises
    ``FileError`` when the template is wrong, or when a part is absent or holds a sign
    that would change the place or the reading of the file.
    """
    named = check_template(template)
    values = {name: _part(name, parts.get(name)) for name in named}
    try:
        return template.format_map(values)
    except (ValueError, TypeError) as error:
        raise FileError("bad_template", template=template) from error


@lru_cache(maxsize=256)
def check_template(template: str) -> frozenset[str]:
    """Return the parts a template names; raise ``FileError`` when it is not valid."""
    try:
        pieces = list(Formatter().parse(template))
    except ValueError as error:
        raise FileError("bad_template", template=template) from error
    names = {name for _text, name, _spec, _conversion in pieces if name is not None}
    text = "".join(literal for literal, *_rest in pieces)
    nested = any("{" in (spec or "") for _text, _name, spec, _conversion in pieces)
    if nested or not names <= set(PARTS) or re.search(r"[/\\\s\0]|^\.", text):
        raise FileError("bad_template", template=template)
    return frozenset(names)


def dotted_version(token: str) -> str:
    """Return the version of a token: "V13", "1.3" and "v1.3" are "V1.3"."""
    match = _VERSION.fullmatch(token)
    return f"V{match[1]}.{match[2]}" if match else ""


def compact_version(version: str) -> str:
    """Return the token of a version as file names write it: "V1.3" gives "V13"."""
    return version.replace(".", "")


def _date(token: str) -> str:
    try:
        return read_date(token)
    except ValueError:
        return ""


def _part(name: str, value: Any) -> Any:
    if name == "sequence":
        safe = isinstance(value, int) and value >= 0
        return value if safe else _refuse_part(name, value)
    if name == "date":
        value = str(value or "").replace("-", "")[:8]
    if name == "version":
        value = compact_version(value or "")
    if not isinstance(value, str) or not _SAFE.fullmatch(value):
        return _refuse_part(name, value)
    return value


def _refuse_part(name: str, value: Any) -> NoReturn:
    raise FileError("bad_name_part", part=name, value=value)
