from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.oiconnect_orders.tests.appointment_common import NOW
from odoo.addons.oiconnect_orders.tests.common import make_routes

from ..common import TicketCase

MOST = "odoo.addons.oiconnect_sav.models.tickets.ticket.MAX_TICKETS"
TASK, MESSAGE = "oiconnect.ticket.task", "oiconnect.ticket.message"
DECISION = "oiconnect.ticket.decision"


@tagged("post_install", "-at_install")
class TestTicketMass(TicketCase):
    """Actions on the tickets chosen in the list, or of an incident: on all, or none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "masse_sav", "oiconnect_base.group_ticket_user"
        )
        cls.reader = new_test_user(
            cls.env, "masse_sav_lect", "oiconnect_base.group_ticket_read"
        )
        made = {
            "network": cls.network,
            "pm": cls.pm,
            "pbo": cls.pbo,
            "other_pbo": cls.other_pbo,
        }
        cls.routes |= make_routes(cls.env, made, drawer=5, fibres=6)

    def _open_many(self, count=3):
        """Return tickets of as many lines, of two buildings."""
        places = [self.other_building, self.building]
        lines = [
            self._delivered(building_identifier=places[rank % 2].identifier)
            for rank in range(count - 1)
        ]
        return self.tickets.union(*(self._open(line) for line in [self.order, *lines]))

    def _incident(self, tickets):
        incident = self.env["oiconnect.incident"].create(
            {"name": "Coupure", "network_id": self.network.id, "pm_id": self.pm.id}
        )
        incident._join(tickets)
        return incident.with_user(self.user)

    def _run_mass(self, name, tickets, user=None):
        """Choose an action in the list of tickets; return what it opens."""
        action = self.env.ref(f"oiconnect_sav.ticket_mass_{name}")
        context = {"active_model": tickets._name, "active_ids": tickets.ids}
        return action.with_user(user or self.user).with_context(**context).run()

    def _fill(self, action, **values):
        """Fill in the dialog that an action opens, and save it."""
        model = self.env[action["res_model"]].with_user(self.user)
        form = Form(model.with_context(**action["context"]))
        for name, value in values.items():
            form[name] = value
        self.assertEqual(
            form.ticket_count, len(action["context"]["default_ticket_ids"])
        )
        return form.save()

    def _repaired(self):
        return {"closure_code_id": self._code("RET01"), "location_id": self._location()}

    def _flows(self, ticket):
        return [flow for flow, _state in self._sent_messages(ticket)]

    # ------------------------------------------------------------------
    # All
    # ------------------------------------------------------------------

    def test_the_tickets_of_an_incident_are_repaired_in_one_go(self):
        tickets = self._open_many(6)
        incident = self._incident(tickets)
        self._fill(incident.action_add_task(), instructions="Câble coupé")
        self.assertEqual(set(tickets.mapped("state")), {"in_progress"})
        self.assertEqual(tickets.task_ids.mapped("ticket_id"), tickets)
        self.assertEqual(len(tickets.task_ids), 6)
        self.assertEqual(set(tickets.task_ids.mapped("instructions")), {"Câble coupé"})

        self._fill(incident.action_write_message(), content="Le câble est réparé")
        done = incident.with_context(decision="do_tasks").action_decide()
        self._fill(done).action_confirm()
        self.assertEqual(set(tickets.task_ids.mapped("state")), {"done"})

        incident.action_close()
        ended = incident.with_context(decision="resolve").action_decide()
        self._fill(ended, comment="Réparé", **self._repaired()).action_confirm()
        self.assertEqual(set(tickets.mapped("state")), {"resolved"})
        self.assertEqual(set(tickets.mapped("location_id.code")), {"PBO"})
        self.assertEqual(set(tickets.mapped("responsibility")), {"oi"})
        self.assertEqual(set(tickets.mapped("closure_comment")), {"Réparé"})
        for ticket in tickets:
            self.assertEqual(
                self._flows(ticket),
                ["SAV_SOLVING", "SAV_INFORMATION", "SAV_SOLVING", "SAV_SOLVED"],
            )
            self.assertIn(self.user, ticket.step_ids.mapped("user_id"))
        with self.assertRaisesRegex(UserError, incident.reference):
            incident.with_context(decision="resolve").action_decide()

    def test_tasks_of_many_tickets_are_planned_together(self):
        tickets = self._open_many()
        moment = NOW + timedelta(days=1)
        self._fill(self._run_mass("add_task", tickets), new_date=moment)
        self.assertEqual(set(tickets.task_ids.mapped("state")), {"planned"})
        self.assertEqual(set(tickets.mapped("planned_date")), {moment})
        for ticket in tickets:
            self.assertEqual(
                self._last_payload(ticket)["resolution_state"], "ACTION PLANIFIEE"
            )

    def test_one_message_is_written_on_each_ticket(self):
        tickets = self._open_many()
        action = self._run_mass("write_message", tickets)
        self._fill(action, message_type="progress", content="Équipe sur place")
        self.assertEqual(set(tickets.mapped("state")), {"in_progress"})
        for ticket in tickets:
            self.assertEqual(ticket.message_line_ids.content, "Équipe sur place")
            self.assertEqual(self._flows(ticket), ["SAV_SOLVING", "SAV_INFORMATION"])
            payload = self._last_payload(ticket)
            self.assertEqual(payload["message_content"], "Équipe sur place")

    def test_messages_of_one_ticket_are_sent_in_their_order(self):
        first, second = self._open_many(2)
        self.messages.create(
            [
                {"ticket_id": ticket.id, "content": content}
                for ticket, content in ((first, "Un"), (second, "Deux"), (first, "III"))
            ]
        )
        for ticket, said in ((first, ["Un", "III"]), (second, ["Deux"])):
            events = ticket.event_ids.sorted("id")
            texts = [event.payload.get("message_content") for event in events]
            self.assertEqual([text for text in texts if text], said)

    def test_one_ticket_has_the_dialogs_of_one(self):
        ticket = self._open()
        for action in (ticket.action_add_task(), ticket.action_write_message()):
            self.assertEqual(action["context"], {"default_ticket_id": ticket.id})

    # ------------------------------------------------------------------
    # Or none
    # ------------------------------------------------------------------

    def assertRefused(self, tickets, refusing, method, *args, **values):
        """The refusal names those that cannot, and nothing is changed."""
        before = self._everything(tickets)
        with self.assertRaises(UserError) as caught:
            method(*args, **values)
        for ticket in tickets:
            named = ticket.reference in str(caught.exception)
            self.assertEqual(named, ticket in refusing, ticket.reference)
        self.assertEqual(self._everything(tickets), before)

    def _everything(self, tickets):
        tickets.invalidate_recordset()
        return [
            (
                ticket.state,
                ticket.task_ids.mapped("state"),
                len(ticket.message_line_ids),
                self._sent_messages(ticket),
            )
            for ticket in tickets
        ]

    def test_what_one_ticket_refuses_no_ticket_does(self):
        tickets = self._open_many()
        for name in ("do_tasks", "resolve"):
            with self.subTest(name):
                self.assertRefused(tickets, tickets, self._run_mass, name, tickets)
        over, idle, ready = tickets
        self._task(ready)
        self.assertRefused(
            tickets, over | idle, self._run_mass, "do_tasks", over | idle | ready
        )
        ready.task_ids._fire("do")
        self._task(idle)
        over._fire(
            "close", closure_code=self._code("ERR03"), comment="Précisez le local"
        )
        for name, refusing in (
            ("add_task", over),
            ("write_message", over),
            ("resolve", over | idle),
        ):
            with self.subTest(name):
                self.assertRefused(tickets, refusing, self._run_mass, name, tickets)

    def test_a_ticket_that_changed_meanwhile_stops_all(self):
        tickets = self._open_many()
        add = self._run_mass("add_task", tickets)
        write = self._run_mass("write_message", tickets)
        over = tickets[1]
        over._fire(
            "close", closure_code=self._code("ERR03"), comment="Précisez le local"
        )
        self.assertRefused(tickets, over, self._fill, add)
        self.assertRefused(tickets, over, self._fill, write, content="Bonjour")

    def test_an_end_that_one_ticket_refuses_meanwhile_ends_none(self):
        tickets = self._open_many()
        self._fill(self._run_mass("add_task", tickets))
        carried_out = self._run_mass("do_tasks", tickets)
        changed = tickets[1]
        changed.task_ids._fire("cancel")
        dialog = self._fill(carried_out)
        self.assertRefused(tickets, changed, dialog.action_confirm)
        self._task(changed)
        self._fill(self._run_mass("do_tasks", tickets)).action_confirm()
        ended = self._fill(self._run_mass("resolve", tickets), **self._repaired())
        changed._fire("freeze", reason="access")
        self.assertRefused(tickets, changed, ended.action_confirm)

    def test_too_many_at_once_are_refused(self):
        tickets = self._open_many()
        action = self._run_mass("add_task", tickets)
        with patch(MOST, 2):
            for name in ("add_task", "write_message", "do_tasks", "resolve"):
                with self.subTest(name), self.assertRaisesRegex(UserError, "2"):
                    self._run_mass(name, tickets)
            with self.assertRaisesRegex(UserError, "2"):
                self._fill(action)
        self.assertFalse(tickets.task_ids)

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def test_the_list_offers_them_to_who_may_act(self):
        for user, offered in ((self.user, True), (self.reader, False)):
            actions = self.env["ir.actions.actions"].with_user(user)
            bindings = actions.get_bindings("oiconnect.ticket").get("action", ())
            names = {action["name"] for action in bindings}
            self.assertEqual("Resolve…" in names, offered)

    def test_a_reader_acts_on_nothing(self):
        tickets = self._open_many(2)
        incident = self._incident(tickets).with_user(self.reader)
        for name in ("add_task", "do_tasks", "resolve", "write_message"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._run_mass(name, tickets, self.reader)
        for method in (incident.action_add_task, incident.action_write_message):
            with self.assertRaises(AccessError):
                method()
        with self.assertRaises(AccessError):
            incident.with_context(decision="do_tasks").action_decide()
        self.assertCannotReach(tickets, self.reader)

    def test_tickets_of_others_are_not_reached_by_their_ids(self):
        company = self.env["res.company"].create({"name": "Autre OI"})
        stranger = new_test_user(
            self.env,
            "masse_autre_oi",
            "oiconnect_base.group_ticket_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertCannotReach(self._open_many(2), stranger)

    def assertCannotReach(self, tickets, user):
        """Check that the dialogs, sent by ``user``, change none of the tickets."""
        before = self._everything(tickets)
        chosen = {"ticket_ids": [(6, 0, tickets.ids)]}
        values = chosen | {"ticket_id": tickets[0].id}
        sent = {
            TASK: values | {"kind": "visit"},
            MESSAGE: values | {"content": "Bonjour"},
        }
        for model, given in sent.items():
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(user).create(given)
        for event in ("do_tasks", "resolve"):
            with self.subTest(event), self.assertRaises(AccessError):
                dialog = self.env[DECISION].with_user(user)
                dialog.create(chosen | {"event": event}).action_confirm()
        self.assertEqual(self._everything(tickets), before)
