"""Rules of a file alone: on records the database itself refuses what they are about.

The import has its own way to look for those without condition.
"""

from ..const import PM_DESCRIPTION
from .declaration import BLOCKING, BUILDING, FILE, PM, WARNING, CatalogueRule, _lt, of

#: columns of the PM alone: 27 to 42, 44 to 48, 51, 52, 55 to 58
PM_COLUMNS = of(
    PM,
    *PM_DESCRIPTION,
    "x",
    "y",
    "lot_reference",
    "active_equipment_slot",
    "address_quality",
    "first_delivery_date",
)


def _rule(code, target, fields, title, key, condition="", severity=BLOCKING, **more):
    """Return a rule of files; what is blocking there stays so."""
    return CatalogueRule(
        code,
        target,
        severity,
        of(target, *fields),
        title,
        condition=condition,
        key=key,
        scopes=(FILE,),
        fixed=severity == BLOCKING,
        **more,
    )


RULES = (
    _rule(
        "K1",
        BUILDING,
        ("identifier", "address_code"),
        _lt("Line without identifier or address code"),
        "no_key",
    ),
    _rule(
        "K2",
        BUILDING,
        ("address_code",),
        _lt("Address of several buildings"),
        "ambiguous_key",
    ),
    _rule(
        "K3",
        BUILDING,
        ("oi_code",),
        _lt("Line of another network"),
        "other_network",
        "%(building_oi_code)s <> %(expected_building_oi_code)s",
    ),
    _rule(
        "R1",
        BUILDING,
        ("identifier",),
        _lt("Identifier on several lines"),
        "doubled",
    ),
    _rule(
        "R2",
        BUILDING,
        ("address_code",),
        _lt("Address on several lines without identifier"),
        "same_address",
    ),
    CatalogueRule(
        "R3c",
        PM,
        WARNING,
        # 43 too: of the address, though it needs a PM
        (*PM_COLUMNS, *of(BUILDING, "dedicated_fibre_free")),
        _lt("Columns of a PM without its reference"),
        condition="%(pm_reference)s IS NULL AND %(blamed)s IS NOT NULL",
        key="useless_without_pm",
        scopes=(FILE,),
    ),
    _rule(
        "R4",
        PM,
        ("reference",),
        _lt("Planned PM before V2.2"),
        "planned_pm",
        "%(pm_state)s = 'planned' AND %(version)s IN ('V2.0', 'V2.1')",
    ),
    _rule(
        "R5c",
        PM,
        ("first_delivery_date",),
        _lt("The file changes the date of first delivery"),
        "first_delivery_changed",
        severity=WARNING,
    ),
    _rule(
        "P1",
        PM,
        ("reference",),
        _lt("Lines of one PM differ"),
        "pm_differs",
        severity=WARNING,
        same=(*PM_COLUMNS, *of(PM, "oi_patching_only", "recovery_date")),
    ),
    _rule(
        "G1",
        BUILDING,
        ("projection",),
        _lt("Coordinates without projection"),
        "no_projection",
        "%(building_projection)s IS NULL AND (%(building_x)s IS NOT NULL "
        "OR %(building_y)s IS NOT NULL OR %(pm_x)s IS NOT NULL "
        "OR %(pm_y)s IS NOT NULL)",
        optional=("building_x", "building_y", "pm_x", "pm_y"),
    ),
    _rule(
        "N1",
        BUILDING,
        ("dwelling_count", "line_length_km"),
        _lt("Negative number"),
        "negative",
        "%(blamed)s < 0",
    ),
    _rule(
        "N1",
        PM,
        ("max_capacity", "dwelling_count", "riser_count", "technical_pm_count"),
        _lt("Negative number"),
        "negative",
        "%(blamed)s < 0",
    ),
    _rule(
        "L1",
        BUILDING,
        ("pbo_type",),
        _lt("PBO type that is not in the list"),
        "unknown_code",
        "%(building_pbo_type)s NOT IN (SELECT code FROM oiconnect_pbo_type)",
    ),
    _rule(
        "L2",
        BUILDING,
        ("connection_type",),
        _lt("Path to the socket that is not in the list"),
        "unknown_code",
        "%(building_connection_type)s "
        "NOT IN (SELECT code FROM oiconnect_pbo_connection_type)",
    ),
    _rule(
        "R13c",
        BUILDING,
        ("last_change_date",),
        _lt("The file changes a building without dating it"),
        "change_not_dated",
        severity=WARNING,
    ),
    _rule(
        "S1",
        BUILDING,
        ("state",),
        _lt("The file moves a building outside its path of states"),
        "building_move",
        severity=WARNING,
    ),
    _rule(
        "S1",
        PM,
        ("state",),
        _lt("The file moves a PM outside its path of states"),
        "pm_move",
        severity=WARNING,
    ),
)
