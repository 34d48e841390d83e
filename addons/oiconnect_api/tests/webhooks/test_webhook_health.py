from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from odoo import fields
from odoo.tests.common import tagged

from .webhook_common import STUDIED, WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookHealth(WebhookCase):
    """Monitoring reports the receivers that get no event."""

    def _check(self, name):
        self.env.flush_all()
        return self.env["oiconnect.health"]._health()[name]

    def test_an_event_that_no_receiver_takes(self):
        self._order()
        self.assertEqual(self._check("webhooks")["status"], "ok")
        self._of().next_try_date = fields.Datetime.now() - timedelta(minutes=61)
        check = self._check("webhooks")
        self.assertEqual((check["status"], check["waiting"]), ("alert", len(STUDIED)))
        self._deliver()
        self.assertEqual(self._check("webhooks")["status"], "ok")

    def test_a_receiver_that_is_stopped(self):
        self.webhook.is_stopped = True
        self._order()
        self._of().next_try_date = fields.Datetime.now() - timedelta(days=2)
        self.assertEqual(self._check("webhooks")["status"], "ok", "it waits for us")
        self.assertEqual(self._check("stopped_webhooks")["status"], "alert")

    def test_figures(self):
        self._order()
        self.receiver.steps.append(500)
        self._deliver()
        self.env.flush_all()
        text = self.env["oiconnect.health"]._figures_text().decode()
        found = {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }
        key = (f"webhook-{self.webhook.id}", "OCT1")
        self.assertEqual(found["oiconnect_webhook_failures", *reversed(key)], 1)
        self.assertEqual(found["oiconnect_webhook_stopped", *reversed(key)], 0)
        kind = ("access_order.create", "OCT1")
        self.assertEqual(found["oiconnect_webhook_events_waiting", *kind], 1)
