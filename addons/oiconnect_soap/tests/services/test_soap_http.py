import re
from unittest.mock import patch

from lxml import etree
from psycopg2 import InterfaceError, OperationalError

from odoo.exceptions import ConcurrencyError
from odoo.tests.common import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_orders.tests.common import make_network, make_operator

from ...soap import CONTENT_TYPE, SERVICES, read_reply, request
from ...soap.safe_xml import LIMITS
from ...soap.services import sav
from ..soap.soap_common import envelope, invalid

TYPES = sav.SERVICE.operation("getTroubleTicketTypes")
ADDRESS = sav.SERVICE.path


@tagged("post_install", "-at_install")
class TestSoapHttp(HttpCase):
    """Addresses, methods, statuses and sizes: what HTTP adds to a call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network = make_network(cls.env)["network"]
        cls.account = cls.env["oiconnect.soap.account"].create(
            {
                "network_id": cls.network.id,
                "operator_id": make_operator(cls.env, "OCT1").id,
                "login": "oct1",
                "password": "demo-oct1",
            }
        )

    def setUp(self):
        super().setUp()
        header = {"login": "oct1", "password": "demo-oct1"}
        self.body = request(sav.SERVICE, TYPES, {}, header)
        self.env.flush_all()

    def _post(self, data=None, address=ADDRESS, **headers):
        headers.setdefault("Content-Type", CONTENT_TYPE)
        return self.url_open(
            address, data=self.body if data is None else data, headers=headers
        )

    def _request(self, method, address):
        return self.opener.request(method, self.base_url() + address, timeout=12)

    def assertFault(self, response, code, status=500, service=sav.SERVICE):
        self.assertEqual(response.status_code, status)
        self.assertEqual(response.headers["Content-Type"], CONTENT_TYPE)
        self.assertEqual(invalid(response.content, service), [])
        reply = read_reply(response.content, service, service.operations[0])
        self.assertEqual((reply.code, reply.is_fault), (code, True))

    def test_a_call_is_answered(self):
        response = self._post(SOAPAction=f'"{TYPES.name}"')
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], CONTENT_TYPE)
        self.assertEqual(invalid(response.content, sav.SERVICE), [])
        self.assertNotIn("session_id", response.cookies)

    def test_a_slash_at_the_end_is_the_same_address(self):
        self.assertEqual(self._post(address=f"{ADDRESS}/").status_code, 200)

    def test_what_follows_is_by_the_system(self):
        self._post()
        call = self.env["oiconnect.soap.call"].search([], limit=1)
        self.assertEqual(call.account_id, self.account)
        self.assertTrue(call.remote_address)

    def test_every_contract_is_sent_with_its_address_and_schemas(self):
        for service in SERVICES.values():
            seen = set()
            for name in ("wsdl", "WSDL", "wsdl="):
                with self.subTest(f"{service.key}?{name}"):
                    response = self.url_open(f"{service.path}?{name}")
                    self.assertEqual(response.status_code, 200)
                    text = response.content.decode()
                    etree.fromstring(response.content)
                    self.assertIn(f'location="{self.base_url()}{service.path}"', text)
                    self._load_schemas(service, text, seen)

    def _load_schemas(self, service, text, seen):
        """Load what a file links to, to the last one, but for what was ``seen``."""
        for link in set(re.findall(r'schemaLocation="(\?xsd=[^"]+)"', text)) - seen:
            seen.add(link)
            response = self.url_open(service.path + link)
            self.assertEqual(response.status_code, 200, link)
            self._load_schemas(service, response.content.decode(), seen)

    def test_a_schema_that_does_not_exist(self):
        for name in ("x.xsd", "../TroubleTicket.wsdl", "/etc/passwd"):
            response = self.url_open(f"{ADDRESS}?xsd={name}")
            self.assertEqual(response.status_code, 404, name)

    def test_a_service_that_does_not_exist(self):
        for address in ("/oiconnect/soap/sav/9.9", "/oiconnect/soap/x/y/z"):
            self.assertFault(self._post(address=address), 17, 404)
            self.assertFault(self.url_open(address), 17, 404)

    def test_methods_that_are_no_call(self):
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            with self.subTest(method):
                response = self._request(method, ADDRESS)
                self.assertEqual(response.status_code, 405)
                self.assertIn("POST", response.headers["Allow"])
        self.assertEqual(self._request("HEAD", f"{ADDRESS}?wsdl").status_code, 200)
        self.assertEqual(self._request("HEAD", ADDRESS).status_code, 405)

    def test_too_large_a_body(self):
        self.assertFault(self._post(b"<a>" * LIMITS.size), 22, 413)

    def test_too_large_a_body_in_chunks(self):
        chunks = (b"<a>" * 10_000 for _n in range(100))
        self.assertFault(self._post(chunks), 22, 413)

    def test_a_body_in_chunks(self):
        chunks = (self.body[start : start + 7] for start in range(0, len(self.body), 7))
        self.assertEqual(self._post(chunks).status_code, 200)

    @mute_logger("odoo.http")
    def test_a_form_is_no_envelope(self):
        response = self._post(
            b"self=1&path=x", **{"Content-Type": "application/x-www-form-urlencoded"}
        )
        self.assertEqual(response.status_code, 500)
        self.assertEqual(response.headers["Content-Type"], CONTENT_TYPE)

    def test_the_charset_of_the_header_counts(self):
        content = envelope("sav/create_latin1")
        content = content.replace(b"ocaa", b"oct1").split(b"?>", 1)[1]
        content_type = {"Content-Type": "text/xml; charset=ISO-8859-1"}
        self.assertEqual(self._post(content, **content_type).status_code, 200)

    def test_basic_authentication_opens_services_without_login(self):
        service = SERVICES["works"]
        self.opener.auth = ("oct1", "faux")
        response = self._post(envelope("works/by_start"), service.path)
        self.assertFault(response, 12, service=service)

    # ------------------------------------------------------------------
    # Conflicts
    # ------------------------------------------------------------------

    def _overtaken(self, times):
        """Let so many tries of a call meet another transaction."""
        server = self.env.registry["oiconnect.soap.server"]
        serve, bodies = server._serve, []

        def overtaken(records, key, body, *args):
            bodies.append(body)
            if len(bodies) <= times:
                raise ConcurrencyError("overtaken")
            return serve(records, key, body, *args)

        return patch.object(server, "_serve", overtaken), bodies

    @mute_logger("odoo.service.model", "odoo.http")
    def test_a_call_that_is_overtaken_is_tried_again_with_its_body(self):
        overtaken, bodies = self._overtaken(2)
        with overtaken, patch("odoo.service.model.time.sleep"):
            response = self._post()
        self.assertEqual(response.status_code, 200)
        self.assertEqual(bodies, [self.body] * 3)

    @mute_logger("odoo.service.model", "odoo.http")
    def test_a_call_that_is_always_overtaken_hears_that_it_passes(self):
        overtaken, _bodies = self._overtaken(99)
        with overtaken, patch("odoo.service.model.time.sleep"):
            self.assertFault(self._post(), 14)

    @mute_logger("odoo.http")
    def test_a_database_out_of_reach_is_reported_by_20(self):
        server = self.env.registry["oiconnect.soap.server"]
        for kind in (OperationalError, InterfaceError):
            gone = kind("connection already closed, EXEMPLE")
            with self.subTest(kind), patch.object(server, "_serve", side_effect=gone):
                response = self._post()
                self.assertFault(response, 20)
                self.assertNotIn("EXEMPLE", response.text)

    @mute_logger("odoo.http")
    def test_what_fails_around_a_call_is_a_fault_too(self):
        server = self.env.registry["oiconnect.soap.server"]
        with patch.object(server, "_serve", side_effect=ValueError("EXEMPLE")):
            response = self._post()
        self.assertFault(response, 10)
        self.assertNotIn("EXEMPLE", response.text)
