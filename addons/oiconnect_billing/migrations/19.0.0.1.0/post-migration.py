"""Runs remember which products they looked at: those that they billed."""


def migrate(cr, version):
    cr.execute(
        """
        INSERT INTO oiconnect_billing_run_product_rel (run_id, product_id)
        SELECT DISTINCT run_id, product_id FROM oiconnect_billing_item
        ON CONFLICT DO NOTHING
        """
    )
