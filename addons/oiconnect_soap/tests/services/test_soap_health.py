from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from odoo import fields
from odoo.tests.common import tagged

from .partner import NotificationCase


@tagged("post_install", "-at_install")
class TestSoapHealth(NotificationCase):
    """Monitoring reports the operators that receive no notification."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.health = cls.env["oiconnect.health"]
        cls.env["oiconnect.event"].search([("state", "=", "pending")]).state = "done"

    def _ago(self, event, minutes):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oiconnect_event SET create_date = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(minutes=minutes), event.id),
        )
        self.env.invalidate_all()

    def _status(self, name):
        self.env.flush_all()
        return self.health._health()[name]["status"]

    def _figures(self):
        self.env.flush_all()
        text = self.health._figures_text().decode()
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def test_a_message_that_no_server_takes(self):
        event = self._event(self._started())
        self._ago(event, 29)
        self.assertEqual(self._status("notifications"), "ok")
        self._ago(event, 31)
        self.assertEqual(self._status("notifications"), "alert")
        self.assertEqual(self._status("messages"), "ok", "no file waits")
        self._notify()
        self.assertEqual(self._status("notifications"), "ok")

    def test_a_message_without_connection_waits_for_a_person(self):
        self.account.active = False
        event = self._event(self._started())
        self._wake()
        self._ago(event, 60)
        self.assertEqual(self._status("notifications"), "ok")

    def test_an_operator_that_refuses_us(self):
        self.assertEqual(self._status("stopped_services"), "ok")
        self._started()
        self.partner.steps.append(-12)
        self._notify()
        self.assertEqual(self._status("stopped_services"), "alert")
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("oiconnect_interop.health_stopped_services", "1")
        self.assertEqual(self._status("stopped_services"), "ok")

    def test_figures_tell_what_waits_and_who_fails(self):
        code = self.operator.interop_code
        account = (self.health._account_key(self.account), code)
        self._started()
        found = self._figures()
        self.assertEqual(
            found["oiconnect_notifications_waiting", "SAV_SOLVING", code], 1
        )
        self.assertNotIn(("oiconnect_messages_waiting", "SAV_SOLVING", code), found)
        self.partner.steps.append(14)
        self._notify()
        self.assertEqual(self._figures()["oiconnect_service_failures", *account], 1)
        self.account.next_try_date = False
        self.partner.steps.append(15)
        self._notify()
        self.assertEqual(self._figures()["oiconnect_service_stopped", *account], 1)
        self.account.remote_password = "un autre"
        self.partner.steps.append(13)
        self._notify()
        found = self._figures()
        self.assertEqual(found["oiconnect_service_stopped", *account], 0)
        self.assertEqual(
            found["oiconnect_notifications_in_error", "SAV_SOLVING", code], 1
        )
