"""The tables of the contract and the published schemas say the same."""

import unittest

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ...soap import SERVICES, schema
from ...soap.codes import LISTS
from ...soap.contract import leaves
from ...soap.services import sav
from ...soap.values import ValueProblem, parse
from .soap_common import OPERATIONS, contract_of

#: declared for OSS/J clients, never used: contract §4
UNUSED = {
    "key",
    "subGraphId",
    "characterizedBy",
    "describedBy",
    "describingSpecificationKey",
    "businessInteractionItemKeys",
    "references",
    "involvedLocations",
    "involvedRoles",
    "businessInteractionState",
    "roleAssignments",
    "troubleTicketItemKeys",
    "applicationContext",
    "applicationDN",
}


class TestPublishedContract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wsdls = {key: contract_of(service) for key, service in SERVICES.items()}

    def _published(self, service, field):
        namespace = field.namespace or service.namespace
        return self.wsdls[service.key].types.get_element(f"{{{namespace}}}{field.name}")

    def test_operations_are_those_of_the_wsdl_in_its_order(self):
        counts = {}
        for key, service in SERVICES.items():
            (published,) = self.wsdls[key].services.values()
            (port,) = published.ports.values()
            names = list(port.binding.all())
            self.assertEqual(names, [op.name for op in service.operations])
            counts[key] = len(names)
        self.assertEqual(
            counts,
            {
                "sav": 13,
                "works": 1,
                "schedule": 4,
                "emutation": 3,
                "vertical_structure": 2,
            },
        )

    def test_every_element_has_the_place_and_occurrence_of_the_schema(self):
        for service, operation in OPERATIONS:
            for field in (operation.request, operation.response):
                self._compare(service, field, self._published(service, field).type)
        for service in SERVICES.values():
            if service.header:
                published = self._published(service, service.header)
                self._compare(service, service.header, published.type)

    def test_every_fault_is_declared(self):
        for service, operation in OPERATIONS:
            for field in (*operation.faults, service.unread_fault):
                published = dict(self._published(service, field).type.elements)
                for child in field.children:
                    self.assertIn(child.name, published)

    def _compare(self, service, field, published):
        children = [child for child in field.children if not child.attribute]
        elements = [
            (name, element)
            for name, element in published.elements
            if name not in UNUSED or name in field.elements
        ]
        self.assertEqual(
            [name for name, _element in elements],
            [child.name for child in children],
            field.name,
        )
        attributes = {child.name for child in field.children if child.attribute}
        self.assertEqual({name for name, _ in published.attributes}, attributes)
        for child, (_name, element) in zip(children, elements, strict=True):
            where = f"{service.key} {field.name}/{child.name}"
            with self.subTest(where):
                self.assertEqual(element.min_occurs, self._least(child))
                self.assertEqual(element.max_occurs != 1, child.many)
                self.assertEqual(element.nillable, child.nillable)
                namespace = etree.QName(element.qname).namespace
                if child.namespace is not None:
                    self.assertEqual(namespace, child.namespace)
                if child.children:
                    self._compare(service, child, element.type)

    @staticmethod
    def _least(field):
        return int(field.required)


class TestTables(unittest.TestCase):
    def test_no_two_fields_of_a_payload_have_one_key(self):
        for _service, operation in OPERATIONS:
            waiting = [operation.request, operation.response]
            while waiting:
                field = waiting.pop()
                waiting += field.children
                keys = [child.key for child in leaves(field)]
                self.assertEqual(len(set(keys)), len(keys), field.name)

    def test_operations_are_found_whatever_their_case(self):
        for service, operation in OPERATIONS:
            self.assertIs(service.operation(operation.name.upper()), operation)
            self.assertIs(service.requested(operation.request.name.lower()), operation)
            self.assertIsNone(service.requested(f"{operation.name}x"))

    def test_services_are_where_the_documents_say(self):
        paths = {
            service.path.removeprefix("/oiconnect/soap/")
            for service in SERVICES.values()
        }
        expected = {
            "sav/3.0",
            "travaux/1.0",
            "plan-de-charge/5.0",
            "emutation/1.2",
            "structure-verticale/1.0",
        }
        self.assertEqual(paths, expected)


class TestSimpleTypes(unittest.TestCase):
    """Values that the schema accepts are accepted by the tables too."""

    def _accepted(self, field, text):
        root = etree.Element(f"{{{sav.TICKET}}}createTroubleTicketByValueRequest")
        value = etree.SubElement(root, f"{{{sav.TICKET}}}troubleTicketValue")
        for name in ("troubleTicketKey", "troubleTicketState"):
            etree.SubElement(value, f"{{{sav.TROUBLE}}}{name}").text = "x"
        block = etree.SubElement(value, f"{{{sav.TROUBLE}}}FTTHMUTTroubleTicket")
        etree.SubElement(block, f"{{{sav.VALUE}}}{field.name}").text = text
        return schema(SERVICES["sav"]).validate(root)

    def _parsed(self, field, text):
        try:
            parse(field, text, LISTS)
        except ValueProblem:
            return False
        return True

    def test_codes_are_those_of_the_schema(self):
        for field in sav.BLOCK:
            for value in LISTS[field.codes] if field.codes else ():
                self.assertTrue(self._accepted(field, value), (field.name, value))
            if field.codes:
                self.assertFalse(self._accepted(field, "ANOTHER"), field.name)

    def test_lengths_are_those_of_the_schema(self):
        for field in sav.BLOCK:
            if field.codes or not field.length:
                continue
            low, high = field.length
            for length in {low, low - 1, high, high + 1} - {-1, 0}:
                text = "é" * length
                with self.subTest(f"{field.name} {length}"):
                    expected = low <= length <= high
                    self.assertEqual(self._accepted(field, text), expected)
                    self.assertEqual(self._parsed(field, text), expected)

    @settings(max_examples=300)
    @given(
        st.sampled_from(sav.BLOCK),
        st.one_of(
            st.text("0123456789-+:.TZPDHMS", min_size=1, max_size=25),
            st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
            st.sampled_from(
                [
                    "true",
                    "0",
                    "P1DT2H",
                    "-PT5M",
                    "PT",
                    "P",
                    "2024-02-30T00:00:00Z",
                    "2024-02-29T10:00:00.5+14:00",
                    "01",
                    "OUI",
                ]
            ),
        ),
    )
    def test_what_the_schema_accepts_is_accepted(self, field, text):
        # Years, months and the hour 24 are allowed by XML Schema, but no partner uses
        # them.
        unused = field.type == "duration" or "T24:" in text or len(text) > 25
        if self._accepted(field, text) and text.strip() and not unused:
            self.assertTrue(self._parsed(field, text.strip()), (field.name, text))
