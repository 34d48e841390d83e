"""Declaration of the delays of a model. Plain Python."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

PARTIES = [
    ("us", "Us"),
    ("operator", "The operator"),
    ("customer", "The end customer"),
]
_NONE = MappingProxyType({})


class Delays(NamedTuple):
    """The delays of a model: which of them runs, and what starts, stops and ends it.

    :param running: ``{state: kind}`` of the delay that runs in a state. A model where
        it depends on more overrides ``_running_kind``.
    :param columns: the columns, besides the state, that ``_running_kind`` reads
    :param starts: ``{kind: date field}`` from which a delay runs when its clock is set
        again afterwards; at once it runs from the transition
    :param answers: ``{event: kind}`` of what is answered in the transaction that takes
        the question in: the delay runs from the arrival of the message
    :param stopping: kinds that stand still in the states ``stopped_in``
    :param resumed_in: states in which they go on; in all others they end
    :param dropped_in: states that end a delay without its step having come: a figure
        only where it was late
    """

    running: Mapping[str, str] = _NONE
    columns: tuple[str, ...] = ()
    starts: Mapping[str, str] = _NONE
    answers: Mapping[str, str] = _NONE
    stopping: tuple[str, ...] = ()
    stopped_in: tuple[str, ...] = ()
    resumed_in: tuple[str, ...] = ()
    dropped_in: tuple[str, ...] = ()


def due_state(due, warning, now):
    """Return how a limit stands at ``now``: "late", "soon", "in_time" or False."""
    if not due:
        return False
    if due < now:
        return "late"
    return "soon" if warning and warning <= now else "in_time"
