"""What each choice of the standard's open points would give, shown in the check."""

from odoo.tools import SQL

#: examples of a choice
_SHOWN = 3


def previews(base, run):
    """Return {field of the import: {choice: {count, examples}}}."""
    heads = base.table("a_head")
    found = {
        "gracethd_module": {
            choice: _counted(
                base,
                SQL(
                    "SELECT %s AS code, min(%s) AS name FROM %s GROUP BY 1",
                    SQL.identifier(choice),
                    SQL.identifier(f"{choice}_name"),
                    heads,
                ),
            )
            for choice in ("drawer", "tray")
        },
        "gracethd_prdm": {
            "yes": _counted(
                base,
                SQL(
                    """SELECT zn_code AS code, min(COALESCE(zn_nroref, zn_code)) AS name
                         FROM %s WHERE zn_code IS NOT NULL GROUP BY 1""",
                    base.table("t_znro"),
                ),
            )
        },
        "gracethd_outlines": {
            "yes": _counted(
                base,
                SQL(
                    """SELECT DISTINCT z.reference AS code, z.reference AS name
                         FROM %s z JOIN %s s ON s.line = z.line
                        WHERE s.geom IS NOT NULL""",
                    base.table("a_zone"),
                    base.table("t_zsro"),
                ),
            )
        },
        "gracethd_preassigned": {
            "reserved": _counted(
                base,
                SQL(
                    "SELECT line AS code, preassigned AS name FROM %s "
                    "WHERE preassigned IS NOT NULL",
                    heads,
                ),
            )
        },
    }
    return found


def _counted(base, rows):
    """Return the number of rows of ``rows`` (code, name), and some of their names."""
    base.cr.execute(
        SQL(
            """WITH r AS MATERIALIZED (%s)
               SELECT (SELECT count(*) FROM r),
                      ARRAY(SELECT DISTINCT name FROM r WHERE name IS NOT NULL
                             ORDER BY 1 LIMIT %s)""",
            rows,
            _SHOWN,
        )
    )
    count, examples = base.cr.fetchone()
    return {"count": count, "examples": examples}
