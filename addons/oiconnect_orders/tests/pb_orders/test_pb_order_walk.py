from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.tests.workflow_walk import WorkflowWalk

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


@tagged("post_install", "-at_install")
class TestPbOrderWalk(WorkflowWalk, PbCase):
    """Every pair of a state and an event of a PB order."""

    WRITTEN = ("oiconnect_pb_order", "oiconnect_building", "oiconnect_event")

    def setUp(self):
        super().setUp()
        self.order = self._order()
        self.order.reason_id = self.env["oiconnect.reason"]._of("FINT01")
        self.env.flush_all()

    def test_the_table_names_every_state_and_event(self):
        self.check_table(PB_ORDER_WORKFLOW, STATES, CLOSED_STATES)
        self.assertEqual(PB_ORDER_WORKFLOW.final_states, set(CLOSED_STATES))

    def test_every_pair_of_state_and_event(self):
        for state, _label in STATES:
            with self._undone():
                self._put(state=state)
                before = self._everything()
                for event in sorted(PB_ORDER_WORKFLOW.events):
                    with self.subTest(state=state, event=event):
                        self._walk(state, event, before)

    def _walk(self, state, event, before):
        if (state, event) in WAYS:
            code = "FIMP16" if event == "refuse_cancel" else None
            self._check_allowed(event, *WAYS[state, event], code=code)
        else:
            self._check_refused(event, before)
