from unittest.mock import patch

from odoo.exceptions import LockError, UserError
from odoo.orm.model_classes import add_to_registry
from odoo.tests.common import TransactionCase, tagged

from ..exceptions import BusyError, WorkflowError
from ..workflow import Origin
from .fake_order import FakeOrder


@tagged("post_install", "-at_install")
class TestWorkflow(TransactionCase):
    """Events lead an order through its states and fill the outbox."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_fake_model()
        cls.network = cls.env["oiconnect.network"].create(
            {"name": "Test", "oi_code": "OITT", "code": "TEST", "pto_prefix": "ZY"}
        )
        cls.operator = cls.env["oiconnect.operator"].create(
            {"name": "Test OC", "interop_code": "OCTT", "arcep_code": "OCTT"}
        )
        cls.orders = cls.env["oiconnect.fake.order"].create(
            [
                {
                    "name": f"order {size}",
                    "size": size,
                    "operator_id": cls.operator.id,
                    "network_id": cls.network.id,
                }
                for size in (1, 2, 50)
            ]
        )
        cls.small, cls.other, cls.large = cls.orders

    @classmethod
    def _add_fake_model(cls):
        """Put the test's model in the registry, its table in the transaction."""
        name = FakeOrder._name
        add_to_registry(cls.registry, FakeOrder)
        cls.addClassCleanup(cls.registry._setup_models__, cls.cr, [])
        cls.addClassCleanup(cls.registry.__delitem__, name)
        cls.registry._setup_models__(cls.cr, [name])
        cls.registry.init_models(cls.cr, [name], {"module": "oiconnect_base"})

    def _events(self):
        return self.env["oiconnect.event"].search(
            [("res_model", "=", "oiconnect.fake.order")], order="id"
        )

    def test_the_guard_chooses_the_line_record_by_record(self):
        self.orders._fire("accept")
        self.assertEqual(
            self.orders.mapped("state"), ["accepted", "accepted", "waiting"]
        )

    def test_a_message_is_written_for_each_record_that_a_partner_must_hear_of(self):
        self.orders._fire("accept", Origin(version="V1.3"))
        events = self._events()
        self.assertEqual(events.mapped("res_id"), [self.small.id, self.other.id])
        self.assertEqual(events.mapped("flow"), ["CR", "CR"])
        self.assertEqual(events.operator_id, self.operator)
        self.assertEqual(events[0].version, "V1.3")
        self.assertEqual(events[0].state, "pending")
        self.assertEqual(
            events[0].payload, {"name": "order 1", "state": "accepted", "flow": "CR"}
        )

    def test_what_happens_is_handed_to_those_who_tell_subscribers(self):
        """With the states before, and what partners receive of it by other ways."""
        calls = []

        def tell(records, event, before, messages=None):
            calls.append((event, before, messages))

        self.patch(type(self.orders), "_tell_subscribers", tell)
        made = self.orders.create(
            [
                {
                    "name": name,
                    "operator_id": self.operator.id,
                    "network_id": self.network.id,
                }
                for name in ("a", "b")
            ]
        )
        made._fire("accept")
        payload = {"name": "a", "state": "accepted", "flow": "CR"}
        messages = {"CR": {made[0].id: payload, made[1].id: payload | {"name": "b"}}}
        self.assertEqual(
            calls,
            [
                ("create", dict.fromkeys(made.ids, False), None),
                ("accept", dict.fromkeys(made.ids, "new"), messages),
            ],
        )

    def test_a_message_is_frozen_when_it_is_written(self):
        self.small._fire("accept")
        self.small.name = "renamed"
        self.assertEqual(self._events().payload["name"], "order 1")

    def test_one_event_may_tell_two_flows(self):
        self.small._fire("accept")
        self.small._fire("deliver", mark="by file")
        self.assertEqual(self._events().mapped("flow"), ["CR", "MAD", "BILL"])
        self.assertEqual(self.small.mark, "by file")

    def test_an_event_may_leave_the_state_as_it_is(self):
        self.small._fire("accept")
        self.small._fire("remind")
        self.assertEqual(self.small.state, "accepted")
        self.assertEqual(self._events().mapped("flow"), ["CR", "REMINDER"])

    def test_an_illegal_event_names_the_record_the_state_and_the_code(self):
        with self.assertRaises(WorkflowError) as caught:
            self.small._fire("deliver", mark="too early")
        self.assertEqual(caught.exception.code, "FIMP14")
        self.assertIn("New", str(caught.exception))
        self.assertEqual(self.small.state, "new")
        self.assertFalse(self._events())

    def test_one_illegal_record_stops_the_whole_batch(self):
        self.small._fire("accept")
        before = self._events()
        with self.assertRaises(WorkflowError):
            (self.small | self.large)._fire("remind")
        self.assertEqual(self._events(), before)

    def test_an_event_unknown_to_the_table_is_refused(self):
        with self.assertRaises(WorkflowError):
            self.small._fire("explode")

    def test_rollback_leaves_no_message_and_no_step(self):
        self.small._fire("accept")
        steps = self.small.step_ids
        events = self._events()
        with self.assertRaises(RuntimeError), self.env.cr.savepoint():
            self.small._fire("fail")
        self.env.invalidate_all()
        self.assertEqual(self.small.state, "accepted")
        self.assertEqual(self.small.step_ids, steps)
        self.assertEqual(self._events(), events)

    def test_each_step_is_stored_with_its_channel_and_its_author(self):
        self.small._fire("accept", Origin("file"), note="first")
        step = self.small.step_ids[0]
        self.assertEqual(
            (step.event, step.source, step.target), ("accept", "new", "accepted")
        )
        self.assertEqual((step.channel, step.note), ("file", "first"))
        self.assertEqual(step.user_id, self.env.user)
        self.assertEqual(self.small.step_ids[-1].event, "create")

    def test_the_history_can_be_neither_changed_nor_erased(self):
        step = self.small.step_ids[0]
        with self.assertRaises(UserError):
            step.write({"note": "rewritten"})
        with self.assertRaises(UserError):
            step.sudo().unlink()

    def test_a_state_cannot_be_written_past_the_workflow(self):
        with self.assertRaises(UserError):
            self.small.write({"state": "done"})
        # What a client may send is JSON: it cannot forge the workflow's token.
        with self.assertRaises(UserError):
            self.small.with_context(workflow=True).write({"state": "done"})
        with self.assertRaises(UserError):
            self.env["oiconnect.fake.order"].create(
                {"state": "done", "network_id": self.network.id}
            )

    def test_can_fire_keeps_the_records_whose_state_allows_the_event(self):
        self.small._fire("accept")
        self.assertEqual(self.orders._can_fire("deliver"), self.small)
        self.assertEqual(self.orders._can_fire("accept"), self.other | self.large)

    def test_what_follows_runs_in_the_declared_order_and_knows_the_origin(self):
        self.small._fire("accept", Origin("file"))
        self.assertEqual(self.small.trail, "accept by file, then this")

    def test_what_is_possible_now_follows_the_fields_that_guards_read(self):
        self.assertEqual(self.small.possible_events, ["accept"])
        self.small._fire("accept")
        self.assertEqual(self.small.possible_events, ["deliver", "fail", "remind"])
        self.assertFalse(self.small.shown_states, "all states")

    def test_people_fire_what_is_theirs_for_all_or_for_none(self):
        self.orders.with_context(event="accept").action_fire()
        self.assertEqual(set(self.orders.mapped("state")), {"accepted", "waiting"})
        with self.assertRaisesRegex(UserError, "order 1, order 2"):
            self.orders[:2].with_context(event="accept").action_fire()
        with self.assertRaises(UserError):
            self.small.with_context(event="deliver").action_fire()

    def test_a_record_may_be_created_by_any_channel(self):
        made = self.orders._create_from(
            Origin("soap"), [{"name": "x", "network_id": self.network.id}]
        )
        self.assertEqual(made.step_ids.channel, "soap")

    # ------------------------------------------------------------------
    # Messages to users
    # ------------------------------------------------------------------

    def test_a_refusal_is_shown_in_french(self):
        orders = self.orders.with_context(lang="fr_FR")
        with self.assertRaisesRegex(
            WorkflowError, r"« deliver » n'est pas possible dans l'état « New »\."
        ):
            orders[0]._fire("deliver", mark="x")
        for write in (
            lambda: orders[0].write({"state": "done"}),
            lambda: orders[0].step_ids.write({"note": "x"}),
            lambda: orders[0].step_ids.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "L'état ne change|L'historique"):
                write()

    def test_a_long_refusal_names_five_records(self):
        for count, ends in ((5, False), (6, True)):
            orders = self.orders.create(
                [
                    {"name": f"n{n}", "network_id": self.network.id, "size": 99}
                    for n in range(count)
                ]
            )
            names = orders._refusal_names()
            with self.subTest(count):
                self.assertEqual(names.endswith("…"), ends)
                self.assertEqual(names.count(","), 4)
                self.assertNotIn("n5", names)

    def test_a_record_that_another_holds_is_worth_another_try(self):
        orders = self.small.with_context(lang="fr_FR")
        with (
            patch.object(type(orders), "lock_for_update", side_effect=LockError("x")),
            self.assertRaisesRegex(BusyError, "en cours de modification par quelqu'un"),
        ):
            orders._fire("accept")
        self.assertEqual(self.small.state, "new")
        self.assertFalse(self._events())

    # ------------------------------------------------------------------
    # History and outbox
    # ------------------------------------------------------------------

    def test_a_step_without_channel_comes_from_the_screen(self):
        self.small._fire("accept")
        step = self.small.step_ids[0]
        self.assertEqual((step.channel, step.note), ("ui", False))
        created = self.small.step_ids[-1]
        self.assertEqual((created.source, created.target), (False, "new"))
        french = step.with_context(lang="fr_FR")
        self.assertEqual((french.source_label, french.target_label), ("New", "OK"))
        self.assertEqual(created.with_context(lang="fr_FR").event_label, "Création")

    def test_each_record_has_its_own_history_in_order(self):
        (self.small | self.other)._fire("accept")
        self.small._fire("remind", note="again")
        self.assertEqual(
            self.small.step_ids.mapped("event"), ["remind", "accept", "create"]
        )
        self.assertEqual(self.other.step_ids.mapped("event"), ["accept", "create"])
        remind = self.small.step_ids[0]
        self.assertEqual(
            (remind.source, remind.target, remind.note),
            ("accepted", "accepted", "again"),
        )
        self.assertEqual(len(self.small.event_ids), 2)
        self.assertEqual(self.other.event_ids.mapped("flow"), ["CR"])

    def test_a_copy_starts_without_history_nor_messages(self):
        self.small._fire("accept")
        copied = self.small.copy({"state": "new"})
        self.assertEqual(copied.step_ids.mapped("event"), ["create"])
        self.assertFalse(copied.event_ids)

    def test_a_message_carries_all_that_its_way_needs(self):
        self.small._fire("accept", Origin(group="file:7"))
        event = self._events()
        self.assertEqual(
            (event.group_key, event.version, event.channel, event.error),
            ("file:7", False, "file", False),
        )
        self.assertEqual(
            (event.network_id, event.company_id),
            (self.network, self.network.company_id),
        )
        self.assertEqual((event.create_uid, event.write_uid), (self.env.user,) * 2)
        self.assertTrue(event.create_date)
        self.assertEqual(event.display_name, f"CR {event.id}")

    def test_a_guard_that_lets_no_record_through_refuses(self):
        self.large._fire("accept")
        self.assertEqual(self.large.state, "waiting")
        self.assertFalse(self._events(), "its line notifies no one")
        self.assertFalse(self.large._can_fire("accept"))
        self.assertFalse(self.orders._can_fire("unknown"))
