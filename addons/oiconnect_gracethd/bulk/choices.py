"""Content of the columns that may carry a reference, shown before one is chosen."""

from odoo.tools import SQL

from ..apply.network import PTO_FORM

#: examples of a column
_SHOWN = 3
#: choice of the column that looks most like references
BEST = "best"
#: what a reference looks like: it is no mere number
_FORM = "[[:alpha:]]"
#: {field of the import: (table, {choice: column}, condition)}
COLUMNS = {
    "gracethd_pm": (
        "t_zsro",
        {"refpm": "zs_refpm", "r3": "zs_r3_code", "name": "zs_nom"},
        SQL("TRUE"),
    ),
    "gracethd_reference": (
        "t_ebp",
        {"codeext": "bp_codeext", "etiquet": "bp_etiquet", "code": "bp_code"},
        SQL("COALESCE(bp_typelog NOT IN ('PTO', 'DTI'), TRUE)"),
    ),
    "gracethd_pto": (
        "t_ebp",
        {"linecod": "bp_linecod", "etiquet": "bp_etiquet", "codeext": "bp_codeext"},
        SQL("bp_typelog IN ('PTO', 'DTI')"),
    ),
    "gracethd_cable": (
        "t_cable",
        {"codeext": "cb_codeext", "etiquet": "cb_etiquet", "code": "cb_code"},
        SQL("TRUE"),
    ),
}


def examples(stage):
    """Return {field: {choice: what its column holds}}; the best one is proposed."""
    found = {}
    for field, (table, choices, condition) in COLUMNS.items():
        form = PTO_FORM if field == "gracethd_pto" else _FORM
        found[field] = {
            choice: _column(stage, table, column, condition, form)
            for choice, column in choices.items()
        }
        if field != "gracethd_pm":
            proposed = found[field][best(found[field])]
            proposed["is_proposed"] = proposed["references"] > 0
    return found


def best(choices):
    """Return the choice whose column holds most references, each once.

    The code of the row is unknown outside the delivery: it is the last.
    """
    known = [choice for choice in choices if choice != "code"]
    choice = max(known, key=lambda name: choices[name]["references"])
    filled = choices[choice]["void"] < choices[choice]["rows"]
    return choice if filled or "code" not in choices else "code"


def resolved(settings, found, fields):
    """Return ``settings`` with the column that is best where that is the choice.

    :param found: what ``examples()`` returned
    :param fields: {name of a setting: field of the import}
    """
    return {
        name: best(found[fields[name]])
        if value == BEST and fields.get(name) in found
        else value
        for name, value in settings.items()
    }


def _column(stage, table, column, condition, form):
    name = SQL.identifier(column)
    stage.cr.execute(
        SQL(
            """SELECT count(*), count(%(name)s), count(DISTINCT %(name)s),
                      count(DISTINCT %(name)s) FILTER (WHERE %(name)s ~ %(form)s),
                      (SELECT array_agg(v) FROM (
                          SELECT DISTINCT %(name)s AS v FROM %(table)s
                           WHERE %(condition)s AND %(name)s IS NOT NULL
                           ORDER BY 1 LIMIT %(shown)s) e)
                 FROM %(table)s WHERE %(condition)s""",
            name=name,
            table=stage.table(table),
            condition=condition,
            shown=_SHOWN,
            form=form,
        )
    )
    rows, filled, distinct, references, shown = stage.cr.fetchone()
    return {
        "column": column,
        "rows": rows,
        "void": rows - filled,
        "doubled": filled - distinct,
        "references": references,
        "examples": shown or [],
    }
