"""How certain a column of a format is, is called its confidence."""

from odoo.tools import SQL, sql

TABLE = "oiconnect_flow_column"


def migrate(cr, version):
    if not sql.column_exists(cr, TABLE, "sure"):
        return
    sql.rename_column(cr, TABLE, "sure", "confidence")
    cr.execute(
        """
        UPDATE ir_model_fields SET name = 'confidence'
         WHERE model = 'oiconnect.flow.column' AND name = 'sure'
        """
    )
    for kind in ("field_", "selection__"):
        cr.execute(
            SQL(
                """
                UPDATE ir_model_data SET name = replace(name, %(old)s, %(new)s)
                 WHERE module = 'oiconnect_interop'
                   AND (name = %(old)s OR starts_with(name, %(old)s || '__'))
                """,
                old=f"{kind}{TABLE}__sure",
                new=f"{kind}{TABLE}__confidence",
            )
        )
