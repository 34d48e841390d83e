from unittest.mock import patch

from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.tests.workflow_walk import WorkflowWalk

from ...models.access.workflow import ACCESS_ORDER_WORKFLOW
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


@tagged("post_install", "-at_install")
class TestWorkflowWalk(WorkflowWalk, OrderCase):
    """Every pair of a state and an event: the table says what happens."""

    WRITTEN = ("oiconnect_access_order", "oiconnect_route", "oiconnect_pto")

    def setUp(self):
        super().setUp()
        self.order = self._order()
        self.order.reason_id = self.env["oiconnect.reason"]._of("FINT04")
        self.env.flush_all()

    def test_the_table_names_every_state_and_event(self):
        self.check_table(ACCESS_ORDER_WORKFLOW, STATES, CLOSED_STATES)

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
                            line = self._line_taken(state, event)
                            self._check_pair(state, event, line, before, code="FIMP16")

    def test_a_refusal_that_wrote_something_is_noticed(self):
        def write_and_refuse(orders, _event, **_values):
            orders.comment = "Interphone à gauche"
            raise WorkflowError(orders.display_name, "FIMP16")

        self.maxDiff = None
        before = self._everything()
        self._check_refused("restore", before)
        with (
            patch.object(type(self.order), "_fire", write_and_refuse),
            self.assertRaisesRegex(AssertionError, "Interphone"),
        ):
            self._check_refused("restore", before)

    def _put_in(self, mode, state):
        connection_type, existing, served = mode
        self._put(
            connection_type=connection_type,
            existing_socket=existing,
            in_service_date=served and "2026-03-28 10:15:00",
            state=state,
        )

    # ------------------------------------------------------------------
    # What the guards decide, said once in words
    # ------------------------------------------------------------------

    def assertLeads(self, mode, state, event, target, flows=()):
        with self._undone():
            self._put_in(mode, state)
            self._steps_and_events()
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
        flows = ("NOTIF_REPROV",)
        self.assertLeads(MODES[0], "overwritten", "restore", "delivered", flows)
        self.assertLeads(MODES[1], "overwritten", "restore", "in_service", flows)
