"""Messages name the channel by which they leave: until now, all left by files."""

from odoo.tools import sql


def migrate(cr, version):
    if sql.column_exists(cr, "oiconnect_event", "channel"):
        return
    # A constant default fills the column without writing the rows.
    cr.execute(
        "ALTER TABLE oiconnect_event"
        " ADD COLUMN channel varchar NOT NULL DEFAULT 'file',"
        " DROP COLUMN IF EXISTS direction"
    )
    cr.execute("ALTER TABLE oiconnect_event ALTER COLUMN channel DROP DEFAULT")
