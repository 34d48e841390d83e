"""What failed was not connected: the day of a failure has a column of its own.

Calendars are named in French, as in a new database.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    cr.execute(
        """
        UPDATE oiconnect_access_order
           SET failure_date = connection_date, connection_date = NULL
         WHERE connection_date IS NOT NULL AND delivered_date IS NULL
        """
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["resource.calendar.attendance"]._name_in_french()
