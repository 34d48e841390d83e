"""Lines that were received have the time of their file in a column of their own.

Their table is written anew once, with its indexes: an UPDATE would leave as many dead
rows behind.
"""

from odoo.tools import sql

TABLE = "oiconnect_exchange_line"


def migrate(cr, version):
    if sql.column_exists(cr, TABLE, "date"):
        return
    cr.execute(
        """
        CREATE FUNCTION pg_temp.oiconnect_came(integer) RETURNS timestamp
        LANGUAGE plpgsql STABLE AS $$
        BEGIN
            RETURN (SELECT create_date FROM oiconnect_exchange WHERE id = $1);
        END $$;
        ALTER TABLE oiconnect_exchange_line ADD COLUMN date timestamp;
        ALTER TABLE oiconnect_exchange_line
            ALTER COLUMN date TYPE timestamp USING pg_temp.oiconnect_came(exchange_id),
            ALTER COLUMN date SET NOT NULL;
        DROP FUNCTION pg_temp.oiconnect_came(integer);
        """
    )
