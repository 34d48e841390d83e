"""Declared state machines, without ORM.

A model declares one :class:`Workflow`: the whole table of its transitions.
Whatever changes a state (screen, file, web service, job) names an event and its
:class:`Origin`; the table says whether it is allowed and where it leads.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Origin:
    """Origin of an event; handed to everything that follows from it.

    :param channel: "ui", "file", "soap", "rest" or "job"
    :param name: name of the file or message, stored on the records that it creates
    :param group: key of the answers that travel together; who gives it has them sent
        once the group is complete
    :param version: version of the protocol that the partner speaks
    :param arrival: time (naive UTC) at which the message arrived: delays to answer
        run from it
    """

    channel: str = "ui"
    name: str | None = None
    group: str | None = None
    version: str | None = None
    arrival: datetime | None = None


SCREEN = Origin()
JOB = Origin("job")


class Transition(NamedTuple):
    """One line of the table.

    :param event: what happens, e.g. ``"accept"``
    :param sources: states it may happen in
    :param target: state it leads to; ``None`` leaves the state as it is
    :param flows: codes of the flows by which the partner hears of it
    :param guard: name of a method ``(values)`` that returns the records of
        ``self`` for which this line applies
    :param effect: name of a method ``(values, origin)`` run once the state is written;
        by default ``_on_<event>``, where the model has one
    """

    event: str
    sources: tuple[str, ...]
    target: str | None
    flows: tuple[str, ...] = ()
    guard: str | None = None
    effect: str | None = None


class Workflow:
    """A table of transitions and the queries on it.

    :param transitions: lines; the first whose event, source and guard match
        is the one taken
    :param initial: the only state in which a record may be created
    :param codes: protocol code sent when an event is refused, by event
    :param default_code: the code sent for the other events, if a protocol has one
    :param unknown_code: the code sent for a reference that no record has
    :param irreversible: events that no other event takes back: partners were
        notified, or what was given is another's by now. Screens ask before they fire
        one.
    :raises ValueError: an event is given twice for one state without guard, or one
        that no line has is called irreversible
    """

    def __init__(
        self,
        transitions,
        initial,
        codes=None,
        default_code=None,
        unknown_code=None,
        irreversible=(),
    ):
        self.transitions = tuple(Transition(*line) for line in transitions)
        self.initial = initial
        self.codes = codes or {}
        self.default_code = default_code
        self.unknown_code = unknown_code
        self.irreversible = frozenset(irreversible)
        self._check()

    def _check(self):
        seen = set()
        for line in self.transitions:
            for source in line.sources:
                key = (line.event, source)
                if key in seen:
                    raise ValueError(f"{line.event!r} is unreachable from {source!r}")
                if not line.guard:
                    seen.add(key)
        if unknown := self.irreversible - self.events:
            raise ValueError(f"no line has the events {sorted(unknown)}")

    @property
    def events(self):
        return {line.event for line in self.transitions}

    @property
    def states(self):
        named = (
            state for line in self.transitions for state in (*line.sources, line.target)
        )
        return {self.initial, *filter(None, named)}

    @property
    def final_states(self):
        """States that no event leaves."""
        left = {
            source
            for line in self.transitions
            for source in line.sources
            if line.target and line.target != source
        }
        return self.states - left

    def lines(self, event, state):
        """Return the lines that may apply, in order."""
        return [
            line
            for line in self.transitions
            if line.event == event and state in line.sources
        ]

    def allowed(self, state):
        """Return the events that may happen in ``state``, guards aside."""
        return {line.event for line in self.transitions if state in line.sources}

    def code(self, event):
        """Return the protocol code of a refusal of ``event``."""
        return self.codes.get(event, self.default_code)
