"""Rules of a PM."""

from functools import partial

from .declaration import (
    BLOCKING,
    PM,
    Compared,
    _lt,
    changed_later,
    last_change,
    record_rule,
)

_rule = partial(record_rule, PM)

# A building counts in the rear zone of its PM as long as it is published.
_DWELLINGS = """(SELECT COALESCE(sum(b.dwelling_count), 0) FROM oiconnect_building b
    WHERE b.pm_id = %(pm_id)s AND (
        b.state <> 'abandoned' OR COALESCE(b.abandoned_date, b.last_change_date,
            %(day)s) >= %(day)s - interval '3 months'))"""

RULES = (
    _rule(
        "R3",
        (
            "state",
            "installation_date",
            "insee_code",
            "postal_code",
            "city",
            "street_name",
            "street_number",
            "engineering_type",
        ),
        _lt("PM without what operators must know of it"),
        _lt("Operators who are told of a PM must know this: fill it in."),
        "%(pm_reference)s IS NOT NULL AND %(blamed)s IS NULL",
        key="required_with_pm",
        fixed=True,
        severity=BLOCKING,
    ),
    _rule(
        "R3b",
        ("location_type", "dwelling_count"),
        _lt("PM without kind of place or number of dwellings"),
        _lt("Operators who are told of a PM should know this: fill it in."),
        "%(pm_reference)s IS NOT NULL AND %(blamed)s IS NULL",
        key="required_with_pm",
    ),
    _rule(
        "R5",
        ("commercial_date", "first_delivery_date"),
        _lt("Deployed PM without its dates of opening"),
        _lt(
            "A deployed PM has a first delivery, and opens three months later: give "
            "the date of installation when no operator was there."
        ),
        "%(pm_reference)s IS NOT NULL AND %(pm_state)s = 'deployed' "
        "AND %(blamed)s IS NULL",
        key="required_with_deployed_pm",
        severity=BLOCKING,
    ),
    _rule(
        "R5b",
        ("commercial_date",),
        _lt("Opening not three months after the first delivery"),
        _lt("Set the opening three months after the first delivery."),
        "%(pm_state)s = 'deployed' AND %(pm_commercial_date)s "
        "<> %(pm_first_delivery_date)s + interval '3 months'",
        key="three_months",
    ),
    _rule(
        "R6",
        ("installation_date",),
        _lt("Deployed, but installed in the future"),
        _lt(
            "The PM is deployed: give the day when it was installed, or set it back to "
            "“Being deployed”."
        ),
        "%(pm_state)s = 'deployed' AND %(pm_installation_date)s > %(day)s",
        key="installed_after_file",
    ),
    _rule(
        "R10",
        ("state",),
        _lt("Abandoned, nobody knows since when"),
        _lt(
            "An abandoned PM is published for three months: give the day when it was "
            "abandoned, or correct its state."
        ),
        "%(pm_state)s = 'abandoned' AND %(pm_abandoned_date)s IS NULL "
        "AND (%(pm_last_change_date)s IS NULL "
        "OR %(pm_last_change_date)s < %(day)s - interval '3 months')",
        key="pm_abandoned_too_long",
        optional=("pm_abandoned_date",),
    ),
    _rule(
        "R11",
        ("dwelling_count",),
        _lt("Dwellings are not the sum of its buildings"),
        _lt(
            "The dwellings of a PM are those of its published buildings: correct the "
            "number, or the buildings behind the PM."
        ),
        f"COALESCE(%(pm_dwelling_count)s, 0) <> {_DWELLINGS}",
        linked=True,
        compared=(Compared(_lt("Dwellings of its published buildings"), _DWELLINGS),),
    ),
    _rule(
        "R13",
        ("last_change_date",),
        _lt("Date of last change missing or ahead"),
        _lt("Change the PM or save it again: the date of last change follows."),
        "%(pm_last_change_date)s IS NULL OR %(pm_last_change_date)s > %(day)s",
    ),
    _rule(
        "R13b",
        ("last_change_date",),
        _lt("Changed after its date of last change"),
        _lt(
            "The history has a later change: change the PM again, the date of last "
            "change follows."
        ),
        changed_later(PM),
        linked=True,
        compared=(last_change(PM),),
    ),
    _rule(
        "G2",
        ("x", "y"),
        _lt("Half of the coordinates"),
        _lt("Give both coordinates, or none."),
        "%(blamed)s IS NULL AND COALESCE(%(pm_x)s, %(pm_y)s) IS NOT NULL",
        key="half_point",
    ),
    _rule(
        "Q2",
        ("building_ids",),
        _lt("Deployed PM without buildings"),
        _lt("No building is behind this PM: attach its buildings, or correct it."),
        """%(pm_state)s = 'deployed' AND NOT EXISTS (
            SELECT FROM oiconnect_building b WHERE b.pm_id = %(pm_id)s)""",
        linked=True,
        compared=(
            "pm.state",
            # None: the rule says so
            Compared(_lt("Buildings behind it"), "0"),
        ),
    ),
)
