from contextlib import contextmanager

from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.models.workflow.workflow import _WORKFLOW

from ...models.pb_orders.pb_order import CLOSED_STATES, STATES
from ...models.pb_orders.workflow import PB_ORDER_WORKFLOW
from .common import PbCase

AR, CR, AN = ("ARCMDPB",), ("CRCMDPB",), ("ARANNCMDPB",)
# {(state, event): (where it leads, what the operator hears)}; all others are refused
WAYS = {
    ("received", "refuse_receipt"): ("ar_ko", AR),
    ("received", "acknowledge"): ("ar_ok", AR),
    ("ar_ok", "plan"): ("planned", CR),
    ("planned", "plan"): ("planned", CR),
    ("ar_ok", "reject"): ("cr_ko", CR),
    ("planned", "reject"): ("cr_ko", CR),
    ("ar_ok", "lay"): ("laid", CR),
    ("planned", "lay"): ("laid", CR),
    ("ar_ok", "cancel"): ("cancelled", AN),
    ("planned", "cancel"): ("cancelled", AN),
    **{
        (state, "refuse_cancel"): (state, AN)
        for state in ("ar_ok", "planned", "ar_ko", "cr_ko", "laid", "cancelled")
    },
}
TABLES = ("oiconnect_pb_order", "oiconnect_building", "oiconnect_event")


@tagged("post_install", "-at_install")
class TestPbOrderWalk(PbCase):
    """Every pair of a state and an event of a PB order."""

    def setUp(self):
        super().setUp()
        self.order = self._order()
        self.order.reason_id = self.env["oiconnect.reason"]._of("FINT01")
        self.env.flush_all()

    def test_the_table_knows_every_state_and_names_every_event(self):
        self.assertEqual(PB_ORDER_WORKFLOW.states, {state for state, _ in STATES})
        self.assertEqual(PB_ORDER_WORKFLOW.final_states, set(CLOSED_STATES))
        labels = dict(self.order._event_labels())
        self.assertEqual(set(labels), PB_ORDER_WORKFLOW.events)

    def test_every_pair_of_state_and_event(self):
        for state, _label in STATES:
            for event in sorted(PB_ORDER_WORKFLOW.events):
                with self.subTest(state=state, event=event), self._undone():
                    self._put_in(state)
                    self._walk(state, event)

    @contextmanager
    def _undone(self):
        with self.env.cr.savepoint() as savepoint:
            yield
            savepoint.rollback()
        self.env.invalidate_all()

    def _put_in(self, state):
        self.order.with_context(workflow=_WORKFLOW).write({"state": state})
        self.env.flush_all()

    def _walk(self, state, event):
        before = self._everything()
        if (state, event) not in WAYS:
            with self.assertRaises(WorkflowError) as caught:
                self.order._fire(event)
            self.assertEqual(caught.exception.code, "FIMP16")
            self.assertEqual(self._everything(), before)
            return
        target, flows = WAYS[state, event]
        told = self.order.event_ids
        self.order._fire(event, code="FIMP16" if event == "refuse_cancel" else None)
        self.assertEqual(self.order.state, target)
        self.assertEqual((self.order.event_ids - told).mapped("flow"), list(flows))
        self.assertEqual(self._last_step(self.order).event, event)

    def _everything(self):
        self.env.flush_all()
        found = {}
        for table in TABLES:
            self.env.cr.execute(f"SELECT t.* FROM {table} t ORDER BY id")
            found[table] = self.env.cr.fetchall()
        return found
