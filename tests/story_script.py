"""Stories of the trade, as text: who does what, one step a line.

    # An operator orders an access that it connects itself.
    place fibres=2
    OCAA sends CMD_ACCES TypeRacco=OC
    OCAA hears AR_CMD OK
    OCAA is connecting

The number that begins the name of a story is that of its place and of its orders. An
operator's second order of a story is `OCAA/2`. What was received is sent again by
`$FLOW.Column`, of another order by `$OCAA/2.FLOW.Column`.
"""

import re
import shlex
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "stories"
TAG = re.compile(r"^OC[A-Z]{2}(/\d)?$")
PLACE = {"fibres": 2, "socket": "none", "state": "deployed", "opens": "", "levels": ""}


class Step(NamedTuple):
    """One line of a story.

    :param tag: the order it is about, as `OCAA` or `OCAA/2`
    :param verb: what happens
    :param what: a flow, a state, an act of the hotline
    :param words: what the line heard must say
    :param values: columns and options
    """

    number: int
    tag: str
    verb: str
    what: str
    words: tuple
    values: dict

    def __str__(self):
        return f"line {self.number}: {self.tag} {self.verb} {self.what}"


class Script(NamedTuple):
    """A story as it is written."""

    name: str
    title: str
    place: dict
    steps: tuple

    @property
    def number(self):
        return int(self.name[:2])

    @property
    def tags(self):
        """The orders of the story: `OCAA`, `OCBB/2`…"""
        return list(dict.fromkeys(step.tag for step in self.steps if step.tag))

    def reference(self, tag):
        """The operator's reference of one of its orders."""
        operator, _slash, rank = tag.partition("/")
        return f"{operator}-S{self.number:02d}-{rank or 1}"


def scripts(folder=FOLDER):
    return [read(path) for path in sorted(folder.glob("*.story"))]


def read(path):
    title, steps, place = "", [], dict(PLACE)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            title = title or line.strip("# ")
        elif line.startswith("place"):
            place |= _split(shlex.split(line)[1:])[1]
        elif line.strip():
            steps.append(_step(path.name, number, line))
    return Script(path.stem, title, place, tuple(steps))


def _step(name, number, line):
    words = shlex.split(line)
    if words[0] == "hotline":
        what, tag, *rest = words[1:]
        verb = "hotline"
    elif words[0] == "free":
        return Step(number, "", "free", words[1], (), {})
    else:
        tag, verb, what, *rest = words
    if not TAG.match(tag):
        raise ValueError(f"{name}:{number}: {tag} is no order")
    plain, values = _split(rest)
    return Step(number, tag, verb, what, plain, values)


def _split(words):
    """Part plain words from `name=value`."""
    plain = tuple(word for word in words if "=" not in word)
    values = dict(word.split("=", 1) for word in words if "=" in word)
    return plain, values
