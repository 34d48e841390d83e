from contextlib import contextmanager

from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.models.workflow.workflow import _WORKFLOW

from ...models.access.workflow import (
    ACCESS_ORDER_WORKFLOW,
)
from ...states import CLOSED_STATES, STATES
from ..common import OrderCase

# Kinds of order: who connects, whether the PTO exists, whether it was in service
MODES = [
    ("stoc", False, False),
    ("stoc", True, True),
    ("oi", False, False),
    ("oi", True, False),
    ("oc", False, True),
    ("oc", True, False),
]
# What a line of the table may change besides the order: nothing else ever
WRITTEN = ("oiconnect_access_order", "oiconnect_route", "oiconnect_pto")
ADDED = ("oiconnect_workflow_step", "oiconnect_event", "oiconnect_change")


@tagged("post_install", "-at_install")
class TestWorkflowWalk(OrderCase):
    """Every pair of a state and an event: the table says what happens."""

    def setUp(self):
        super().setUp()
        self.order = self._order()
        self.order.reason_id = self.env["oiconnect.reason"]._of("FINT04")
        self.env.flush_all()

    def test_the_table_knows_every_state(self):
        self.assertEqual(ACCESS_ORDER_WORKFLOW.states, {state for state, _ in STATES})

    def test_states_that_end_an_order_are_closed(self):
        self.assertLessEqual(ACCESS_ORDER_WORKFLOW.final_states, set(CLOSED_STATES))

    def test_every_event_has_a_label(self):
        labels = dict(self.order._event_labels())
        self.assertEqual(set(labels), ACCESS_ORDER_WORKFLOW.events)

    def test_every_pair_of_state_and_event(self):
        """All pairs for one kind of order; for the others, where the kind decides."""
        guarded = {
            line.event for line in ACCESS_ORDER_WORKFLOW.transitions if line.guard
        }
        for mode in MODES:
            events = ACCESS_ORDER_WORKFLOW.events if mode == MODES[0] else guarded
            for state, _label in STATES:
                with self._undone():
                    self._put_in(mode, state)
                    before = self._everything()
                    for event in sorted(events):
                        with self.subTest(mode=mode, state=state, event=event):
                            self._walk(state, event, before)

    def _walk(self, state, event, before):
        line = self._line_taken(state, event)
        if not line:
            # What is refused changes nothing: the next event finds the same order.
            self._check_refused(event, before)
            return
        with self._undone():
            self._check_allowed(event, state, line)

    @contextmanager
    def _undone(self):
        """Take back what is done, and leave no savepoint open around what follows."""
        with self.env.cr.savepoint() as savepoint:
            yield
            savepoint.rollback()
        self.env.invalidate_all()

    def _put_in(self, mode, state):
        connection_type, existing, served = mode
        self.order.with_context(workflow=_WORKFLOW).write(
            {
                "connection_type": connection_type,
                "existing_socket": existing,
                "in_service_date": served and "2026-03-28 10:15:00",
                "state": state,
            }
        )
        self.env.flush_all()

    def _check_allowed(self, event, state, line):
        steps, messages = self._told()
        self.order._fire(event, code="FIMP16")
        self.assertEqual(self.order.state, line.target or state)
        new_steps, new_messages = self._told()
        self.assertEqual((new_steps - steps).mapped("event"), [event])
        flows = (new_messages - messages).mapped("flow")
        self.assertEqual(flows, list(line.flows))

    def _check_refused(self, event, before):
        with self.assertRaises(WorkflowError) as caught:
            self.order._fire(event)
        self.assertEqual(caught.exception.code, "FIMP16")
        self.assertIn(self.order.oc_reference, str(caught.exception))
        self.assertEqual(self._everything(), before)

    def _told(self):
        self.order.invalidate_recordset(["step_ids", "event_ids"])
        return self.order.step_ids, self.order.event_ids

    def _everything(self):
        """Return the rows that an event may write, and how many it may have added."""
        self.env.flush_all()
        found = {}
        for table in WRITTEN:
            self.env.cr.execute(f"SELECT t.* FROM {table} t ORDER BY id")
            found[table] = self.env.cr.fetchall()
        for table in ADDED:
            self.env.cr.execute(f"SELECT count(*) FROM {table}")
            found[table] = self.env.cr.fetchone()
        return found

    def _line_taken(self, state, event):
        """Return the line of the table that the guards let through, if any."""
        for line in ACCESS_ORDER_WORKFLOW.lines(event, state):
            if not line.guard or getattr(self.order, line.guard)({}):
                return line
        return None

    # ------------------------------------------------------------------
    # What the guards decide, told once in words
    # ------------------------------------------------------------------

    def assertLeads(self, mode, state, event, target, flows=()):
        with self._undone():
            self._put_in(mode, state)
            self._told()
            line = self._line_taken(state, event)
            self.assertEqual((line.target, line.flows), (target, flows))

    def test_each_kind_of_order_takes_its_own_way(self):
        oc, oi, stoc = ("oc", False, False), ("oi", False, False), MODES[0]
        self.assertLeads(stoc, "cr_ok", "start", "connecting", ("CMD_STOC",))
        self.assertLeads(oi, "cr_ok", "start", "connecting")
        self.assertLeads(oc, "cr_ok", "start", "connecting")
        failed = "connection_failed"
        self.assertLeads(oi, "connecting", failed, "connect_ko", ("NOTIF_RACCO_KO",))
        self.assertLeads(stoc, "connecting", failed, "connect_ko")
        self.order.reason_id = self.env["oiconnect.reason"]._of("FCLI05")
        for mode in (oc, oi, stoc):
            self.assertLeads(mode, "connecting", failed, "mad_ko", ("CR_MAD",))

    def test_a_line_given_back_is_as_it_was(self):
        told = ("NOTIF_REPROV",)
        self.assertLeads(MODES[0], "overwritten", "restore", "delivered", told)
        self.assertLeads(MODES[1], "overwritten", "restore", "in_service", told)
