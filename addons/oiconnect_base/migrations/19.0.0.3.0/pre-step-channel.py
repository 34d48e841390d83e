"""Steps and decisions call the channel by which they came as messages do."""

from odoo.tools import SQL, sql

MODELS = ("oiconnect.workflow.step", "oiconnect.decision")


def migrate(cr, version):
    for model in MODELS:
        table = model.replace(".", "_")
        if sql.column_exists(cr, table, "road"):
            # Only the catalogue changes: no row is written.
            sql.rename_column(cr, table, "road", "channel")
            rename_field(cr, model, table)


def rename_field(cr, model, table):
    """Keep the rows of the field and its selection, with their translations."""
    cr.execute(
        """
        UPDATE ir_model_fields SET name = 'channel'
         WHERE model = %s AND name = 'road'
        """,
        (model,),
    )
    for kind in ("field_", "selection__"):
        cr.execute(
            SQL(
                """
                UPDATE ir_model_data SET name = replace(name, %(old)s, %(new)s)
                 WHERE module IN ('oiconnect_base', 'oiconnect_orders')
                   AND (name = %(old)s OR starts_with(name, %(old)s || '__'))
                """,
                old=f"{kind}{table}__road",
                new=f"{kind}{table}__channel",
            )
        )
