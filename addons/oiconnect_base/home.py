"""Declarations of the home page by addons: blocks of numbers, first steps.

Plain Python. A number is declared by the list that it counts; no one enters its value,
so that it always is what its list shows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from odoo.fields import Domain

from .time_zone import start_of_day

#: lists count no further, nor does the page: "10 000+"
MOST = 10_000
#: rank of what could not be declared: after all that could
LAST = 1000
DANGER, WARNING, GOOD = "danger", "warning", "success"


def nothing_more(_counts):
    """Return what the drawing of most blocks needs besides their numbers."""
    return {}


@dataclass(frozen=True)
class Number:
    """A number of the page, which leads to its list.

    :param label: what it counts; also the title of its list
    :param action: xml id of the window action that shows the list; it counts in its
        domain and context too
    :param tone: how it is shown once it is not zero
    :param more: what the drawing of its block needs besides
    :param amount: stored field that is summed too, in the currency of the company
    """

    key: str
    label: str
    model: str
    domain: Domain
    action: str
    tone: str = ""
    more: dict = field(default_factory=dict)
    amount: str = ""


@dataclass(frozen=True)
class Block:
    """A part of the page; it is shown to who may read one of its numbers' models.

    :param rank: where it stands on the page
    :param empty: what is said when all its numbers are zero
    :param kind: how the client draws it (its registry ``oiconnect_home_blocks``)
    :param more: returns what the drawing needs besides, run as the user who sees it;
        it is given the counts of the block's numbers, by key, up to ``MOST`` and one
    :param link: ``(label, xml id)`` of the screen behind the whole block
    :param needs: models without which the block says too little: who may not read all
        of them does not see it
    :param is_broken: whether it stands for one that could not be declared; ``empty``
        says what to do
    """

    key: str
    title: str
    rank: int
    numbers: tuple[Number, ...]
    empty: str = ""
    kind: str = "numbers"
    more: Callable[[dict[str, int]], dict[str, Any]] = nothing_more
    link: tuple[str, str] = ()
    needs: tuple[str, ...] = ()
    is_broken: bool = False


@dataclass(frozen=True)
class Step:
    """A step from nothing to the first order.

    :param is_done: tells it from the data, as superuser: what is there, not who sees it
    :param text: what to do, and why
    :param button: the label of what does it
    :param action: xml id of the window action that does it
    :param view: "form" where a new record is what it does
    """

    key: str
    rank: int
    label: str
    text: str
    is_done: Callable[[], bool]
    button: str
    action: str
    view: str = ""


def within(name: str, first: date, days: int = 1) -> Domain:
    """Return the domain of the moments ``name`` in ``days`` days from ``first`` on."""
    end = first + timedelta(days=days)
    return Domain(name, ">=", start_of_day(first)) & Domain(
        name, "<", start_of_day(end)
    )
