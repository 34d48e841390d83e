from contextlib import contextmanager

from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.models.workflow.workflow import _WORKFLOW

from ...models.pm_orders.workflow import PM_ORDER_WORKFLOW
from ...pm_order_states import CLOSED_STATES, STATES
from ..pm_common import PmOrderCase

KINDS = (("unit", "rental"), ("unit", "update"), ("cofi", "engagement"))
UNIT_ONLY = ("cancel", "terminate")


@tagged("post_install", "-at_install")
class TestPmOrderWalk(PmOrderCase):
    """Every pair of a state and an event: the table says what happens."""

    def setUp(self):
        super().setUp()
        self.order = self._rented()
        self.order.reason_id = self.env["oiconnect.reason"]._of("FIMP09")
        self.env.flush_all()

    def test_the_table_knows_every_state(self):
        self.assertEqual(PM_ORDER_WORKFLOW.states, {state for state, _ in STATES})
        self.assertLessEqual(PM_ORDER_WORKFLOW.final_states, set(CLOSED_STATES))

    def test_every_event_has_a_label(self):
        labels = dict(self.order._event_labels())
        self.assertEqual(set(labels), PM_ORDER_WORKFLOW.events)

    def test_every_pair_of_state_and_event(self):
        for kind, purpose in KINDS:
            for state, _label in STATES:
                for event in sorted(PM_ORDER_WORKFLOW.events):
                    with self.subTest(purpose, state=state, event=event):
                        with self._undone():
                            self._put_in(kind, purpose, state)
                            self._walk(state, event)

    @contextmanager
    def _undone(self):
        with self.env.cr.savepoint() as savepoint:
            yield
            savepoint.rollback()
        self.env.invalidate_all()

    def _put_in(self, kind, purpose, state):
        self.order.with_context(workflow=_WORKFLOW).write(
            {"kind": kind, "purpose": purpose, "state": state}
        )
        self.env.flush_all()

    def _line_taken(self, state, event):
        for line in PM_ORDER_WORKFLOW.lines(event, state):
            if not line.guard or getattr(self.order, line.guard)({}):
                return line
        return None

    def _walk(self, state, event):
        line = self._line_taken(state, event)
        if not line:
            with self.assertRaises(WorkflowError) as caught:
                self.order._fire(event)
            self.assertIn(caught.exception.code, ("FIMP16", "FIMP09"))
            self.assertEqual(self.order.state, state)
            return
        before = self.order.step_ids, self.order.event_ids
        self.order._fire(event, code="FIMP16")
        self.order.invalidate_recordset(["step_ids", "event_ids"])
        self.assertEqual(self.order.state, line.target or state)
        self.assertEqual((self.order.step_ids - before[0]).mapped("event"), [event])
        flows = (self.order.event_ids - before[1]).mapped("flow")
        self.assertEqual(flows, list(line.flows))
        self.env.flush_all()

    def test_only_unit_orders_have_an_end_of_their_own(self):
        for state, event in (("ar_ok", "cancel"), ("delivered", "terminate")):
            for kind, allowed in (("unit", True), ("cofi", False)):
                with self._undone():
                    self._put_in(kind, "rental", state)
                    self.assertEqual(bool(self.order._ready_for(event)), allowed)
