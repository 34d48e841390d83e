import base64

from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests.common import tagged
from odoo.tools import SQL

from ..common import TicketCase

ADDONS = ("oiconnect_base", "oiconnect_infra", "oiconnect_orders", "oiconnect_sav")
NAME, PHONE, WORDS = "ZEBULONTICKET", "0600999002", "Interphone QX13"


@tagged("post_install", "-at_install")
class TestTicketNeutralized(TicketCase):
    """A copy of a production database tells of no end customer of a ticket."""

    def _places(self):
        """Return the ``table.column`` of the database that tell the customer."""
        self.env.flush_all()
        columns = self.env.execute_query(
            SQL(
                "SELECT c.table_name, c.column_name FROM information_schema.columns c "
                "JOIN information_schema.tables t USING (table_schema, table_name) "
                "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' "
                "AND c.data_type IN ('character varying', 'text', 'jsonb', 'json')"
            )
        )
        return {
            f"{table}.{column}"
            for table, column in columns
            if self.env.execute_query(
                SQL(
                    "SELECT 1 FROM %s WHERE %s::text ~* %s LIMIT 1",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    f"{NAME}|{PHONE}|{WORDS}",
                )
            )
        }

    def test_nothing_of_the_customer_is_left(self):
        ticket = self._open(
            customer_name=NAME, customer_contact1=PHONE, description=WORDS
        )
        task = self._task(ticket, instructions=WORDS)
        self._say(ticket, "question", f"{NAME} : {WORDS}")
        self.messages.create({"ticket_id": ticket.id, "content": f"Joindre {NAME}"})
        task.result = WORDS
        task._fire("do")
        self._resolve(ticket, comment=f"Vu avec {NAME}", note=WORDS)
        for record in (ticket, task):
            record.message_post(body=f"Appeler {NAME}", subject=NAME)
        self.env["ir.attachment"].create(
            {
                "name": f"{NAME}.txt",
                "datas": base64.b64encode(WORDS.encode()),
                "res_model": task._name,
                "res_id": task.id,
            }
        )
        self.assertGreater(len(self._places()), 8)
        for query in get_neutralization_queries(ADDONS):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual(self._places(), set())
        self.assertEqual(ticket.state, "resolved")
