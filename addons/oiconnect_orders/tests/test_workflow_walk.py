from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.models.workflow import _WORKFLOW
from odoo.addons.oiconnect_orders.models.access_order_workflow import (
    ACCESS_ORDER_WORKFLOW,
)
from odoo.addons.oiconnect_orders.states import CLOSED_STATES, STATES

from .common import OrderCase


@tagged("post_install", "-at_install")
class TestWorkflowWalk(OrderCase):
    """Every pair of a state and an event: the table says what happens."""

    def setUp(self):
        super().setUp()
        self.order = self._order()
        self.order.reason_id = self.env["oiconnect.reason"]._of("FINT04")

    def test_the_table_knows_every_state(self):
        reachable = ACCESS_ORDER_WORKFLOW.states | {"overwritten"}
        self.assertEqual(reachable, {state for state, _label in STATES})

    def test_states_that_end_an_order_are_closed(self):
        self.assertLessEqual(ACCESS_ORDER_WORKFLOW.final_states, set(CLOSED_STATES))

    def test_every_event_has_a_label(self):
        labels = dict(self.order._event_labels())
        self.assertEqual(set(labels), ACCESS_ORDER_WORKFLOW.events)

    def test_every_pair_of_state_and_event(self):
        for state, _label in STATES:
            for event in sorted(ACCESS_ORDER_WORKFLOW.events):
                with self.subTest(state=state, event=event):
                    self._walk(state, event)

    def _walk(self, state, event):
        savepoint = self.env.cr.savepoint()
        self.order.with_context(workflow=_WORKFLOW).write({"state": state})
        steps, messages = self._told()
        line = self._line_taken(state, event)
        if line:
            self.order._fire(event, code="FIMP16")
            self.assertEqual(self.order.state, line.target or state)
        else:
            with self.assertRaises(WorkflowError) as caught:
                self.order._fire(event)
            self.assertEqual(caught.exception.code, "FIMP16")
            self.assertEqual(self.order.state, state)
        new_steps, new_messages = self._told()
        self.assertEqual(len(new_steps - steps), 1 if line else 0)
        flows = (new_messages - messages).mapped("flow")
        self.assertEqual(flows, list(line.flows) if line else [])
        savepoint.rollback()
        self.env.invalidate_all()

    def _told(self):
        self.order.invalidate_recordset(["step_ids", "event_ids"])
        return self.order.step_ids, self.order.event_ids

    def _line_taken(self, state, event):
        """Return the line of the table that the guards let through, if any."""
        for line in ACCESS_ORDER_WORKFLOW.lines(event, state):
            if not line.guard or getattr(self.order, line.guard)({}):
                return line
        return None
