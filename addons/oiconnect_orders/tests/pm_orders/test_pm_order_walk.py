from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.tests.workflow_walk import WorkflowWalk

from ...models.pm_orders.workflow import PM_ORDER_WORKFLOW
from ...pm_order_states import CLOSED_STATES, STATES
from ..pm_common import PmOrderCase

KINDS = (("unit", "rental"), ("unit", "update"), ("cofi", "engagement"))


@tagged("post_install", "-at_install")
class TestPmOrderWalk(WorkflowWalk, PmOrderCase):
    """Every pair of a state and an event: the table says what happens."""

    WRITTEN = ("oiconnect_pm_order", "oiconnect_pm_service", "oiconnect_pm")
    ADDED = (*WorkflowWalk.ADDED, "oiconnect_pm_report")
    CODES = {"adduct": "FIMP09", "fail_adduction": "FIMP09"}

    def setUp(self):
        super().setUp()
        self.order = self._rented()
        self.order.reason_id = self.env["oiconnect.reason"]._of("FIMP09")
        self.env.flush_all()

    def test_the_table_names_every_state_and_event(self):
        self.check_table(PM_ORDER_WORKFLOW, STATES, CLOSED_STATES)

    def test_every_pair_of_state_and_event(self):
        for rank, (kind, purpose) in enumerate(KINDS):
            for state, _label in STATES:
                with self._undone():
                    self._put(kind=kind, purpose=purpose, state=state)
                    before = self._everything()
                    for event in self._events(state, rank == 0):
                        with self.subTest(purpose, state=state, event=event):
                            line = self._line_taken(state, event)
                            self._check_pair(state, event, line, before, code="FIMP16")

    def test_only_unit_orders_have_an_end_of_their_own(self):
        for state, event in (("ar_ok", "cancel"), ("delivered", "terminate")):
            for kind, allowed in (("unit", True), ("cofi", False)):
                with self._undone():
                    self._put(kind=kind, purpose="rental", state=state)
                    self.assertEqual(bool(self.order._ready_for(event)), allowed)
