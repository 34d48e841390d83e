"""Declaration of a catalogue rule: plain data, without ORM."""

import re
from typing import NamedTuple

BUILDING, PM, PBO, PTO = "building", "pm", "pbo", "pto"
BLOCKING, WARNING = "blocking", "warning"
#: where a rule is looked at: on the records of the network, on the lines of a file
RECORD, FILE = "record", "file"

_READ = re.compile(r"%\((\w+)\)s")
# What conditions read to find other records
_NOT_SHOWN = ("undated", "outside_zone")


def _lt(template):
    """Mark ``template`` for the export of terms to translate."""
    return template


def names_in(sql):
    """Return the names that ``sql`` reads, in their order."""
    return tuple(dict.fromkeys(_READ.findall(sql)))


class Compared(NamedTuple):
    """Value that a rule compares besides the columns of its object, with its SQL."""

    label: str
    sql: str
    type: str = "char"


TODAY = Compared(_lt("Day of the check"), "%(day)s", "date")


def _changes(target):
    """Return the SQL of the changes by hand of an object, as its history has them."""
    return f"""FROM oiconnect_change c
        WHERE c.res_model = 'oiconnect.{target}'
          AND c.res_id = %({target}_id)s AND c.kind = 'write'
          AND c.batch IS NULL AND c.field <> ALL(%(undated)s)"""


def last_change(target):
    """Return the last of these changes."""
    return Compared(
        _lt("Last change in the history"),
        f"(SELECT max(c.date)::date {_changes(target)})",
        "date",
    )


def changed_later(target):
    """Return the condition that an object changed after its date of last change."""
    return f"""EXISTS (SELECT {_changes(target)}
        AND c.date >= %({target}_last_change_date)s + interval '2 days')"""


class CatalogueRule(NamedTuple):
    """Rule of the catalogue: a condition that no object may fulfil.

    :param code: stable id: that of the protocol, or ours (K keys, P and G and N and L
        the file, S paths of states, Q what staff expects, Z zones, F forms)
    :param target: the object judged: ``BUILDING``, ``PM``, ``PBO`` or ``PTO``
    :param fields: those to blame, each for itself: "pm.state"
    :param condition: SQL, true when the rule is broken. ``%(building_state)s`` is a
        column of the building, ``%(pm_state)s`` of its PM, ``%(blamed)s`` the field
        to blame, ``%(day)s`` the date of the file or today (``Subject`` has a few
        more). Without condition the path that the rule holds on has its own way.
    :param title: what is wrong, in a few words
    :param message: what to do about it
    :param key: sentence of the same rule where the columns of a file are named
    :param scopes: where it holds
    :param fixed: neither its severity nor its being active may be changed
    :param optional: columns that the condition reads when they are there
    :param linked: the condition looks at other records than the PM, and not at it; it
        is never NULL
    :param same: columns that objects with the same value of the blamed one share
    :param compared: what is shown with the blamed field: other fields, ``Compared``;
        by default the columns that the condition reads
    :param refused: while it is blocking, people may not write what breaks it
    """

    code: str
    target: str
    severity: str
    fields: tuple[str, ...]
    title: str
    message: str = ""
    condition: str = ""
    key: str = ""
    scopes: tuple[str, ...] = (RECORD, FILE)
    fixed: bool = False
    optional: tuple[str, ...] = ()
    linked: bool = False
    same: tuple[str, ...] = ()
    compared: tuple[str | Compared, ...] = ()
    refused: bool = False

    @property
    def id(self):
        """Tell the rule from all others: a code may hold of both objects."""
        return self.code, self.target

    @property
    def reads(self):
        """The names that the condition reads, save the blamed one."""
        return tuple(name for name in names_in(self.condition) if name != "blamed")

    @property
    def shown_values(self):
        """Names of the values shown for each object that breaks the rule."""
        return self.compared or tuple(
            TODAY if name == "day" else name.replace("_", ".", 1)
            for name in self.reads
            if name not in _NOT_SHOWN
        )


def record_rule(
    target, code, fields, title, message, condition, severity=WARNING, **more
):
    """Return a rule of records; it holds on files too when they have a sentence."""
    scopes = (RECORD, FILE) if "key" in more else (RECORD,)
    return CatalogueRule(
        code,
        target,
        severity,
        of(target, *fields),
        title,
        message,
        condition,
        **{"scopes": scopes} | more,
    )


def of(target, *names):
    """Return the fields ``names`` of an object, as rules name them."""
    return tuple(f"{target}.{name}" for name in names)
