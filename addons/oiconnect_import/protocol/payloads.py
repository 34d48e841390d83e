"""Places in a payload: dotted fields to values in dicts and lists, and back."""

import itertools
from collections.abc import Mapping
from typing import Any

#: keys and ranks that lead to a value: ("routes", 0, "module")
Path = tuple[str | int, ...]


def path_of(field: str) -> Path:
    """Cut a dotted field into keys and ranks: "routes.0.module"."""
    return tuple(int(part) if part.isdigit() else part for part in field.split("."))


def lookup(payload: Any, path: Path) -> Any:
    """Return the value at ``path``, ``None`` when the payload has none."""
    for part in path:
        try:
            payload = payload[part]
        except (KeyError, IndexError, TypeError):
            return None
    return payload


def nest(values: Mapping[str | Path, Any]) -> dict[str, Any]:
    """Build the payload from values by key or path; ranks make lists.

    What a list skips is an empty dict, so that ranks are preserved.
    """
    payload: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(key, str):
            payload[key] = value
        else:
            _store(payload, key, value)
    return payload


def _store(node: Any, path: Path, value: Any) -> None:
    for part, following in itertools.pairwise(path):
        node = _child(node, part, [] if isinstance(following, int) else {})
    _child(node, path[-1], value)


def _child(node: Any, part: str | int, default: Any) -> Any:
    """Return the child of ``node`` at ``part``, made of ``default`` when absent."""
    if isinstance(part, str):
        return node.setdefault(part, default)
    while len(node) <= part:
        node.append(default if len(node) == part else {})
    return node[part]
