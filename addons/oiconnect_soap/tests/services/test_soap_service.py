from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests.common import new_test_user, tagged

from odoo.addons.oiconnect_interop.transport.http_client import CallError

from ...soap import SERVICES
from .partner import NotificationCase


@tagged("post_install", "-at_install")
class TestSoapService(NotificationCase):
    """API Interop: each service that is exposed or called, and how it does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.services = cls.env["oiconnect.soap.service"]
        cls.called = cls.env.ref("oiconnect_soap.soap_service_notification")
        cls.env["oiconnect.soap.call"].search([]).unlink()

    def test_all_services_are_there_with_their_address(self):
        exposed = self.services.search([("direction", "=", "exposed")])
        self.assertEqual(set(exposed.mapped("service")), set(SERVICES))
        for service in exposed:
            path = SERVICES[service.service].path
            self.assertTrue(service.path.endswith(path), service.path)
        self.assertEqual(self.called.service, "sav")
        self.assertFalse(self.called.path, "each operator has its own")

    def test_a_service_tells_how_it_does(self):
        self.assertEqual((self.called.health, self.called.call_count), ("never", 0))
        ticket = self._started()
        self._notify()
        self.assertEqual(
            (self.called.health, self.called.call_count, self.called.failed_count),
            ("good", 1, 0),
        )
        self.assertTrue(self.called.last_call_date)
        self.assertEqual(self.called.call_ids, self._calls())
        ticket._fire("progress")
        self.partner.steps.append(CallError("timeout"))
        self._notify()
        self.assertEqual(
            (self.called.health, self.called.call_count, self.called.failed_count),
            ("warning", 2, 1),
        )
        exposed = self.env.ref("oiconnect_soap.soap_service_sav")
        self.assertEqual(exposed.health, "never")

    def test_the_day_before_counts_no_more(self):
        self._started()
        self._notify()
        yesterday = fields.Datetime.now() - timedelta(hours=25)
        self._calls().date = yesterday
        self.env.flush_all()
        self.called.invalidate_recordset()
        self.assertEqual((self.called.health, self.called.call_count), ("good", 0))

    def test_an_administrator_of_the_api_takes_a_service_out(self):
        sav = self.env.ref("oiconnect_soap.soap_service_sav")
        reader, manager = (
            new_test_user(self.env, f"api_{level}", f"oiconnect_base.group_api_{level}")
            for level in ("read", "manager")
        )
        with self.assertRaises(AccessError):
            sav.with_user(reader).is_active = False
        self.assertTrue(self.services._is_in_service("sav"))
        sav.with_user(manager).is_active = False
        self.assertFalse(self.services._is_in_service("sav"))
        self.assertTrue(self.services._is_in_service("sav", "called"))
        with self.assertRaises(AccessError):
            sav.with_user(manager).service = "works"
        outsider = new_test_user(
            self.env, "api_none", "oiconnect_base.group_access_read"
        )
        with self.assertRaises(AccessError):
            sav.with_user(outsider).read(["name"])

    def test_calls_of_a_service_and_of_a_ticket_are_shown(self):
        ticket = self._started()
        self._notify()
        calls = self.env["oiconnect.soap.call"]
        for action in (
            self.called.action_view_calls(),
            ticket.action_view_soap_calls(),
        ):
            self.assertEqual(calls.search(action["domain"]), self._calls())
