from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests.common import freeze_time, tagged

from odoo.addons.oiconnect_interop.transport.http_client import CallError

from .webhook_common import DOWN, ORDER, STUDIED, WebhookCase, wait_of

NOON = fields.Datetime.to_datetime("2026-11-23 12:00:00")


@tagged("post_install", "-at_install")
class TestWebhookDelivery(WebhookCase):
    """Taken once it is said so; tried again in order; given up in the end."""

    def setUp(self):
        super().setUp()
        self.order = self._order()
        self.env.flush_all()

    def _states(self):
        return self._of().mapped("state")

    # ------------------------------------------------------------------
    # As it should
    # ------------------------------------------------------------------

    def test_an_event_says_the_same_each_time_that_it_is_sent(self):
        self.receiver.steps.extend([500, DOWN])
        for _n in range(3):
            self._due()
            self._deliver()
        first = self._of()[0]
        tries = [one for one in self.receiver.tried if one["id"] == str(first.id)]
        self.assertEqual(len(tries), 3)
        self.assertEqual(tries[0], tries[2])
        self.assertEqual(self._states(), ["done"] * len(STUDIED))

    def test_the_envelope_is_that_of_cloudevents(self):
        self._deliver()
        event = self.receiver.taken[0]
        self.assertEqual(
            list(event),
            "specversion id source type subject time datacontenttype data".split(),
        )
        self.assertEqual(event["specversion"], "1.0")
        self.assertEqual(event["source"], "urn:oiconnect:OITO")
        self.assertEqual(event["subject"], f"access_order/{self.order.id}")
        self.assertRegex(event["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        _url, _body, headers, seconds, _check = self.receiver.posted[0]
        self.assertTrue(
            headers["Content-Type"].startswith("application/cloudevents+json")
        )
        self.assertEqual(seconds, 10)

    def test_each_try_is_in_the_journal(self):
        self.receiver.steps.append(503)
        self._deliver()
        self._due()
        self._deliver()
        tries = self.env["oiconnect.webhook.delivery"].search(
            [("event_id", "=", self._of()[0].id)], order="id"
        )
        self.assertEqual(tries.mapped("status"), [503, 200])
        self.assertEqual(tries.mapped("attempt"), [1, 2])
        self.assertEqual(tries.mapped("is_failed"), [True, False])
        self.assertIn("503", tries[0].error)
        self.assertEqual(tries[1].answer, "merci")

    def test_a_receiver_that_repeats_our_secret_is_masked(self):
        [(_name, secret)] = self.webhook._keys()
        self.receiver.answer = f"signed with {secret}!\0".encode()
        self._deliver()
        line = self.env["oiconnect.webhook.delivery"].search([], limit=1)
        self.assertEqual(line.answer, "signed with •••!")

    # ------------------------------------------------------------------
    # Order and back-off
    # ------------------------------------------------------------------

    def test_an_event_that_fails_keeps_those_of_its_record_only(self):
        other = self._order()
        ill = f"access_order/{self.order.id}"
        self.receiver.fails = lambda event: event["subject"] == ill
        self._deliver()
        self.assertEqual(
            [event["subject"] for event in self.receiver.taken],
            [f"access_order/{other.id}"] * len(self._about(other)),
        )
        self.assertEqual(
            [event["type"] for event in self.receiver.tried if event["subject"] == ill],
            ["oiconnect.access_order.create"],
        )
        self.receiver.fails = lambda event: False
        self._due()
        self._deliver()
        self.assertEqual(set(self._states()), {"done"})

    def test_waits_double_from_half_a_minute_to_an_hour(self):
        now, waits = NOON, []
        for _n in range(10):
            self.receiver.steps.append(DOWN)
            with freeze_time(now):
                self.webhook.next_try_date = False
                first = self._of()[0]
                first.next_try_date = now
                self._deliver()
                waits.append((first.next_try_date - now).total_seconds())
            now += timedelta(seconds=waits[-1])
        self.assertEqual(waits, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])

    def test_a_receiver_that_is_down_is_left_alone(self):
        for _n in range(5):
            self._order()
        self.receiver.fails = lambda event: True
        self._deliver()
        self.assertEqual(len(self.receiver.tried), 2, "the second one says it is down")
        self.assertAlmostEqual(wait_of(self._planned()), 30, delta=1)
        for _n in range(10):
            self.webhook.next_try_date = False
            self._deliver()
        self.assertLessEqual(len(self.receiver.tried), 12, "one try each time")

    def test_an_event_that_fails_alone_does_not_delay_a_new_one(self):
        ill = f"access_order/{self.order.id}"
        self.receiver.fails = lambda event: event["subject"] == ill
        for _n in range(8):
            self._due()
            self._deliver()
        other = self._order()
        self._deliver()
        self.assertEqual(len(self.receiver.taken), len(self._about(other)))

    def test_the_person_in_charge_is_notified_of_a_receiver_that_is_down(self):
        self.receiver.fails = lambda event: True
        for _n in range(5):
            self.assertFalse(self.webhook.activity_ids)
            self._due()
            self._deliver()
        [task] = self.webhook.activity_ids
        self.assertIn("500", task.summary)
        self.receiver.fails = lambda event: False
        self._due()
        self._deliver()
        self.assertFalse(self.webhook.activity_ids)
        self.assertFalse(self.webhook.last_error)

    # ------------------------------------------------------------------
    # The end
    # ------------------------------------------------------------------

    def _give_up(self, *, others=True):
        """Let the first event fail until it is given up; others are taken or not."""
        first = self._of()[0]
        self.receiver.fails = lambda event: event["id"] == str(first.id)
        with freeze_time(NOON):
            self._due()
            self._deliver()
            if others:
                self._order()
                self._due()
                self._deliver()
        with freeze_time(NOON + timedelta(hours=73)):
            self._due()
            self._deliver()
        return first

    def test_an_event_given_up_is_a_task_and_the_next_one_goes(self):
        first = self._give_up()
        self.assertEqual(first.state, "error")
        self.assertEqual(set((self._of() - first).mapped("state")), {"done"})
        self.assertFalse(self.webhook.is_stopped)
        self.env.cr.precommit.run()
        todo = self.env["oiconnect.todo"].search(
            [("res_model", "=", "oiconnect.event"), ("state", "=", "open")]
        )
        self.assertIn(first.id, todo.mapped("res_id"))
        self.receiver.fails = lambda event: False
        self.webhook.action_send_errors_again()
        self._deliver()
        self.assertEqual(first.state, "done")
        self.env.cr.precommit.run()
        open_ids = todo.filtered(lambda one: one.state == "open").mapped("res_id")
        self.assertNotIn(first.id, open_ids)

    def test_where_nothing_is_taken_the_receiver_is_stopped_and_all_wait(self):
        first = self._give_up(others=False)
        self.assertEqual(first.state, "error")
        self.assertTrue(self.webhook.is_stopped)
        self.assertTrue(self.webhook.activity_ids)
        self._order()
        count = len(self.receiver.tried)
        self._due()
        self._deliver()
        self.assertEqual(len(self.receiver.tried), count)
        self.assertEqual(set((self._of() - first).mapped("state")), {"pending"})
        self.receiver.fails = lambda event: False
        self.webhook.action_resume()
        self._deliver()
        self.assertEqual(set((self._of() - first).mapped("state")), {"done"})
        self.assertFalse(self.webhook.activity_ids)

    def test_one_event_is_sent_again_by_hand(self):
        self._deliver()
        first = self._of()[0]
        first.action_send_again()
        self._deliver()
        self.assertEqual(self.receiver.taken[-1]["id"], str(first.id))
        with self.assertRaises(UserError):
            self._order()
            self._of()[-1].action_send_again()

    def test_all_is_replayed_from_a_date_in_its_order_with_the_same_ids(self):
        self._deliver()
        first = [event["id"] for event in self.receiver.taken]
        wizard = self.env["oiconnect.webhook.replay"].create(
            {"webhook_id": self.webhook.id, "since": self._of()[0].create_date}
        )
        wizard.action_replay()
        self._deliver()
        again = [event["id"] for event in self.receiver.taken][len(first) :]
        self.assertEqual(again, first)
        wizard.since = fields.Datetime.now() + timedelta(days=1)
        with self.assertRaises(UserError):
            wizard.action_replay()

    def test_an_archived_receiver_hears_nothing_and_a_replay_tells_it(self):
        self.webhook.active = False
        self.assertEqual(self._states(), ["skipped"] * len(STUDIED))
        self._order()
        self.assertEqual(len(self._of()), len(STUDIED))
        self.webhook.active = True
        self._deliver()
        self.assertFalse(self.receiver.tried)
        self.events._replay(self.webhook, self._of()[0].create_date)
        self._deliver()
        self.assertEqual(len(self.receiver.taken), len(STUDIED))

    def test_old_events_are_erased_those_given_up_are_not(self):
        first = self._give_up()
        count = len(self._of())
        tries = self.env["oiconnect.webhook.delivery"]
        for erase in (self.events._cron_erase_delivered, tries._cron_erase):
            self._run("2027-02-20 03:00:00", erase)
        self.assertEqual(self._of(), first)
        self.assertGreater(count, 1)
        domain = [("webhook_id", "=", self.webhook.id)]
        self.assertFalse(tries.search(domain))

    # ------------------------------------------------------------------
    # Whom it concerns
    # ------------------------------------------------------------------

    def test_another_receiver_does_not_notice(self):
        ours = self._subscribe(self.env["oiconnect.operator"], ORDER)
        self._order()
        self.receiver.fails = lambda event: True
        self._deliver()
        self.receiver.fails = lambda event: False
        self._deliver(ours)
        self.assertEqual(set(self._of(ours).mapped("state")), {"done"})
        self.assertEqual(set(self._of().mapped("state")), {"pending"})

    def test_the_scheduled_action_plans_one_job_a_receiver(self):
        ours = self._subscribe(self.env["oiconnect.operator"], ORDER)
        self._order()
        self.env.flush_all()
        self._planned()
        for _n in range(2):
            self._run(NOON, self.env["oiconnect.webhook"]._cron_deliver)
        for webhook in (self.webhook, ours):
            self.assertEqual(len(self._planned(webhook)), 1)

    def test_without_a_secret_events_wait(self):
        bare = self._subscribe(self.operator, ORDER, secret=False)
        self._order()
        self._deliver(bare)
        self.assertEqual(set(self._of(bare).mapped("state")), {"pending"})
        shown = bare.action_test()
        self.assertEqual(shown["params"]["type"], "danger")
        bare.action_new_secret()
        self._deliver(bare)
        self.assertEqual(set(self._of(bare).mapped("state")), {"done"})

    def test_a_test_event_tells_nothing_and_says_what_happens(self):
        self.receiver.steps.append(404)
        shown = self.webhook.action_test()["params"]
        self.assertEqual(shown["type"], "danger")
        self.assertIn("404", shown["message"])
        self.receiver.steps.append(204)
        shown = self.webhook.action_test()["params"]
        self.assertEqual(shown["type"], "success")
        event = self.receiver.taken[-1]
        self.assertEqual(event["type"], "oiconnect.webhook.test")
        self.assertEqual(event["data"], {"event": "test"})

    # ------------------------------------------------------------------
    # Where
    # ------------------------------------------------------------------

    def test_an_address_is_public_and_by_https(self):
        for url in (
            "http://systeme.oct1.invalid/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest/",
            "https://user:secret@systeme.oct1.invalid/",
            "ftp://systeme.oct1.invalid/",
            "javascript:alert(1)",
        ):
            with self.subTest(url), self.assertRaises(ValidationError) as caught:
                self.webhook.url = url
            self.assertNotIn("secret", str(caught.exception))
        allowed = self.env["ir.config_parameter"]
        allowed.set_param("oiconnect_interop.webhook_private", "True")
        self.webhook.url = "http://10.1.2.3/"
        with self.assertRaises(ValidationError):
            self.webhook.url = "http://169.254.169.254/"
        # Once it is not allowed any more, nothing leaves.
        allowed.set_param("oiconnect_interop.webhook_private", False)
        self._deliver()
        self.assertFalse(self.receiver.tried)
        self.assertIn("private network", self.webhook.last_error)

    def test_a_name_that_leads_to_a_private_address_is_a_failure(self):
        self.receiver.steps.append(CallError("private", "10.0.0.1"))
        self._deliver()
        self.assertEqual(self._of()[0].state, "pending")
        check = self.receiver.posted[0][4]
        with self.assertRaises(CallError):
            check("10.0.0.1")
