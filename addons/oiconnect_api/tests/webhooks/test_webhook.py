from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.models.workflow import workflow
from odoo.addons.oiconnect_base.workflow import SCREEN, Transition

from .webhook_common import APPOINTMENT, ORDER, STUDIED, TICKET, WebhookCase

NAME, PHONE, WORDS = "ZEBULONEXEMPLE", "0600999001", "Interphone QX12"


@tagged("post_install", "-at_install")
class TestWebhook(WebhookCase):
    """Receivers of each event, and its content."""

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------

    def test_an_operator_hears_what_happens_to_its_order(self):
        order = self._order()
        self._deliver()
        self.assertEqual(
            self.receiver.types, [f"oiconnect.access_order.{what}" for what in STUDIED]
        )
        data = self.receiver.taken[2]["data"]
        self.assertEqual((data["before"], data["after"]), ("ar_ok", "cr_ok"))
        self.assertEqual(data["record"]["oc_reference"], order.oc_reference)
        self.assertEqual(data["record"]["operator"], "OCT1")

    def test_an_operator_never_hears_of_another_one(self):
        """Whatever happens, on every kind of record that the rival has too."""
        rival = self._subscribe(self.rival, ORDER, APPOINTMENT, TICKET)
        ours = self._subscribe(self.env["oiconnect.operator"], ORDER)
        self._order()
        self._order(self.rival)
        self._open()._fire("start")
        for webhook, code in ((self.webhook, "OCT1"), (rival, "OCT2")):
            events = self._of(webhook)
            self.assertTrue(events)
            self.assertEqual(set(events.mapped("operator_id.interop_code")), {code})
            operators = {event.payload["record"]["operator"] for event in events}
            self.assertEqual(operators, {code})
        codes = set(self._of(ours).mapped("operator_id.interop_code"))
        self.assertEqual(codes, {"OCT1", "OCT2"}, "we hear of all")

    def test_an_event_of_another_operator_does_not_leave_even_if_it_is_there(self):
        self._order()
        event = self._of()[0]
        event.operator_id = self.rival
        self.env.flush_all()
        with self.assertRaisesRegex(ValueError, "is not for webhook"):
            self._deliver()
        self.assertFalse(self.receiver.tried)

    def test_another_network_is_not_heard(self):
        other = self.env["oiconnect.network"].create(
            {"name": "Autre", "oi_code": "OITY", "code": "OITY", "pto_prefix": "ZY"}
        )
        elsewhere = self._subscribe(
            self.env["oiconnect.operator"], ORDER, network_id=other.id
        )
        self._order()
        self.assertFalse(self._of(elsewhere))

    # ------------------------------------------------------------------
    # What
    # ------------------------------------------------------------------

    def test_one_kind_of_event_alone(self):
        only = self._subscribe(self.operator, f"{ORDER}.accept")
        self._order()
        self.assertEqual(self._of(only).mapped("flow"), [f"{ORDER}.accept"])

    def test_every_kind_of_record_is_offered(self):
        codes = set(self.kinds.search([]).mapped("code"))
        subjects = {code for code in codes if "." not in code}
        self.assertEqual(
            subjects,
            {
                "access_order",
                "pm_order",
                "pb_order",
                "link_order",
                "appointment",
                "ticket",
                "publication",
            },
        )
        self.assertIn("ticket.resolve", codes)
        found = self.kinds.name_search("appointment")
        self.assertTrue(found)
        french = self._kinds("ticket.freeze").with_context(lang="fr_FR")
        self.assertIn("Ticket", french.display_name)

    def test_kinds_follow_what_models_declare(self):
        self.kinds.create({"code": "gone.kind"})
        self._kinds("ticket.freeze").unlink()
        self.kinds._seed()
        codes = set(self.kinds.search([]).mapped("code"))
        self.assertIn("ticket.freeze", codes)
        self.assertNotIn("gone.kind", codes)

    def test_an_appointment_is_sent_with_its_slot_in_utc(self):
        appointment = self._book()
        appointment._fire("confirm", SCREEN)
        self._deliver()
        event = self.receiver.taken[-1]
        self.assertEqual(event["type"], "oiconnect.appointment.confirm")
        start = appointment.start.isoformat()
        self.assertEqual(event["data"]["record"]["start"], f"{start}Z")

    def test_no_end_customer_is_named(self):
        order = self._order(customer_name=NAME, customer_contact1=PHONE, comment=WORDS)
        order._fire("connected")
        ticket = self._open(customer_name=NAME, description=WORDS)
        ticket._fire("start", note=WORDS)
        self._say(ticket, content=WORDS)
        self._deliver()
        bodies = b"".join(body for _url, body, *_more in self.receiver.posted)
        self.assertIn(b"CR_MAD", bodies)
        self.assertIn(b"SAV_SOLVING", bodies)
        for secret in (NAME, PHONE, WORDS):
            self.assertNotIn(secret.encode(), bodies)

    def test_the_payload_is_frozen(self):
        order = self._order()
        [event] = self._of().filtered(lambda one: one.flow == f"{ORDER}.create")
        before = event._cloud_event()
        order._fire("connected")
        self.assertEqual(event._cloud_event(), before)

    def test_a_change_that_is_rolled_back_is_not_sent(self):
        count = len(self._of())
        order = self._order()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            order._fire("connected")
            raise ZeroDivisionError
        self.assertEqual(len(self._of()) - count, len(STUDIED))

    # ------------------------------------------------------------------
    # At what cost
    # ------------------------------------------------------------------

    def test_without_a_subscriber_nothing_is_queried_or_written(self):
        self.webhook.active = False
        self._order()
        count = self.events.search_count([("channel", "=", "webhook")])
        webhooks = self.env["oiconnect.webhook"]
        webhooks._subscribed(ORDER, "accept")
        with self.assertQueryCount(0):
            webhooks._subscribed(ORDER, "accept")
        self._order()
        self.assertEqual(self.events.search_count([("channel", "=", "webhook")]), count)

    def _query_count(self, orders):
        """Tell of orders as an event does; return how many queries it took."""
        self.env.flush_all()
        count = self.env.cr.sql_log_count
        before = dict.fromkeys(orders.ids, "ar_ok")
        orders._tell_subscribers("accept", before, {"CR_CMD": {orders[0].id: {"a": 1}}})
        return self.env.cr.sql_log_count - count

    def test_many_records_take_as_many_queries_as_few(self):
        orders = self.env["oiconnect.access.order"].union(
            *(self._order() for _n in range(12))
        )
        self._query_count(orders[:1])
        self.env.invalidate_all()
        few = self._query_count(orders[:2])
        self.env.invalidate_all()
        self.assertEqual(self._query_count(orders[2:]), few)
        last = self._of()[-1]
        self.assertEqual(last.res_id, orders[-1].id)
        self.assertEqual(last.payload["before"], "ar_ok")

    def test_nothing_is_made_without_a_receiver(self):
        """Ten thousand orders without a receiver: no query, no payload."""
        self.webhook.active = False
        orders = self.env["oiconnect.access.order"].browse(range(1, 10_001))
        self.env["oiconnect.webhook"]._subscribed(ORDER, "accept")
        self.patch(type(orders), "_subject_payloads", lambda *_args: self.fail("made"))
        with self.assertQueryCount(0):
            orders._tell_subscribers("accept", {}, {})

    def test_payloads_are_held_for_one_batch_at_once(self):
        self.patch(workflow, "PAYLOAD_BATCH", 2)
        orders = self.env["oiconnect.access.order"].union(
            *(self._order() for _n in range(5))
        )
        sizes = []
        tell = type(orders)._tell_subscribers

        def note(records, event, before, messages=None):
            sizes.append(len(records))
            return tell(records, event, before, messages)

        self.patch(type(orders), "_tell_subscribers", note)
        happened = Transition("terminate", (), None)
        orders._tell(happened, dict.fromkeys(orders.ids, "in_service"), {}, SCREEN)
        self.assertEqual(sizes, [2, 2, 1])
        events = self._of().filtered(lambda one: one.flow == f"{ORDER}.terminate")
        self.assertEqual(events.mapped("res_id"), orders.ids)

    def test_a_change_of_subscription_is_heard_at_once(self):
        self.webhook.kind_ids = self._kinds(TICKET)
        self._order()
        self.assertFalse(self._of())
        self.webhook.kind_ids = self._kinds(ORDER)
        self._order()
        self.assertTrue(self._of())

    # ------------------------------------------------------------------
    # What other screens say stays true
    # ------------------------------------------------------------------

    def test_copies_are_no_messages_to_the_operator(self):
        order = self._order()
        self.assertNotIn("webhook", order.event_ids.mapped("channel"))
        action = self.env.ref("oiconnect_base.event_action")
        self.assertEqual(action.domain, '[("channel", "!=", "webhook")]')
        ticket = self._open()
        ticket._fire("start")
        event = self._of().filtered(lambda one: one.res_model == ticket._name)[-1]
        event.state = "error"
        self.assertFalse(ticket.untold_count)

    def test_a_publication_is_notified_to_its_recipients(self):
        webhook = self._subscribe(self.operator, "publication")
        rival = self._subscribe(self.rival, "publication")
        ours = self._subscribe(self.env["oiconnect.operator"], "publication")
        files = self.env["oiconnect.publication"]
        domain = [("network_id", "=", self.network.id)]
        plan = self.env["oiconnect.publication.plan"].search(domain, limit=1)
        self.patch(type(plan), "_recipients_of", lambda *_given: self.operator)
        self.patch(type(files), "_send_to", lambda *_given: None)
        file = files.create(
            {
                "plan_id": plan.id,
                "network_id": self.network.id,
                "kind": "ipe",
                "state": "done",
                "name": "ipe.zip",
                "version": "V3.1",
            }
        )
        file._deliver()
        for one in (webhook, ours):
            [event] = self._of(one)
            self.assertEqual(event.payload["record"]["name"], "ipe.zip")
        self.assertFalse(self._of(rival))
