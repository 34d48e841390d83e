from odoo.tests.common import BaseCase, tagged

from ..workflow import Transition, Workflow


@tagged("at_install", "-post_install")
class TestWorkflowTable(BaseCase):
    """The declared table of transitions, without database."""

    def setUp(self):
        super().setUp()
        self.workflow = Workflow(
            [
                Transition("start", ("new",), "open", guard="_is_ready"),
                Transition("start", ("new",), "waiting"),
                Transition("close", ("open", "waiting"), "done", ("REPORT",)),
                Transition("remark", ("open", "done"), None),
            ],
            initial="new",
            codes={"close": "FIMP14"},
            default_code="FIMP16",
            irreversible=("close",),
        )

    def test_events_and_states_are_those_of_the_table(self):
        self.assertEqual(self.workflow.events, {"start", "close", "remark"})
        self.assertEqual(self.workflow.states, {"new", "open", "waiting", "done"})

    def test_a_state_that_no_event_leaves_is_final(self):
        self.assertEqual(self.workflow.final_states, {"done"})

    def test_allowed_events_by_state(self):
        self.assertEqual(self.workflow.allowed("new"), {"start"})
        self.assertEqual(self.workflow.allowed("open"), {"close", "remark"})
        self.assertEqual(self.workflow.allowed("done"), {"remark"})

    def test_lines_come_in_the_order_of_the_table(self):
        targets = [line.target for line in self.workflow.lines("start", "new")]
        self.assertEqual(targets, ["open", "waiting"])
        self.assertEqual(self.workflow.lines("start", "done"), [])

    def test_a_refusal_has_its_own_code_or_the_default_one(self):
        self.assertEqual(self.workflow.code("close"), "FIMP14")
        self.assertEqual(self.workflow.code("start"), "FIMP16")

    def test_a_line_that_can_never_apply_is_a_mistake(self):
        with self.assertRaisesRegex(ValueError, "'start' is unreachable from 'new'"):
            Workflow(
                [
                    Transition("start", ("new",), "open"),
                    Transition("start", ("new",), "waiting"),
                ],
                initial="new",
            )

    def test_what_cannot_be_taken_back_is_an_event_of_the_table(self):
        self.assertEqual(self.workflow.irreversible, {"close"})
        with self.assertRaisesRegex(ValueError, "no line has the events .'finish'"):
            Workflow(
                [Transition("start", ("new",), "open")],
                initial="new",
                irreversible=("finish",),
            )
