"""Plays the tickets of the demo, each step at its time."""

from datetime import timedelta
from operator import itemgetter

from odoo.fields import Datetime

from odoo.addons.oiconnect_base.workflow import Origin

from ..plan import tickets as plan
from .clock import go_to
from .network import QUIET

SERVICE = Origin("soap", version="3.0")


class TicketLoader:
    """Each ticket is on a line in service of its operator, taken in turn."""

    def __init__(self, env, network):
        self.env = env(context=dict(env.context, **QUIET))
        self.network = network
        self.tickets = self.env["oiconnect.ticket"]
        self.lines = {
            operator: list(orders)
            for operator, orders in self.env["oiconnect.access.order"]
            .search(
                [("network_id", "=", network.id), ("state", "=", "in_service")],
                order="in_service_date, id",
            )
            .grouped("operator_id")
            .items()
        }
        self.rank = 0
        self.now = Datetime.now()

    def load(self):
        self._make_answers()
        operators = [
            operator
            for code in plan.OPERATORS
            for operator in self.lines
            if operator.interop_code == code
        ]
        planned = [
            (days, story, operators[rank % len(operators)])
            for story in plan.STORIES
            for rank, days in enumerate(story.days_ago)
        ]
        # The oldest first: lists show the last reference first.
        for days, story, operator in sorted(planned, key=itemgetter(0), reverse=True):
            self._play(story, operator, days)
        self._cut_a_cable()
        self._answer_the_telephone(operators[0])
        go_to(self.env, None)
        self._mark_notified()
        self._follow_up()

    # ------------------------------------------------------------------
    # Stories
    # ------------------------------------------------------------------

    def _play(self, story, operator, days):
        """Open a ticket and take its steps, each at its time."""
        opened = self.now - timedelta(days=days)
        ticket = self._open(self._take_line(operator, opened), story, opened)
        for hours, action, given in story.steps:
            moment = opened + timedelta(hours=hours)
            go_to(self.env, moment)
            getattr(self, f"_{action}")(ticket, given, moment)

    def _take_line(self, operator, opened):
        """Take the last line that was in service before ``opened``, or the oldest."""
        lines = self.lines[operator]
        before = [
            order
            for order in lines
            if order.in_service_date and order.in_service_date < opened
        ]
        order = before[-1] if before else lines[0]
        lines.remove(order)
        return order

    def _open(self, order, story, opened):
        go_to(self.env, opened)
        self.rank += 1
        line = {
            "oc_key": f"{order.operator_id.interop_code}-SAV-{self.rank:05d}",
            "type": "1",
            "service_reference": order.service_reference,
            "defect": story.defect,
            "defect_class": story.defect_class,
            "prelocation": story.prelocation,
            "description": story.words,
            "detection_date": opened - timedelta(hours=3),
            "already_operated": False,
            "customer_name": order.customer_name,
            "customer_contact1": order.customer_contact1,
        }
        ticket, refusals = self.tickets._receive_creation(
            line, order.operator_id, self.network, SERVICE
        )
        if refusals:
            raise ValueError(f"{order.display_name}: {refusals}")
        return ticket

    def _start(self, ticket, words, moment):
        ticket._fire("start", note=words)

    def _task(self, ticket, given, moment):
        task = self.env["oiconnect.ticket.task"].create(
            {"ticket_id": ticket.id, "kind": given["kind"]}
        )
        task._fire("plan", date=moment + timedelta(hours=given["planned_in"]))

    def _do(self, ticket, given, moment):
        self._awaited(ticket, given)._fire("do")

    def _repeat(self, ticket, given, moment):
        task = self._awaited(ticket, {"result": given["result"]})
        task._fire("repeat", customer_absent=given["customer_absent"])

    def _awaited(self, ticket, report):
        task = ticket.task_ids.filtered(lambda one: one.state == "planned")[:1]
        task.write(report)
        return task

    def _say(self, ticket, given, moment):
        message_type, words = given
        self.env["oiconnect.ticket.message"].create(
            {"ticket_id": ticket.id, "message_type": message_type, "content": words}
        )

    def _hear(self, ticket, given, moment):
        message_type, words = given
        message = {"message_type": message_type, "content": words}
        ticket._receive_update({"message": message}, SERVICE)

    def _freeze(self, ticket, reason, moment):
        ticket._fire("freeze", reason=reason)

    def _call_expertise(self, ticket, words, moment):
        ticket._fire("call_expertise", note=words)

    def _resolve(self, ticket, given, moment):
        ticket._fire("resolve", **self._ending(*given))

    def _close(self, ticket, given, moment):
        ticket._fire("close", **self._ending(*given))

    def _ending(self, code, location):
        codes = self.env["oiconnect.ticket.code"]
        return {
            "closure_code": self.env["oiconnect.ticket.closure.code"]._of(code),
            "location": location and codes._of("location", location),
        }

    def _accept(self, ticket, given, moment):
        ticket._fire("accept", SERVICE)

    def _reject(self, ticket, words, moment):
        self._hear(ticket, ("info", words), moment)
        ticket._fire("reject", SERVICE)

    def _request_cancel(self, ticket, words, moment):
        self._hear(ticket, ("cancellation", words), moment)
        ticket._fire("request_cancel", SERVICE)

    def _agree_cancel(self, ticket, given, moment):
        ticket._fire("agree_cancel")

    # ------------------------------------------------------------------
    # An incident, a call, canned answers
    # ------------------------------------------------------------------

    def _cut_a_cable(self):
        """Open a ticket on several lines of one PBO, and their incident."""
        by_pbo = {}
        for orders in self.lines.values():
            for order in orders:
                by_pbo.setdefault(order.route_ids[:1].pbo_id, []).append(order)
        cut = max(by_pbo.values(), key=len)[: plan.INCIDENT_LINES]
        opened = self.now - timedelta(days=plan.INCIDENT_DAYS_AGO)
        story = plan.Story((), plan.NO_SIGNAL, plan.INCIDENT_WORDS, ())
        tickets = self.tickets
        for rank, order in enumerate(cut):
            self.lines[order.operator_id].remove(order)
            tickets |= self._open(order, story, opened + timedelta(minutes=12 * rank))
        go_to(self.env, opened + timedelta(minutes=12 * len(cut)))
        incident = self.env["oiconnect.incident"]._declare("pbo", tickets[:1].route_id)
        incident._join(tickets)
        incident.write(
            {
                "start_date": opened,
                "planned_end_date": opened + timedelta(days=2),
                "description": "Câble sectionné pendant des travaux de voirie.",
            }
        )

    def _answer_the_telephone(self, operator):
        """Open a ticket for an operator that calls."""
        opened = self.now - timedelta(days=plan.HOTLINE_DAYS_AGO)
        order = self._take_line(operator, opened)
        go_to(self.env, opened)
        codes = self.env["oiconnect.ticket.code"]
        self.tickets.create(
            {
                "network_id": self.network.id,
                "operator_id": operator.id,
                "oc_key": "TEL-0001",
                "service_reference": order.service_reference,
                "defect_id": codes._of("defect", plan.NO_SIGNAL).id,
                "defect_class_id": codes._of("defect_class", "1").id,
                "prelocation_id": codes._of("location", "PBO").id,
                "description": "Appel de la hotline de l'opérateur.",
            }
        )

    def _make_answers(self):
        self.env["oiconnect.ticket.answer"].create(
            [
                {"name": name, "message_type": message_type, "content": content}
                for name, message_type, content in plan.ANSWERS
            ]
        )

    # ------------------------------------------------------------------
    # What is to do now
    # ------------------------------------------------------------------

    def _mark_notified(self):
        """Operators heard of it at the time: no server of theirs is there now."""
        self.env["oiconnect.event"].search(
            [
                ("res_model", "=", self.tickets._name),
                ("network_id", "=", self.network.id),
                ("state", "=", "pending"),
            ]
        )._note_sent()

    def _follow_up(self):
        """Mark what is late, and share some of the work."""
        tickets = self.tickets.search([("network_id", "=", self.network.id)])
        open_ones = tickets.filtered("is_open")
        open_ones.filtered_domain([("due_date", "<", self.now)])._mark_late()
        person = self.env.ref("oiconnect_demo.user_tickets")
        open_ones[::3].user_id = person
