from contextlib import contextmanager

from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.models.workflow.workflow import _WORKFLOW

from ...link_states import CLOSED_STATES, HELD, STATES
from ...models.link_orders.workflow import LINK_ORDER_WORKFLOW
from .common import LinkCase

# What a line of the table may change: nothing else ever
WRITTEN = (
    "oiconnect_link_order",
    "oiconnect_link_order_fibre",
    "oiconnect_link_service",
    "oiconnect_pm_link_fibre",
)
ADDED = ("oiconnect_workflow_step", "oiconnect_event", "oiconnect_change")


@tagged("post_install", "-at_install")
class TestLinkOrderWalk(LinkCase):
    """Every pair of a state and an event: the table says what happens."""

    def setUp(self):
        super().setUp()
        self.order = self._order()
        self.order.sudo().write(
            {
                "reason_id": self.env["oiconnect.reason"]._of("FINT04").id,
                "service_id": self.order._make_service().id,
            }
        )
        self.env.flush_all()

    def test_the_table_knows_every_state(self):
        self.assertEqual(LINK_ORDER_WORKFLOW.states, {state for state, _ in STATES})

    def test_states_that_end_an_order_are_closed(self):
        self.assertLessEqual(LINK_ORDER_WORKFLOW.final_states, set(CLOSED_STATES))

    def test_every_event_has_a_label(self):
        labels = dict(self.order._event_labels())
        self.assertEqual(set(labels), LINK_ORDER_WORKFLOW.events)

    def test_every_pair_of_state_and_event(self):
        """On a deployed link, on one that is not, and beside an extension."""
        for link_state, extended in (
            ("deployed", False),
            ("planned", False),
            ("deployed", True),
        ):
            for state, _label in STATES:
                with self._undone():
                    self._put_in(state, link_state, extended)
                    before = self._everything()
                    for event in sorted(LINK_ORDER_WORKFLOW.events):
                        with self.subTest(
                            state=state,
                            event=event,
                            link_state=link_state,
                            extended=extended,
                        ):
                            self._walk(state, event, link_state, extended, before)

    def _walk(self, state, event, link_state, extended, before):
        line = self._line_taken(state, event, link_state, extended)
        if not line:
            # What is refused changes nothing: the next event finds the same order.
            with self.assertRaises(WorkflowError) as caught:
                self.order._fire(event)
            self.assertEqual(caught.exception.code, "FIMP16")
            self.assertIn(self.order.oc_reference, str(caught.exception))
            self.assertEqual(self._everything(), before)
            return
        with self._undone():
            self._check_allowed(event, state, line)

    def _line_taken(self, state, event, link_state, extended):
        """Return the line of the table, told by the test's own words."""
        if event == "make_available" and link_state != "deployed":
            return None
        if event == "terminate" and extended:
            return None
        lines = LINK_ORDER_WORKFLOW.lines(event, state)
        return lines[0] if lines else None

    @contextmanager
    def _undone(self):
        with self.env.cr.savepoint() as savepoint:
            yield
            savepoint.rollback()
        self.env.invalidate_all()

    def _put_in(self, state, link_state, extended):
        self.link.state = link_state
        self.order.with_context(workflow=_WORKFLOW).write({"state": state})
        if extended and state in HELD:
            extension = self._order(order_type="EXTE", fibre_count=1)
            self.assertEqual(extension.state, "ar_ok")
        self.env.flush_all()

    def _check_allowed(self, event, state, line):
        steps, messages = self._told()
        self.order._fire(event, code="FIMP16", operation="RESILIATION")
        self.assertEqual(self.order.state, line.target or state)
        new_steps, new_messages = self._told()
        self.assertEqual((new_steps - steps).mapped("event"), [event])
        flows = (new_messages - messages).mapped("flow")
        self.assertEqual(flows, list(line.flows))

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
