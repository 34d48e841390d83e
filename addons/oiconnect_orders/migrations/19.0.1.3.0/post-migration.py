"""What failed was not connected: the day of a failure has a column of its own."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE oiconnect_access_order
           SET failure_date = connection_date, connection_date = NULL
         WHERE connection_date IS NOT NULL AND delivered_date IS NULL
        """
    )
