from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.workflow import JOB

from ..common import OrderCase


class TestDecision(OrderCase):
    """Every automatic answer can be explained: which control, on which data."""

    def _decision(self, order):
        order.invalidate_recordset(["decision_ids"])
        return order.decision_ids.sorted("id")[-1:]

    def _story(self, order, lang="fr_FR"):
        order.invalidate_recordset(["decision_ids", "decision_story"])
        return str(order.with_context(lang=lang).decision_story)

    def test_an_accepted_order_tells_each_control_and_the_choice_of_its_route(self):
        decision = self._decision(self._order())
        self.assertEqual((decision.kind, decision.outcome), ("study", "accepted"))
        self.assertFalse(decision.reason_id)
        names = [step["control"] for step in decision.controls]
        self.assertEqual(names[0], "address")
        self.assertEqual(names[-1], "reservation")
        numbers = [step["number"] for step in decision.controls]
        self.assertEqual(numbers, sorted(numbers), "in the order of the protocol")
        self.assertEqual({step["result"] for step in decision.controls}, {"passed"})
        found = decision.controls[-1]["found"]
        self.assertEqual(found["pbo"], self.pbo.reference)
        self.assertEqual(found["free"], 2)
        self.assertEqual(found["route"], self.routes[0].name)
        self.assertNotIn("pbo_id", found)

    def test_a_choice_of_route_is_shown_by_its_name(self):
        order = self._order()
        choices = dict(
            self.network._fields["route_choice"]._description_selection(self.env)
        )
        self.assertIn(choices[self.network.route_choice], self._story(order, "en_US"))

    def test_a_rejected_order_tells_the_control_that_failed_and_what_it_compared(self):
        decision = self._decision(self._order(pm_reference=self.other_pm.reference))
        self.assertEqual(decision.outcome, "rejected")
        self.assertEqual(decision.reason_id.code, "FIMP08")
        last = decision.controls[-1]
        self.assertEqual(
            (last["control"], last["number"], last["result"], last["code"]),
            ("pm", 6, "failed", "FIMP08"),
        )
        self.assertEqual(last["asked"], {"pm_reference": self.other_pm.reference})
        self.assertEqual(last["found"], {"pm": self.pm.reference})

    def test_a_saturated_pbo_is_shown_as_the_last_control(self):
        for _n in range(2):
            self._order()
        decision = self._decision(self._order())
        last = decision.controls[-1]
        self.assertEqual((last["number"], last["code"]), (10, "FINT01"))
        self.assertEqual(last["found"]["reason"], "saturated")

    def test_a_receipt_that_is_refused_tells_each_column(self):
        order = self._receive(self._line(order_date=None, requested_type=None))
        decision = self._decision(order)
        self.assertEqual((decision.kind, decision.outcome), ("receipt", "rejected"))
        columns = {step["found"]["column"] for step in decision.controls}
        self.assertEqual(columns, {"order_date", "requested_type"})
        self.assertIn("order_date", self._story(order))

    def test_a_receipt_that_passed_is_shown_without_a_decision(self):
        order = self._receive(self._line())
        self.assertFalse(order.decision_ids)
        self.assertIn("1 to 3", self._story(order, "en_US"))

    def test_the_story_is_in_sentences_with_what_was_compared(self):
        order = self._receive(self._line(pm_reference=self.other_pm.reference))
        order._study(JOB)
        story = self._story(order, "en_US")
        for text in ("by the system", self.other_pm.reference, self.pm.reference):
            self.assertIn(text, story)
        self.assertLess(story.index("4. Address"), story.index("6. PM of the address"))

    def test_what_was_decided_is_neither_changed_nor_erased(self):
        decision = self._decision(self._order())
        with self.assertRaises(UserError):
            decision.write({"outcome": "rejected"})
        with self.assertRaises(UserError):
            decision.unlink()

    def test_a_person_s_decision_joins_the_story(self):
        order = self._order()
        order._note_decision(
            "route", "changed", "L'installateur a trouvé une fibre cassée"
        )
        self.assertIn("fibre cassée", self._story(order))

    def test_a_customer_s_values_are_in_no_decision(self):
        order = self._order(customer_contact1="pas un numéro", connection_type="STOC")
        decision = self._decision(order)
        self.assertEqual(decision.reason_id.code, "FCLI01")
        self.assertNotIn("pas un num", str(decision.controls))
