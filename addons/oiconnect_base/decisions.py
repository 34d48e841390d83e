"""Controls as a decision stores them. Plain Python."""

from collections.abc import Callable
from typing import NamedTuple

PASSED, FAILED, WAIVED = "passed", "failed", "waived"


class Control(NamedTuple):
    """One control of a record, before it is answered.

    A decision keeps for each control that was run a step: a dict of ``control`` (its
    name), ``number``, ``result`` and, where there are any, ``code``, ``field``,
    ``asked`` and ``found`` (the values of the record and ours, by names).

    :param number: its rank in the protocol's life cycle of the record
    :param name: key, by which a person sets it aside
    :param check: ``(record, place, referential, today)`` → refusal or None
    :param requested: fields of the record that it looks at, stored in ``asked``
    :param found: ``(place)`` → what it compares them with, for the explanation
    :param where: where to look, for the explanation: the best first
    :param labels: {key of what is found: (model, field)} whose labels are shown
    """

    number: int
    name: str
    check: Callable
    requested: tuple[str, ...] = ()
    found: Callable = lambda place: {}
    where: tuple[str, ...] = ()
    labels: dict[str, tuple[str, str]] = {}
