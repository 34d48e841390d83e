"""The days to connect of a network become a delay of their own."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, sql

PROPOSED = 60


def migrate(cr, version):
    if not sql.column_exists(cr, "oiconnect_network", "connection_days"):
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.cr.execute(
        SQL(
            """
            SELECT id, connection_days FROM oiconnect_network network
            WHERE connection_days != %s AND NOT EXISTS (
                SELECT FROM oiconnect_delay delay
                WHERE delay.network_id = network.id AND delay.kind = 'connection'
                    AND delay.operator_id IS NULL
            )
            """,
            PROPOSED,
        )
    )
    env["oiconnect.delay"].create(
        [
            {
                "kind": "connection",
                "network_id": network_id,
                "value": days,
                "unit": "days",
            }
            for network_id, days in env.cr.fetchall()
        ]
    )
