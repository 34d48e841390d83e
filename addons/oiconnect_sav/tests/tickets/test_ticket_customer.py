from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests.common import new_test_user, tagged

from ..common import TicketCase


@tagged("post_install", "-at_install")
class TestTicketCustomer(TicketCase):
    """The end customer of a ticket is erased some days after its end."""

    def _ended(self):
        ticket = self._open()
        task = self._task(ticket, instructions="Sonner chez EXEMPLE")
        task._fire("do", note="Vu avec EXEMPLE")
        for record in (ticket, task):
            record.message_post(body="EXEMPLE rappelé", message_type="comment")
            message = record.message_post(body="EXEMPLE", message_type="comment")
            record._message_update_content(message, body="Rien")
        self._say(ticket, "info", "Monsieur EXEMPLE est absent le matin")
        self._resolve(ticket, comment="EXEMPLE rétabli")
        ticket._fire("accept", note="EXEMPLE a confirmé")
        refused = {"state": "error", "error": "EXEMPLE n'est pas connu"}
        ticket.event_ids[0].write(refused)
        return ticket

    def _texts(self, ticket):
        """Return all that is stored about the ticket, as one text."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT row_to_json(t)::text FROM oiconnect_ticket t WHERE id = %(id)s
            UNION ALL SELECT row_to_json(t)::text FROM oiconnect_ticket_task t
            WHERE ticket_id = %(id)s
            UNION ALL SELECT row_to_json(t)::text FROM oiconnect_ticket_message t
            WHERE ticket_id = %(id)s
            UNION ALL SELECT row_to_json(t)::text FROM oiconnect_workflow_step t
            WHERE res_model = 'oiconnect.ticket' AND res_id = %(id)s
            OR res_model = 'oiconnect.ticket.task' AND res_id = ANY(%(tasks)s)
            UNION ALL SELECT row_to_json(t)::text FROM oiconnect_event t
            WHERE res_model = 'oiconnect.ticket' AND res_id = %(id)s
            UNION ALL SELECT COALESCE(body, '') FROM mail_message
            WHERE model = 'oiconnect.ticket' AND res_id = %(id)s
            OR model = 'oiconnect.ticket.task' AND res_id = ANY(%(tasks)s)
            """,
            {"id": ticket.id, "tasks": ticket.task_ids.ids},
        )
        return "".join(text for (text,) in self.env.cr.fetchall())

    def test_nothing_names_the_customer_after_the_days_of_the_network(self):
        ticket = self._ended()
        self.network.customer_days = 60
        erase = self.tickets._cron_erase_customers
        self._run("2027-01-20 02:00:00", erase)
        self.assertIn("EXEMPLE", self._texts(ticket))
        self._run("2027-01-25 02:00:00", erase)
        self.assertNotIn("EXEMPLE", self._texts(ticket))
        self.assertTrue(ticket.customer_erased_on)
        self.assertEqual((ticket.state, ticket.order_id), ("closed", self.order))

    def _file(self, record=None, **values):
        about = record and {"res_model": record._name, "res_id": record.id}
        return self.env["ir.attachment"].create(
            {"name": "exemple.txt", "raw": b"EXEMPLE", **(about or {}), **values}
        )

    def test_files_and_photographs_go_with_the_customer(self):
        ticket, other = self._ended(), self._open(self._delivered())
        task, message = ticket.task_ids, ticket.message_line_ids[:1]
        # A photograph that is taken before its task is saved has no id of a record.
        early = self._file(res_model=task._name)
        photo, elsewhere = self._file(task), self._file(self.operator)
        task.photo_ids = early | photo | elsewhere
        posted = ticket.message_post(body="Vu", attachments=[("vu.txt", b"EXEMPLE")])
        gone = self._file(ticket) | self._file(message) | early | photo
        gone |= posted.attachment_ids
        others = self._file(other) | elsewhere
        ticket._erase_customers()
        self.assertFalse(gone.exists())
        self.assertEqual(others.exists(), others)
        self.assertFalse(task.photo_ids)

    def test_no_user_names_the_customer_again(self):
        ticket = self._ended()
        ticket._erase_customers()
        hotline = new_test_user(
            self.env, "hotline_effacement", "oiconnect_base.group_ticket_user"
        )
        task = ticket.task_ids.with_user(hotline)
        photo = self._file(task)
        for name, value in (
            ("instructions", "Chez EXEMPLE"),
            ("result", "Chez EXEMPLE"),
            ("photo_ids", [Command.link(photo.id)]),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                task.write({name: value})
        task.loss = 18

    def test_a_ticket_in_progress_keeps_its_customer(self):
        ticket = self._open()
        self._run("2030-01-01 02:00:00", self.tickets._cron_erase_customers)
        self.assertEqual(ticket.customer_name, "EXEMPLE")
