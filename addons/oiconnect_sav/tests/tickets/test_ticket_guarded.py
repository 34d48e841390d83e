from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests.common import new_test_user, tagged

from odoo.addons.oiconnect_base.exceptions import WorkflowError

from ..common import TicketCase

OURS = (
    "oiconnect.ticket",
    "oiconnect.ticket.task",
    "oiconnect.ticket.message",
    "oiconnect.ticket.freeze",
    "oiconnect.incident",
)


@tagged("post_install", "-at_install")
class TestTicketGuarded(TicketCase):
    """By RPC, as by its screens: a ticket follows its events."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "hotline", "oiconnect_base.group_ticket_user")

    def rpc(self, records, method, *arguments):
        model = self.env[records._name].with_user(self.user)
        return call_kw(model, method, [records.ids, *arguments], {})

    def test_every_field_is_declared(self):
        for name in OURS:
            self.assertEqual(self.env[name]._undeclared_fields(), [], name)

    def test_the_hotline_opens_a_ticket(self):
        ticket = self.tickets.with_user(self.user).create(
            self._call_vals(description="Appel du client")
        )
        self.assertEqual((ticket.opened_by, ticket.state), ("oi", "open"))
        self.assertEqual(ticket.sudo().order_id, self.order)
        self.assertEqual(ticket.sudo().todo_ids.kind, "ticket_start")
        self.assertEqual(ticket.create_uid, self.user)

    def test_no_user_opens_a_ticket_as_another_would(self):
        tickets = self.tickets.with_user(self.user)
        given = self._call_vals()
        for name, value in (
            ("opened_by", "oc"),
            ("state", "closed"),
            ("order_id", self.order.id),
            ("closure_code_id", self._code("RET01").id),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                tickets.create(given | {name: value})
        by_context = tickets.with_context(default_opened_by="oc").create(given)
        self.assertEqual(by_context.opened_by, "oi")

    def test_what_was_reported_stays(self):
        ticket = self._open()
        for name, value in (
            ("operator_id", self.rival.id),
            ("oc_key", "AUTRE"),
            ("state", "closed"),
            ("incident_id", False),
            ("repair_hours", 0),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                self.rpc(ticket, "write", {name: value})
        self.rpc(ticket, "write", {"priority": "2", "user_id": self.user.id})
        self.assertEqual(ticket.priority, "2")

    def test_a_task_is_added_and_moves_by_its_buttons(self):
        ticket = self._open()
        tasks = self.env["oiconnect.ticket.task"].with_user(self.user)
        task = tasks.create({"ticket_id": ticket.id, "new_date": "2026-11-24 09:00:00"})
        self.assertEqual((task.state, ticket.state), ("planned", "in_progress"))
        with self.assertRaises(AccessError):
            self.rpc(task, "write", {"state": "done"})
        with self.assertRaises(UserError):
            task.with_context(event="do").action_fire()
        with self.assertRaisesRegex(
            UserError, "Localisation of the defect, Measured loss"
        ):
            self.rpc(task, "action_do")
        self.rpc(task, "write", {"result": "Soudure refaite", "loss": 12.5})
        self.rpc(task, "write", {"location_id": self._location().id})
        self.rpc(task, "action_do")
        self.assertEqual(task.state, "done")
        with self.assertRaises(UserError):
            task.with_context(event="repeat").action_fire()

    def test_people_resolve_by_the_dialog(self):
        ticket = self._open()
        self._done(ticket)
        action = ticket.with_user(self.user).with_context(decision="resolve")
        context = action.action_decide()["context"]
        dialog = self.env["oiconnect.ticket.decision"].with_user(self.user)
        decision = dialog.with_context(**context).create(
            {
                "closure_code_id": self._code("RET01").id,
                "location_id": self._location().id,
            }
        )
        self.assertEqual(decision.responsibility, "oi")
        decision.action_confirm()
        self.assertEqual(ticket.state, "resolved")

    def _absent(self, order=None):
        """Return a ticket whose customer missed the visit."""
        ticket = self._open(order or self._delivered())
        self._task(ticket)._fire("repeat", customer_absent=True)
        return ticket

    def test_a_dialog_says_why_it_offers_absences_only(self):
        tickets = self._absent(self.order) | self._absent()
        tickets = tickets.with_user(self.user)
        action = tickets.with_context(decision="resolve").action_decide()
        dialog = self.env["oiconnect.ticket.decision"].with_user(self.user)
        decision = dialog.with_context(**action["context"]).create(
            {"closure_code_id": self._code("ABS01").id}
        )
        self.assertEqual((decision.usages, decision.is_absence), (["absence"], True))
        decision.action_confirm()
        self.assertEqual(set(tickets.mapped("state")), {"resolved"})

    def test_repaired_tickets_are_not_resolved_with_missed_visits(self):
        repaired, absent = self._open(), self._absent()
        self._done(repaired)
        tickets = (repaired | absent).with_user(self.user)
        with self.assertRaises(UserError) as caught:
            tickets.with_context(decision="resolve").action_decide()
        self.assertIn(absent.reference, str(caught.exception))
        self.assertNotIn(repaired.reference, str(caught.exception))
        dialog = self.env["oiconnect.ticket.decision"].with_user(self.user)
        decision = dialog.create(
            {
                "ticket_ids": tickets.ids,
                "event": "resolve",
                "closure_code_id": self._code("ABS01").id,
            }
        )
        with self.assertRaises(UserError):
            decision.action_confirm()
        self.assertEqual(repaired.state, "in_progress")

    def _dialog(self, tickets, event, **values):
        dialog = self.env["oiconnect.ticket.decision"].with_user(self.user)
        return dialog.create({"ticket_ids": tickets.ids, "event": event, **values})

    def test_the_report_of_the_ticket_leads_to_its_resolution(self):
        ticket = self._open().with_user(self.user)
        self.assertFalse(ticket.is_reportable)
        self._task(ticket)
        task = self._task(ticket, new_date="2026-11-24 09:00:00")
        self.assertTrue(ticket.is_reportable)
        self.assertEqual(ticket.action_report()["res_id"], task.id)
        report = {"result": "Fibre coupée", "location_id": self._location("PM-PBO").id}
        self.rpc(task, "write", report | {"is_unmeasured": True})
        action = self.rpc(task, "action_do_and_resolve")
        context = action["context"]
        self.assertEqual(context["default_event"], "resolve")
        decision = self._dialog(ticket, "resolve")
        self.assertEqual(decision.location_id, task.sudo().location_id)
        decision.closure_code_id = self._code("RET01")
        decision.action_confirm()
        self.assertEqual(ticket.location_id.code, "PM-PBO")

    def test_a_loss_that_no_line_has_is_refused(self):
        task = self._task(self._open())
        for loss in (-3, 0.01, 185):
            with self.subTest(loss), self.assertRaisesRegex(UserError, "dB"):
                self.rpc(task, "write", {"loss": loss})

    def test_a_code_that_says_too_little_asks_for_a_comment(self):
        ticket = self._open()
        code = self._code("ERR03")
        with self.assertRaisesRegex(WorkflowError, "ERR03"), self.env.cr.savepoint():
            ticket._fire("close", closure_code=code)
        decision = self._dialog(ticket, "close", closure_code_id=code.id)
        self.assertTrue(decision.needs_comment)
        with self.assertRaises(UserError):
            decision.action_confirm()
        decision.comment = "Quel étage ?"
        decision.action_confirm()
        self.assertEqual(ticket.closure_comment, "Quel étage ?")

    def test_what_the_operator_says_by_telephone_is_said_by_somebody(self):
        ticket = self._resolved()
        for event, comment in (("reject", "Toujours en panne"), ("accept", False)):
            decision = self._dialog(ticket, event, comment=comment)
            with self.subTest(event), self.assertRaisesRegex(UserError, "Write who"):
                decision.action_confirm()
            decision.decided_by = "Mme EXEMPLE"
            decision.decided_date = "2026-11-25 09:30:00"
            decision.action_confirm()
            [step] = ticket.step_ids.filtered_domain([("event", "=", event)])
            self.assertIn("Mme EXEMPLE", step.note)
            self.assertIn("25/11/2026", step.note)
            if event == "reject":
                self._done(ticket)
                self._resolve(ticket)

    def test_a_dialog_asks_why(self):
        ticket = self._resolved()
        decision = self._dialog(ticket, "reject", decided_by="Mme EXEMPLE")
        with self.assertRaises(UserError):
            decision.action_confirm()
        decision.comment = "Le client appelle : pas de signal"
        decision.action_confirm()
        self.assertEqual(ticket.state, "in_progress")

    def test_nothing_is_deleted(self):
        ticket = self._open()
        task = self._task(ticket)
        for record in (ticket, task):
            with self.assertRaises(UserError):
                record.unlink()

    def test_a_value_of_another_list_is_refused(self):
        place = self._location()
        given = self._call_vals()
        tickets = self.tickets.with_user(self.user)
        for name in ("defect_id", "defect_class_id"):
            with self.subTest(name), self.assertRaises(ValidationError):
                tickets.create(given | {name: place.id})
        about = {"type_id": place.id, "pm_reference": self.pm.reference}
        with self.assertRaises(ValidationError):
            tickets.create(given | about)
        ticket = self._open()
        self._done(ticket)
        with self.assertRaises(ValidationError):
            ticket._fire(
                "resolve", closure_code=self._code("RET01"), location=ticket.defect_id
            )

    def test_an_empty_message_is_not_sent(self):
        ticket = self._open()
        for content in (False, " \n"):
            with self.subTest(content), self.assertRaises(UserError):
                self.messages.with_user(self.user).create(
                    {"ticket_id": ticket.id, "content": content}
                )
        self.assertEqual(ticket.state, "open")

    def test_a_user_without_the_right_to_customers_reads_no_attachment(self):
        reader = new_test_user(
            self.env, "lecture_pieces", "oiconnect_base.group_ticket_read"
        )
        ticket = self._open()
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": "photo.txt",
                    "raw": b"x",
                    "res_model": one._name,
                    "res_id": one.id,
                }
                for one in (ticket, self._task(ticket))
            ]
        )
        domain = [("id", "in", attachments.ids)]
        models = self.env["ir.attachment"]
        self.assertEqual(models.with_user(self.user).search(domain), attachments)
        self.assertFalse(models.with_user(reader).search(domain))
        with self.assertRaises(AccessError):
            attachments[0].with_user(reader).read(["name"])
