"""Rules of the IPE file (PM protocol, "Rules between fields"), by stable ids.

What the protocol says is an error: the line is left out. What only follows from it is
a warning: the line is applied. ``K`` are the rules of our keys, ``G`` of coordinates,
``N`` of numbers, ``L`` of lists.
"""

from odoo.tools import SQL

from ..protocol import FileError
from .rules import Rule, SameColumns

ERROR, WARNING = "error", "warning"
KEYS = ("building.identifier", "building.address_code")
_KEY_NAMES = "IdentifiantImmeuble, CodeAdresseImmeuble"

_ADDRESS = (
    "insee_code",
    "postal_code",
    "city",
    "street_type",
    "street_name",
    "street_number",
    "street_number_suffix",
)
# Columns 27 to 48, 51, 52, 55 to 58: those of the PM alone
_PM = (
    "state",
    "installation_date",
    "location_type",
    "comment",
    "max_capacity",
    "rivoli_code",
    "insee_code",
    "postal_code",
    "city",
    "address_code",
    "street_type",
    "street_name",
    "street_number",
    "street_number_suffix",
    "building_name",
    "engineering_type",
    "dwelling_count",
    "riser_count",
    "commercial_date",
    "native_consultation",
    "technical_pm_count",
    "x",
    "y",
    "lot_reference",
    "active_equipment_slot",
    "address_quality",
    "first_delivery_date",
)
_REQUIRED_WITH_PM = (
    "state",
    "installation_date",
    "insee_code",
    "postal_code",
    "city",
    "street_name",
    "street_number",
    "engineering_type",
)
_SYNDIC = ("manager_name", "manager_postal_code", "manager_city", "manager_street_name")


def _required(code, severity, fields, when, key):
    return [
        Rule(
            code,
            severity,
            field,
            f"({when}) AND %({field.replace('.', '_')})s IS NULL",
            key,
        )
        for field in fields
    ]


def _pm(*names):
    return [f"pm.{name}" for name in names]


RULES = [
    Rule(
        "K3",
        ERROR,
        "building.oi_code",
        "%(building_oi_code)s <> %(expected_building_oi_code)s",
        "other_network",
    ),
    *_required(
        "R3",
        ERROR,
        _pm(*_REQUIRED_WITH_PM),
        "%(pm_reference)s IS NOT NULL",
        "required_with_pm",
    ),
    *_required(
        "R3b",
        WARNING,
        _pm("location_type", "dwelling_count"),
        "%(pm_reference)s IS NOT NULL",
        "required_with_pm",
    ),
    *[
        Rule(
            "R3c",
            WARNING,
            f"pm.{name}",
            f"%(pm_reference)s IS NULL AND %(pm_{name})s IS NOT NULL",
            "useless_without_pm",
        )
        for name in _PM
    ],
    Rule(
        "R4",
        ERROR,
        "pm.reference",
        "%(pm_state)s = 'planned' AND %(version)s IN ('V2.0', 'V2.1')",
        "planned_pm",
    ),
    *_required(
        "R5",
        ERROR,
        _pm("commercial_date", "first_delivery_date"),
        "%(pm_reference)s IS NOT NULL AND %(pm_state)s = 'deployed'",
        "required_with_deployed_pm",
    ),
    Rule(
        "R5b",
        WARNING,
        "pm.commercial_date",
        "%(pm_state)s = 'deployed' AND %(pm_commercial_date)s "
        "<> %(pm_first_delivery_date)s + interval '3 months'",
        "three_months",
    ),
    *_required(
        "R7",
        ERROR,
        ["building.agreement_date"],
        "%(building_manager_agreement_required)s "
        "AND %(building_state)s IN ('signed', 'deploying', 'deployed')",
        "required_with_agreement",
    ),
    *_required(
        "R7b",
        ERROR,
        [f"building.{name}" for name in _SYNDIC],
        "%(building_manager_agreement_required)s "
        "AND %(building_agreement_date)s IS NOT NULL",
        "required_with_signature",
    ),
    Rule(
        "R8",
        ERROR,
        "building.state",
        "%(building_state)s = 'signed' "
        "AND %(building_manager_agreement_required)s IS NOT TRUE",
        "signed_without_agreement",
    ),
    Rule(
        "R9",
        WARNING,
        "building.state",
        "%(building_state)s = 'deployed' AND %(pm_state)s IS DISTINCT FROM 'deployed'",
        "deployed_before_pm",
    ),
    Rule(
        "R9b",
        WARNING,
        "building.cabling_date",
        "%(building_state)s = 'deployed' AND %(building_cabling_date)s > %(file_date)s",
        "cabled_after_file",
    ),
    Rule(
        "R15",
        ERROR,
        "building.order_report_date",
        "%(building_order_report_date)s < %(building_order_acceptance_date)s",
        "answers_before_orders",
    ),
    Rule(
        "R16",
        WARNING,
        "building.address_code",
        "%(building_address_code)s IS NULL "
        "AND (%(building_rivoli_code)s IS NULL OR %(building_street_number)s IS NULL) "
        "AND (%(building_street_code)s IS NULL OR %(building_street_number)s IS NULL) "
        "AND (%(building_x)s IS NULL OR %(building_y)s IS NULL)",
        "not_located",
        optional=(
            "building_rivoli_code",
            "building_street_number",
            "building_street_code",
            "building_x",
            "building_y",
        ),
    ),
    Rule(
        "G1",
        ERROR,
        "building.projection",
        "%(building_projection)s IS NULL AND (%(building_x)s IS NOT NULL "
        "OR %(building_y)s IS NOT NULL OR %(pm_x)s IS NOT NULL "
        "OR %(pm_y)s IS NOT NULL)",
        "no_projection",
        optional=("building_x", "building_y", "pm_x", "pm_y"),
    ),
    *[
        Rule(
            "G2",
            WARNING,
            f"{prefix}.{blamed}",
            f"%({prefix}_{blamed})s IS NULL AND %({prefix}_{other})s IS NOT NULL",
            "half_point",
        )
        for prefix in ("building", "pm")
        for blamed, other in (("x", "y"), ("y", "x"))
    ],
    *[
        Rule("N1", ERROR, field, f"%({field.replace('.', '_')})s < 0", "negative")
        for field in (
            "building.dwelling_count",
            "building.line_length_km",
            *_pm("max_capacity", "dwelling_count", "riser_count", "technical_pm_count"),
        )
    ],
    Rule(
        "L1",
        ERROR,
        "building.pbo_type",
        "%(building_pbo_type)s NOT IN (SELECT code FROM oiconnect_pbo_type)",
        "unknown_code",
    ),
    Rule(
        "L2",
        ERROR,
        "building.connection_type",
        "%(building_connection_type)s "
        "NOT IN (SELECT code FROM oiconnect_pbo_connection_type)",
        "unknown_code",
    ),
]

#: told of lines without error, once those in error are left out
SAME_COLUMNS = [
    SameColumns(
        "R2b",
        WARNING,
        "building.address_code",
        tuple(f"building.{name}" for name in _ADDRESS),
        "address_differs",
    ),
    SameColumns(
        "P1",
        WARNING,
        "pm.reference",
        tuple(f"pm.{name}" for name in (*_PM, "oi_patching_only", "recovery_date")),
        "pm_differs",
    ),
]


def check_keys(stage, log, network):
    """Report the lines that do not tell one building from the others.

    K1: neither identifier nor address code. R1: an identifier on several lines.
    R2: an address code and building name on several lines without identifier.
    K2: one that several buildings of the network have.
    """
    fields = [field for field in KEYS if field in stage]
    if not fields:
        raise FileError("missing_columns", flow="IPE", version="", columns=_KEY_NAMES)
    log.insert(_keyless(stage, log, fields))
    if "building.identifier" in stage:
        log.insert(_doubled_identifiers(stage))
    if "building.address_code" in stage:
        log.insert(_doubled_addresses(stage))
        log.insert(_ambiguous_addresses(stage, network))


def _keyless(stage, log, fields):
    names = [stage.columns[field].name for field in fields]
    return SQL(
        """SELECT s.line, %s, NULL, 'K1', 'error', 'no_key', '{}'::jsonb
             FROM %s s WHERE COALESCE(%s) IS NULL AND NOT %s""",
        names[0],
        stage.table,
        SQL(", ").join(map(stage.cell, fields)),
        log.blames(SQL("s.line"), names),
    )


def _doubled_identifiers(stage):
    return SQL(
        """SELECT s.line, %(name)s, %(key)s, 'R1', 'error', 'doubled',
                  jsonb_build_object('column', %(name)s::text, 'first', d.first)
             FROM (SELECT %(key)s AS key, min(s.line) AS first FROM %(table)s s
                    WHERE %(key)s IS NOT NULL GROUP BY 1 HAVING count(*) > 1) d
             JOIN %(table)s s ON %(key)s = d.key""",
        name=stage.columns["building.identifier"].name,
        key=stage.cell("building.identifier"),
        table=stage.table,
    )


def _doubled_addresses(stage):
    return SQL(
        """SELECT s.line, %(name)s, %(key)s, 'R2', 'error', 'same_address',
                  jsonb_build_object('first', d.first)
             FROM (SELECT %(key)s AS key, COALESCE(%(building)s, '') AS building,
                          min(s.line) AS first, count(*) AS number
                     FROM %(table)s s
                    WHERE %(key)s IS NOT NULL AND %(identifier)s IS NULL
                    GROUP BY 1, 2 HAVING count(*) > 1) d
             JOIN %(table)s s ON %(key)s = d.key
                  AND COALESCE(%(building)s, '') = d.building
                  AND %(identifier)s IS NULL""",
        name=stage.columns["building.address_code"].name,
        key=stage.cell("building.address_code"),
        building=stage.cell("building.building_name"),
        identifier=stage.cell("building.identifier"),
        table=stage.table,
    )


def _ambiguous_addresses(stage, network):
    return SQL(
        """SELECT s.line, %(name)s, %(key)s, 'K2', 'error', 'ambiguous_key',
                  '{}'::jsonb
             FROM %(table)s s
             JOIN oiconnect_building b ON b.address_code = %(key)s
                  AND COALESCE(b.building_name, '') = COALESCE(%(building)s, '')
                  AND b.network_id = %(network)s
            WHERE %(identifier)s IS NULL
            GROUP BY s.line, %(key)s
           HAVING count(*) > 1 AND count(*) = count(b.identifier)""",
        name=stage.columns["building.address_code"].name,
        key=stage.cell("building.address_code"),
        building=stage.cell("building.building_name"),
        identifier=stage.cell("building.identifier"),
        network=network.id,
        table=stage.table,
    )
