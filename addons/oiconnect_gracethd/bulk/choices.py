"""What each column that may carry a reference holds, shown before one is chosen."""

from odoo.tools import SQL

#: examples of a column
_SHOWN = 3
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
    "gracethd_cable": (
        "t_cable",
        {"codeext": "cb_codeext", "etiquet": "cb_etiquet", "code": "cb_code"},
        SQL("TRUE"),
    ),
}


def examples(stage):
    """Return {field: {choice: what its column holds}}."""
    return {
        field: {
            choice: _column(stage, table, column, condition)
            for choice, column in choices.items()
        }
        for field, (table, choices, condition) in COLUMNS.items()
    }


def _column(stage, table, column, condition):
    name = SQL.identifier(column)
    stage.cr.execute(
        SQL(
            """SELECT count(*), count(%(name)s), count(DISTINCT %(name)s),
                      (SELECT array_agg(v) FROM (
                          SELECT DISTINCT %(name)s AS v FROM %(table)s
                           WHERE %(condition)s AND %(name)s IS NOT NULL
                           ORDER BY 1 LIMIT %(shown)s) e)
                 FROM %(table)s WHERE %(condition)s""",
            name=name,
            table=stage.table(table),
            condition=condition,
            shown=_SHOWN,
        )
    )
    rows, filled, distinct, shown = stage.cr.fetchone()
    return {
        "column": column,
        "rows": rows,
        "void": rows - filled,
        "doubled": filled - distinct,
        "examples": shown or [],
    }
