"""Prices have a list of their own; a line names the record of any source.

The price of a product becomes the first one of its list, of all operators since ever.
"""

from odoo.tools import sql


def migrate(cr, version):
    if sql.column_exists(cr, "oiconnect_billing_product", "price"):
        move_prices(cr)
    if sql.column_exists(cr, "oiconnect_billing_line", "order_id"):
        name_records(cr)


def move_prices(cr):
    cr.execute(
        """
        CREATE TABLE oiconnect_billing_price (
            id SERIAL NOT NULL, product_id int4, price numeric,
            create_uid int4, create_date timestamp, write_uid int4,
            write_date timestamp, PRIMARY KEY (id)
        )
        """
    )
    cr.execute(
        """
        INSERT INTO oiconnect_billing_price (
            product_id, price, create_uid, create_date, write_uid, write_date
        )
        SELECT id, price, create_uid, create_date, write_uid, write_date
          FROM oiconnect_billing_product ORDER BY id
        """
    )
    cr.execute("ALTER TABLE oiconnect_billing_product DROP COLUMN price")


def name_records(cr):
    """No row is written but those of credits: PostgreSQL keeps constants aside."""
    cr.execute(
        """
        ALTER TABLE oiconnect_billing_line RENAME COLUMN order_id TO res_id;
        ALTER TABLE oiconnect_billing_line
            ADD COLUMN part int4 NOT NULL DEFAULT 0,
            ADD COLUMN quantity numeric NOT NULL DEFAULT 1;
        ALTER TABLE oiconnect_billing_line
            ALTER COLUMN part DROP DEFAULT, ALTER COLUMN quantity DROP DEFAULT;
        UPDATE oiconnect_billing_line SET part = 1 WHERE is_credit;
        ALTER TABLE oiconnect_billing_item ADD COLUMN quantity numeric;
        UPDATE oiconnect_billing_item SET quantity = GREATEST(line_count, 1);
        """
    )
