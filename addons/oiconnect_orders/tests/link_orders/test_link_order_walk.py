from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.tests.workflow_walk import WorkflowWalk

from ...link_states import CLOSED_STATES, HELD, STATES
from ...models.link_orders.workflow import LINK_ORDER_WORKFLOW
from .common import LinkCase


@tagged("post_install", "-at_install")
class TestLinkOrderWalk(WorkflowWalk, LinkCase):
    """Every pair of a state and an event: the table says what happens."""

    WRITTEN = (
        "oiconnect_link_order",
        "oiconnect_link_order_fibre",
        "oiconnect_link_service",
        "oiconnect_pm_link_fibre",
    )

    def setUp(self):
        super().setUp()
        self.order = self._order()
        service = self.env["oiconnect.link.service"]._begin(
            self.operator, self.network, link_id=self.link.id
        )
        reason = self.env["oiconnect.reason"]._of("FINT04")
        self.order.sudo().write({"reason_id": reason.id, "service_id": service.id})
        self.env.flush_all()

    def test_the_table_names_every_state_and_event(self):
        self.check_table(LINK_ORDER_WORKFLOW, STATES, CLOSED_STATES)

    def test_every_pair_of_state_and_event(self):
        """On a deployed link, on one that is not, and beside an extension."""
        modes = ("deployed", False), ("planned", False), ("deployed", True)
        for rank, mode in enumerate(modes):
            for state, _label in STATES:
                with self._undone():
                    self._put_in(state, *mode)
                    before = self._everything()
                    for event in self._events(state, rank == 0):
                        with self.subTest(state=state, event=event, mode=mode):
                            line = self._line_of(state, event, *mode)
                            answer = {"code": "FIMP16", "operation": "RESILIATION"}
                            self._check_pair(state, event, line, before, **answer)

    def _line_of(self, state, event, link_state, extended):
        """Return the line of the table, as the test itself says it."""
        if event == "make_available" and link_state != "deployed":
            return None
        if event == "terminate" and extended:
            return None
        lines = LINK_ORDER_WORKFLOW.lines(event, state)
        return lines[0] if lines else None

    def _put_in(self, state, link_state, extended):
        self.link.state = link_state
        self._put(state=state)
        if extended and state in HELD:
            extension = self._order(order_type="EXTE", fibre_count=1)
            self.assertEqual(extension.state, "ar_ok")
        self.env.flush_all()
