from odoo.exceptions import AccessError, UserError
from odoo.tests.common import new_test_user, tagged

from .partner import NotificationCase

MANAGERS = ("oiconnect_base.group_exchange_manager", "oiconnect_base.group_api_manager")


@tagged("post_install", "-at_install")
class TestSoapOutbox(NotificationCase):
    """Messages that do not leave by themselves: why, and how they do."""

    # ------------------------------------------------------------------
    # Without receiver
    # ------------------------------------------------------------------

    def test_without_a_connection_messages_wait_and_staff_is_notified(self):
        self.account.active = False
        ticket = self._started()
        ticket._fire("progress")
        self._wake()
        self.assertEqual(self._states(ticket), ["pending", "pending"])
        first = ticket.event_ids.sorted("id")[0]
        self.assertIn("no web service connection", first.error)
        self.env["oiconnect.event"]._sync_todos()
        todo = self.env["oiconnect.todo"].search(
            [("res_model", "=", "oiconnect.event"), ("res_id", "=", first.id)]
        )
        self.assertEqual((todo.kind, todo.state), ("message", "open"))
        self.assertIn("2", todo.name, "one task for all")
        self.account.active = True
        self._notify()
        self.assertEqual(self._states(ticket), ["done", "done"])
        self.assertFalse(first.error)
        self.env["oiconnect.event"]._sync_todos()
        todo.invalidate_recordset()
        self.assertEqual(todo.state, "done")

    def test_a_new_connection_sends_what_waited_for_it(self):
        self.account.active = False
        self._started()
        self._wake()
        account = self._connect(self.operator)
        self.assertTrue(self._planned(account))

    def test_an_operator_that_wants_none_has_its_messages_skipped(self):
        self.account.is_notified = False
        ticket = self._started()
        self._wake()
        event = self._event(ticket)
        self.assertEqual(event.state, "skipped")
        self.assertIn("not notified", event.error)
        self._notify()
        self.assertFalse(self.partner.calls)

    def test_an_archived_partner_is_not_called(self):
        ticket = self._started()
        for partner in (self.operator, self.network):
            with self.subTest(partner._name):
                partner.active = False
                self._notify()
                self.assertFalse(self.partner.calls)
                partner.active = True
        self._notify()
        self.assertEqual(self._states(ticket), ["done"])

    def test_a_service_out_of_service_lets_messages_wait(self):
        service = self.env.ref("oiconnect_soap.soap_service_notification")
        service.is_active = False
        ticket = self._started()
        self._notify()
        self.assertEqual(self._states(ticket), ["pending"])
        service.is_active = True
        self._notify()
        self.assertEqual(self._states(ticket), ["done"])

    def test_the_messages_of_another_operator_stay_where_they_are(self):
        other = self._connect(self.rival, url="https://sav.oct2.invalid/")
        ticket = self._started()
        self._notify(other)
        self.assertFalse(self.partner.calls)
        self.assertEqual(self.account.pending_count, 1)
        self.assertEqual(other.pending_count, 0)
        shown = self.env["oiconnect.event"].search(
            self.account.action_view_pending()["domain"]
        )
        self.assertEqual(shown, ticket.event_ids)

    def test_messages_that_leave_by_file_are_not_ours(self):
        event = self._event(self._started())
        event.channel = "file"
        self._notify()
        self.assertFalse(self.partner.calls)
        self.assertEqual(event.state, "pending")

    # ------------------------------------------------------------------
    # Again, by hand
    # ------------------------------------------------------------------

    def test_administrators_send_a_message_again_with_its_number(self):
        event = self._event(self._started())
        for rank, group in enumerate(MANAGERS):
            user = new_test_user(self.env, f"renvoi_{rank}", group)
            for state in ("done", "error", "skipped"):
                with self.subTest(group=group, state=state):
                    event.write({"state": state, "error": "essai"})
                    event.with_user(user).action_send_again()
                    self.assertEqual((event.state, event.error), ("pending", False))
                    self._notify()
                    self.assertEqual(event.state, "done")
        self.assertEqual(set(self.partner.versions), {event.id})
        self.assertEqual(len(self.partner.versions), 6)

    def test_who_is_no_administrator_sends_nothing_again(self):
        event = self._event(self._started())
        event.state = "error"
        for rank, group in enumerate(
            (
                "oiconnect_base.group_exchange_user",
                "oiconnect_base.group_api_read",
                "oiconnect_base.group_ticket_manager",
            )
        ):
            user = new_test_user(self.env, f"renvoi_{rank}", group)
            with self.assertRaises(AccessError):
                event.with_user(user).action_send_again()
        self.assertEqual(event.state, "error")

    def test_what_waits_or_leaves_by_file_is_not_sent_again(self):
        event = self._event(self._started())
        with self.assertRaises(UserError):
            event.action_send_again()
        event.write({"state": "done", "channel": "file"})
        with self.assertRaises(UserError):
            event.action_send_again()

    def test_who_reads_the_api_sees_messages_of_services_only(self):
        event = self._event(self._started())
        user = new_test_user(self.env, "lecteur_api", "oiconnect_base.group_api_read")
        events = self.env["oiconnect.event"].with_user(user)
        self.assertIn(event, events.search([]))
        event.channel = "file"
        self.env.flush_all()
        self.assertNotIn(event, events.search([]))
