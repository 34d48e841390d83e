from itertools import groupby, product
from operator import itemgetter

from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.models.workflow.workflow import _WORKFLOW
from odoo.addons.oiconnect_base.tests.workflow_walk import WorkflowWalk

from ...models.tickets.workflow import TICKET_WORKFLOW
from ...states import CLOSED_STATES, STATES, TASK_STATES
from ..common import TicketCase

# Who opened the ticket, whether its operator validates, whether a task is done
MODES = [
    ("oc", True, True),
    ("oc", False, True),
    ("oc", True, False),
    ("oi", True, True),
]


@tagged("post_install", "-at_install")
class TestTicketWalk(WorkflowWalk, TicketCase):
    """Every pair of a state and an event, in both versions of the protocol."""

    WRITTEN = ("oiconnect_ticket", "oiconnect_ticket_task", "oiconnect_ticket_freeze")
    CODE = "13"

    @property
    def walked(self):
        return self.ticket

    def setUp(self):
        super().setUp()
        self.ticket = self._open()
        self.task = self._task(self.ticket)
        self.message = self.messages.sudo().create(
            {"ticket_id": self.ticket.id, "direction": "in", "content": "Bonjour"}
        )
        self.env.flush_all()

    def test_the_table_knows_every_state(self):
        self.assertEqual(TICKET_WORKFLOW.states, {state for state, _ in STATES})
        tasks = self.task._workflow
        self.assertEqual(tasks.states, {state for state, _ in TASK_STATES})

    def test_only_closed_states_are_final(self):
        self.assertEqual(TICKET_WORKFLOW.final_states, set(CLOSED_STATES))

    def test_every_event_has_a_label(self):
        labels = dict(self.ticket._event_labels())
        self.assertEqual(set(labels), TICKET_WORKFLOW.events)

    def test_every_pair_of_state_and_event(self):
        """All pairs for one kind of ticket; for the others, where the kind decides."""
        self._walk_all(MODES[0])
        guarded = [line for line in TICKET_WORKFLOW.transitions if line.guard]
        for mode in MODES[1:]:
            self._walk_pairs(
                mode,
                {(state, line.event) for line in guarded for state in line.sources},
            )

    def test_every_pair_in_the_older_version(self):
        self.operator.ticket_version = "2.x"
        self._walk_all(MODES[0])

    def _walk_all(self, mode):
        states = [state for state, _label in STATES]
        self._walk_pairs(mode, product(states, TICKET_WORKFLOW.events))

    def _walk_pairs(self, mode, pairs):
        for state, same in groupby(sorted(pairs), itemgetter(0)):
            with self._undone():
                self._put_in(mode, state)
                before = self._everything()
                for _state, event in same:
                    with self.subTest(mode=mode, state=state, event=event):
                        self._walk(mode, state, event, before)

    def _walk(self, mode, state, event, before):
        values = self._values(event)
        if line := self._line_taken(state, event):
            # The life of a ticket of ours is notified to no operator.
            flows = line.flows if mode[0] == "oc" else ()
            self._check_allowed(event, line.target or state, flows, **values)
        else:
            self._check_refused(event, before, **values)

    def _put_in(self, mode, state):
        opened_by, validates, is_done = mode
        self.operator.validates_resolutions = validates
        task_state = "done" if is_done else "to_plan"
        self.task.with_context(workflow=_WORKFLOW).write({"state": task_state})
        code = self._code("RET01").id
        self._put(opened_by=opened_by, closure_code_id=code, state=state)

    def _values(self, event):
        """Return what people and messages give with an event."""
        code = {"close": "ERR03", "resolve": "STT01"}.get(event)
        return {
            "closure_code": code and self._code(code),
            "comment": "Précisez le local",
            "reason": "access",
            "message": self.message,
        }

    def check_sent(self, messages):
        channels = {"soap"} if messages else set()
        self.assertEqual(set(messages.mapped("channel")), channels)
        wire_states = {event.payload["wire_state"] for event in messages}
        self.assertEqual(
            wire_states, {self.ticket._wire_state()} if messages else set()
        )

    # ------------------------------------------------------------------
    # What the guards decide, said once in words
    # ------------------------------------------------------------------

    def assertLeads(self, mode, event, target):
        with self._undone():
            self._put_in(mode, "in_progress")
            line = self._line_taken("in_progress", event)
            self.assertEqual(line and line.target, target)

    def test_a_resolution_awaits_the_operator_that_validates(self):
        self.assertLeads(("oc", True, True), "resolve", "resolved")
        self.assertLeads(("oc", False, True), "resolve", "closed")
        self.assertLeads(("oi", True, True), "resolve", "closed")
        self.assertLeads(("oc", True, False), "resolve", None)

    def test_only_a_ticket_of_ours_is_withdrawn(self):
        self.assertLeads(("oi", True, True), "withdraw", "cancelled")
        self.assertLeads(("oc", True, True), "withdraw", None)
