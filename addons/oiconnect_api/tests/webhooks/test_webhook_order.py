from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests.common import tagged

from .webhook_common import DOWN, ORDER, WebhookCase

# What becomes of a call; what happens to one of three orders; a job
STEPS = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from([200, 204, 400, 429, 500, DOWN])),
    st.tuples(st.just("happen"), st.integers(0, 2)),
    st.tuples(st.just("deliver"), st.just(None)),
)


@tagged("post_install", "-at_install")
class TestWebhookOrder(WebhookCase):
    """Events of a record are sent in their order, whatever is answered and whenever."""

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
    )
    @given(steps=st.lists(STEPS, min_size=5, max_size=30))
    def test_no_event_passes_an_earlier_one_of_its_record(self, steps):
        webhook = self._subscribe(self.operator, ORDER)
        self.receiver.__init__()
        orders = [self._order() for _n in range(3)]
        for what, value in steps:
            if what == "answer":
                self.receiver.steps.append(value)
            elif what == "happen":
                orders[value]._fire("refuse_cancel")
            else:
                self._due(webhook)
                self._deliver(webhook)
        self.receiver.steps.clear()
        for _n in range(4):
            self._due(webhook)
            self._deliver(webhook)
        self.assertNothingLost(webhook)
        self.assertInOrder()

    def assertNothingLost(self, webhook):
        events = self._of(webhook)
        self.assertEqual(set(events.mapped("state")), {"done"})
        taken = [int(event["id"]) for event in self.receiver.taken]
        self.assertEqual(sorted(taken), events.ids, "each once: no answer was lost")

    def assertInOrder(self):
        """No event is tried before all earlier ones of its record are taken."""
        taken = set()
        waiting = {}
        for event in self.receiver.taken:
            waiting.setdefault(event["subject"], []).append(int(event["id"]))
        for numbers in waiting.values():
            self.assertEqual(numbers, sorted(numbers))
        done = {id(event) for event in self.receiver.taken}
        for event in self.receiver.tried:
            number, subject = int(event["id"]), event["subject"]
            earlier = {one for one in waiting[subject] if one < number}
            self.assertLessEqual(earlier, taken)
            if id(event) in done:
                taken.add(number)
