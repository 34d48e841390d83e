"""The published files, as they are served."""

import unittest
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import zeep
from lxml import etree
from zeep.transports import Transport

from ...soap import SERVICES, document, read_request
from ...soap.documents import FOLDER
from ...soap.services import sav

ADDRESS = 'https://oi.example.org/oiconnect/soap/x?a=1&b="2"'


class Served(Transport):
    """Answer the addresses of one service from its documents, and no other."""

    def __init__(self, service, value_namespace=""):
        super().__init__()
        self.service = service
        self.value_namespace = value_namespace

    def load(self, url):
        parts = urlsplit(url)
        assert parts.netloc == "oi.example.org"
        name = parse_qs(parts.query).get("xsd", [""])[0]
        address = f"https://oi.example.org{self.service.path}"
        return document(self.service, name, address, self.value_namespace).encode()


class TestDocuments(unittest.TestCase):
    def _client(self, service, value_namespace=""):
        url = f"https://oi.example.org{service.path}?wsdl"
        return zeep.Client(url, transport=Served(service, value_namespace))

    def test_a_client_loads_each_contract_from_the_server(self):
        for service in SERVICES.values():
            client = self._client(service)
            for operation in service.operations:
                self.assertTrue(client.service[operation.name])
            options = client.service._binding_options
            self.assertEqual(
                options["address"], f"https://oi.example.org{service.path}"
            )

    def test_both_namespaces_of_the_ticket(self):
        for namespace in (sav.VALUE, sav.VALUE_2):
            client = self._client(sav.SERVICE, namespace)
            found = client.get_type(f"{{{namespace}}}FTTHMUTTroubleTicket")
            self.assertEqual(len(found.elements), 56)

    def test_what_a_client_writes_is_read(self):
        client = self._client(sav.SERVICE)
        block = {"serviceProviderID": "999000029", "escalation": True}
        value = {
            "description": "CASE CREATE REQUEST",
            "troubleTicketKey": zeep.xsd.Nil,
            "troubleTicketState": "QUEUED",
            "FTTHMUTTroubleTicket": block,
        }
        header = {"LoginName": "ocaa", "Password": "demo-ocaa"}
        message = client.create_message(
            client.service,
            "createTroubleTicketByValue",
            troubleTicketValue=value,
            _soapheaders={"parameters": header},
        )
        read = read_request(etree.tostring(message), sav.SERVICE)
        self.assertEqual(read.problems, ())
        self.assertEqual(read.header, {"login": "ocaa", "password": "demo-ocaa"})
        self.assertEqual(read.payload["ticket"]["oc_siren"], "999000029")
        self.assertIs(read.payload["ticket"]["escalation"], True)

    def test_only_our_schemas_are_served(self):
        for name in (
            "../TroubleTicket.wsdl",
            "TroubleTicket.wsdl",
            "x.xsd",
            "/etc/hosts",
        ):
            self.assertIsNone(document(sav.SERVICE, name))
        name = "OSSJ-Common-v1-5.xsd"
        self.assertIsNotNone(document(sav.SERVICE, name))
        self.assertIsNone(document(SERVICES["works"], name))

    def test_any_address_leaves_the_document_well_formed(self):
        for service in SERVICES.values():
            text = document(service, address=ADDRESS)
            root = etree.parse(BytesIO(text.encode())).getroot()
            (found,) = root.iter("{http://schemas.xmlsoap.org/wsdl/soap/}address")
            self.assertEqual(found.get("location"), ADDRESS)

    def test_every_file_is_well_formed_and_used(self):
        files = [path for path in FOLDER.rglob("*") if path.is_file()]
        texts = "".join(path.read_text("utf-8") for path in files)
        contracts = {service.wsdl for service in SERVICES.values()}
        for path in files:
            etree.parse(str(path))
            linked = f'schemaLocation="{path.name}"' in texts
            self.assertTrue(linked or str(path.relative_to(FOLDER)) in contracts)
