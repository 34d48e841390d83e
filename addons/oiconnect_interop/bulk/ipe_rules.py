"""Rules of the IPE file: those of the catalogue, as the import runs them.

What the protocol says is an error: the line is left out. What only follows from it is
a warning: the line is applied. A network may change some of them.
"""

from odoo.tools import SQL

from odoo.addons.oiconnect_import.bulk.rules import LineRule, SameColumns, doubled
from odoo.addons.oiconnect_import.protocol import FileError
from odoo.addons.oiconnect_infra.rules import BLOCKING, BUILDING, BY_ID, FILE, PM

ERROR, WARNING = "error", "warning"
KEYS = ("building.identifier", "building.address_code")
#: rules of what a file changes
MOVES = ("S1", "R5c", "R13c")
#: versions whose files may not name a planned PM (rule R4)
WITHOUT_PLANNED_PM = ("V2.0", "V2.1")
_KEY_NAMES = "IdentifiantImmeuble, CodeAdresseImmeuble"


class IpeRules:
    """The rules of a network, by the way that each is looked for."""

    def __init__(self, network):
        rules = network.env["oiconnect.rule"]._active_rules(network.id, FILE)
        self.by_row = [
            _row_rule(rule, field)
            for rule in rules
            if rule.condition and not rule.same
            for field in rule.fields
        ]
        self.same_columns = [_same_columns(rule) for rule in rules if rule.same]
        self.moves = [rule for rule in rules if rule.code in MOVES]


def _severity(rule):
    return ERROR if rule.severity == BLOCKING else WARNING


def _row_rule(rule, field):
    """Return the rule that a line breaks by one of its columns."""
    blamed = f"%({field.replace('.', '_')})s"
    condition = rule.condition.replace("%(blamed)s", blamed)
    severity = _severity(rule)
    # A line that is applied is reported with all those of its PM.
    of_pm = rule.target == PM and severity == WARNING
    return LineRule(
        rule.code,
        severity,
        field,
        condition,
        rule.key,
        rule.optional,
        "pm.reference" if of_pm else "",
    )


def _same_columns(rule):
    """Return the check of lines without error, once those in error are left out."""
    return SameColumns(rule.code, _severity(rule), rule.fields[0], rule.same, rule.key)


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
        log.insert(doubled(stage, "building.identifier", _finding("R1")))
    if "building.address_code" in stage:
        log.insert(_doubled_addresses(stage))
        log.insert(_ambiguous_addresses(stage, network))


def _finding(code):
    """Return what a rule of keys reports about a line: code, severity, sentence."""
    rule = BY_ID[code, BUILDING]
    return SQL("%s, %s, %s", rule.code, _severity(rule), rule.key)


def _keyless(stage, log, fields):
    names = [stage.columns[field].name for field in fields]
    return SQL(
        """SELECT s.line, %s, NULL, %s, '{}'::jsonb
             FROM %s s WHERE COALESCE(%s) IS NULL AND NOT %s""",
        names[0],
        _finding("K1"),
        stage.table,
        SQL(", ").join(map(stage.cell, fields)),
        log.has_error_on(SQL("s.line"), names),
    )


def _doubled_addresses(stage):
    return SQL(
        """SELECT s.line, %(name)s, %(key)s, %(finding)s,
                  jsonb_build_object('first', d.first)
             FROM (SELECT %(key)s AS key, COALESCE(%(building)s, '') AS building,
                          min(s.line) AS first, count(*) AS number
                     FROM %(table)s s
                    WHERE %(key)s IS NOT NULL AND %(identifier)s IS NULL
                    GROUP BY 1, 2 HAVING count(*) > 1) d
             JOIN %(table)s s ON %(key)s = d.key
                  AND COALESCE(%(building)s, '') = d.building
                  AND %(identifier)s IS NULL""",
        finding=_finding("R2"),
        name=stage.columns["building.address_code"].name,
        key=stage.cell("building.address_code"),
        building=stage.cell("building.building_name"),
        identifier=stage.cell("building.identifier"),
        table=stage.table,
    )


def _ambiguous_addresses(stage, network):
    return SQL(
        """SELECT s.line, %(name)s, %(key)s, %(finding)s,
                  '{}'::jsonb
             FROM %(table)s s
             JOIN oiconnect_building b ON b.address_code = %(key)s
                  AND COALESCE(b.building_name, '') = COALESCE(%(building)s, '')
                  AND b.network_id = %(network)s
            WHERE %(identifier)s IS NULL
            GROUP BY s.line, %(key)s
           HAVING count(*) > 1 AND count(*) = count(b.identifier)""",
        finding=_finding("K2"),
        name=stage.columns["building.address_code"].name,
        key=stage.cell("building.address_code"),
        building=stage.cell("building.building_name"),
        identifier=stage.cell("building.identifier"),
        network=network.id,
        table=stage.table,
    )
