"""Checks of state paths and fixed dates against the changes of a file."""

from odoo.tools import SQL

from odoo.addons.oiconnect_infra.rules import BLOCKING
from odoo.addons.oiconnect_infra.rules.paths import (
    PM_PATH,
    building_move_allowed,
    move_allowed,
)


def check_moves(target, work, log, rules):
    """Report the lines that break ``rules`` by what they change of their record.

    Those that break one that the network made blocking are left out.

    :param work: table of the lines, with the id of the record that each changes
    """
    for rule in rules:
        prefix, _dot, name = rule.fields[0].partition(".")
        if prefix == target.prefix and name in target.values:
            log.insert(_broken(target, work, rule, name))
    if any(rule.severity == BLOCKING for rule in rules):
        lines = log.bad_lines()
        target.stage.remove(lines)
        target.stage.remove(lines, work)


def _broken(target, work, rule, name):
    column = target.stage.columns[rule.fields[0]]
    before, after = SQL.identifier("t", name), target.values[name]
    return SQL(
        """SELECT s.line, %(name)s, %(cell)s, %(code)s, %(severity)s, %(key)s,
                  jsonb_build_object('column', %(name)s::text, 'before', %(before)s,
                                     'after', %(cell)s)
             FROM %(work)s w JOIN %(stage)s s ON s.line = w.line
             %(joins)s JOIN %(table)s t ON t.id = w.id
            WHERE %(broken)s""",
        name=column.name,
        cell=target.stage.cell(column.field),
        code=rule.code,
        severity="error" if rule.severity == BLOCKING else "warning",
        key=rule.key,
        before=_wire(column, before),
        work=work,
        stage=target.stage.table,
        joins=target.joins(),
        table=target.table,
        broken=_is_wrong(target, name, before, after),
    )


def _is_wrong(target, name, before, after):
    if name == "last_change_date":
        # The line changes something: it should bear a later date.
        return SQL("%s <= %s", after, before)
    allowed = _allowed(target, name, before, after)
    return SQL("%s <> %s AND NOT (%s)", before, after, allowed)


def _allowed(target, name, before, after):
    if name != "state":
        return SQL("FALSE")
    if target.prefix == "pm":
        return move_allowed(PM_PATH, before, after)
    agreement = target.values.get(
        "manager_agreement_required", SQL("t.manager_agreement_required")
    )
    return building_move_allowed(agreement, before, after)


def _wire(column, value):
    """Return a value of the database as the file would have it."""
    if column.type == "date":
        return SQL("to_char(%s, 'YYYYMMDD')", value)
    branches = SQL(" ").join(
        SQL("WHEN %s THEN %s", key, wire) for wire, key in column.pairs
    )
    return SQL("CASE %s %s END", value, branches)
