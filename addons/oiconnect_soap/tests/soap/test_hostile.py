"""Envelopes that no partner should send: one declared fault, and nothing else."""

import random
import tracemalloc
import unittest
from copy import deepcopy
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ...soap import (
    SERVICES,
    Limits,
    SoapFault,
    fault,
    read_reply,
    read_request,
    redacted,
    safe_xml,
)
from ...soap.contract import XSI
from ...soap.safe_xml import UnsafeXml, parse
from ...soap.services import sav
from .soap_common import envelope, envelopes, invalid

SAV = SERVICES["sav"]
CREATE = envelope("sav/create").decode()
NAMES = [name for key in SERVICES for name in envelopes(key)]
PIECES = [
    b"<",
    b">",
    b"</",
    b'"',
    b"&",
    b"]]>",
    b"<!--",
    b"<?",
    b"\0",
    b"\xff",
    b"xmlns",
]


def with_doctype(subset):
    return CREATE.replace("?>", f"?>\n<!-- c --><?p i?><!DOCTYPE x {subset}>", 1)


BOMB = "".join(f'<!ENTITY a{rank} "{f"&a{rank - 1};" * 10}">' for rank in range(1, 10))
REFUSED = {
    "doctype": with_doctype('SYSTEM "http://example.org/x.dtd"'),
    "external entity": with_doctype('[<!ENTITY e SYSTEM "file:///etc/passwd">]'),
    "entity bomb": with_doctype(f'[<!ENTITY a0 "ha">{BOMB}]'),
    "undeclared entity": CREATE.replace("DUPONT", "&nbsp;"),
    "truncated": CREATE[:900],
    "twice": CREATE + CREATE,
    "NUL": CREATE.replace("DUPONT", "\0"),
    "SOAP 1.2": CREATE.replace(
        "http://schemas.xmlsoap.org/soap/envelope/",
        "http://www.w3.org/2003/05/soap-envelope",
    ),
    "no envelope": "<html><body>hello</body></html>",
    "nothing": "",
    "blanks": " \n\t",
    "no body": CREATE.replace("soapenv:Body", "soapenv:Corps"),
    "two operations": CREATE.replace("</soapenv:Body>", "<x/></soapenv:Body>"),
    "unknown operation": CREATE.replace("createTroubleTicketByValueRequest", "x"),
    "answer sent as a request": CREATE.replace("ByValueRequest", "ByValueResponse"),
    "encoding": CREATE.replace("UTF-8", "UTF-7"),
    "deep": CREATE.replace("DUPONT", "<a>" * 30 + "</a>" * 30),
    "very deep": "<a>" * 300_000,
    "wide": CREATE.replace("DUPONT", "<a/>" * 6000),
    "attributes": CREATE.replace(
        "<f:customerLastName",
        "<f:customerLastName " + " ".join(f'a{rank}="x"' for rank in range(30)),
    ),
    "long attribute": CREATE.replace(
        "<f:customerLastName", f'<f:customerLastName a="{"x" * 3000}"'
    ),
    # Within the limit of size, each was slow once
    "tag of attributes": "<a " + " ".join(f"a{rank}='>'" for rank in range(90_000)),
    "tag of namespaces": "<a "
    + " ".join(f"xmlns:a{rank}='b'" for rank in range(50_000)),
    "many namespaces": "<a>"
    + "".join(f"<a xmlns:a{rank}='b'/>" for rank in range(900)),
    "blanks before the root": " " * 1_000_000,
    "blanks in the declaration": "<?xml " + " " * 1_000_000,
    "comments before the root": "<!---->" * 140_000,
    "open instructions": "<?a" * 300_000,
    "references": "<a>" + "&#65;" * 200_000,
    "large": CREATE.replace("DUPONT", "x" * 2_000_000),
}
MARK = b"\xef\xbb\xbf"
HIDDEN = with_doctype(f'[<!ENTITY a0 "ha">{BOMB}]').encode()
WITHOUT = HIDDEN.split(b"?>", 1)[1]
REFUSED_BYTES = {
    "two byte order marks": MARK * 2 + HIDDEN,
    "two byte order marks and no declaration": MARK * 2 + WITHOUT,
    "a byte order mark after the declaration": HIDDEN.replace(b"?>", b"?>" + MARK, 1),
    "a mark within blanks": b" \n" + MARK + WITHOUT,
    "a mark as a reference": b"&#xFEFF;" + WITHOUT,
    "three marks and a good envelope": MARK * 3 + CREATE.encode(),
    "broken UTF-8": CREATE.encode().replace(b"DUPONT", b"DUPR\xc9"),
    "UTF-16": CREATE.replace("UTF-8", "UTF-16").encode("utf-16"),
    "noise": random.Random(1).randbytes(5000),
}


class TestRefused(unittest.TestCase):
    def test_each_is_answered_by_a_fault(self):
        texts = {name: text.encode() for name, text in REFUSED.items()}
        for name, content in {**texts, **REFUSED_BYTES}.items():
            with self.subTest(name), self.assertRaises(SoapFault) as caught:
                read_request(content, SAV)
            self.assertEqual(caught.exception.code, 22)
            self.assertEqual(invalid(fault(SAV, caught.exception), SAV), [])

    @settings(max_examples=300, deadline=None)
    @given(
        st.lists(
            st.sampled_from(
                [MARK, b" ", b"\n", b"<!-- c -->", b"<?p i?>", b"\xc2\xa0", b"\0"]
            ),
            max_size=5,
        ),
        st.booleans(),
    )
    def test_nothing_before_it_hides_a_document_type(self, before, is_declared):
        """Whatever stands before: no text with a DOCTYPE is ever taken."""
        declared = b'<?xml version="1.0" encoding="UTF-8"?>' if is_declared else b""
        beginning = b"".join(before)
        for content in (declared + beginning + WITHOUT, beginning + declared + WITHOUT):
            with self.assertRaises(UnsafeXml):
                parse(content)

    def test_what_the_parser_finds_of_a_subset_is_refused(self):
        with (
            patch.object(safe_xml, "_check_beginning"),
            self.assertRaisesRegex(UnsafeXml, "document type"),
        ):
            parse(HIDDEN)

    def test_nothing_of_it_is_stored_in_the_journal(self):
        for name, text in REFUSED.items():
            with self.subTest(name):
                copy = redacted(text.encode(), SAV)
                self.assertNotIn("demo-ocaa", copy)
                self.assertNotIn("DUPONT", copy)

    def test_the_charset_of_the_request_counts_where_none_is_declared(self):
        text = CREATE.split("?>", 1)[1].replace("DUPONT", "DUPRÉ")
        for charset in ("ISO-8859-1", "utf-8"):
            content_type = f'text/xml; charset="{charset}"'
            read = read_request(text.encode(charset), SAV, content_type)
            self.assertEqual(read.payload["ticket"]["customer_name"], "DUPRÉ")

    def test_a_namespace_of_another_form_is_not_answered_with(self):
        for namespace in ("urn:x", "relative", sav.VALUE + "?x"):
            read = read_request(CREATE.replace(sav.VALUE, namespace).encode(), SAV)
            self.assertEqual(read.value_namespace, sav.VALUE, namespace)
        without = CREATE.replace("<f:", "<").replace("</f:", "</")
        read = read_request(without.encode(), SAV)
        self.assertEqual(read.value_namespace, sav.VALUE)
        self.assertEqual(read.payload["ticket"]["oc_key"], "OC-SIG-42")

    def test_a_message_may_speak_of_document_types(self):
        text = CREATE.replace("DUPONT", "<![CDATA[<!DOCTYPE x>]]>")
        read = read_request(text.encode(), SAV)
        self.assertEqual(read.payload["ticket"]["customer_name"], "<!DOCTYPE x>")

    def test_memory_is_bounded_by_the_limit_of_size(self):
        limits = Limits(size=200_000)
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        content = b"<a b='c'>" * 10_000_000
        before = tracemalloc.get_traced_memory()[0]
        with self.assertRaises(SoapFault):
            read_request(content, SAV, limits=limits)
        self.assertLess(tracemalloc.get_traced_memory()[1] - before, 1_000_000)


class TestMutations(unittest.TestCase):
    def _read(self, service, content, secret=True, **options):
        """Read and copy; ``secret`` where the password is still in its place."""
        copy = redacted(content, service)
        if secret:
            self.assertNotIn("demo-ocaa", copy)
        try:
            read = read_request(content, service, **options)
        except SoapFault as failure:
            self.assertEqual(invalid(fault(service, failure), service), [])
        else:
            self.assertTrue(all(problem.label for problem in read.problems))

    @settings(max_examples=300)
    @given(
        st.sampled_from(NAMES),
        st.lists(
            st.tuples(
                st.integers(0, 5000),
                st.integers(0, 40),
                st.one_of(
                    st.sampled_from(PIECES),
                    st.binary(max_size=6),
                    st.text(max_size=6).map(
                        lambda text: text.encode("utf-8", "surrogatepass")
                    ),
                ),
            ),
            min_size=1,
            max_size=4,
        ),
    )
    def test_a_cut_or_stuffed_envelope(self, name, changes):
        content = envelope(name)
        for place, length, piece in changes:
            start = place % len(content)
            content = content[:start] + piece + content[start + length :]
        self._read(SERVICES[name.split("/")[0]], content, secret=False)

    @settings(max_examples=300)
    @given(st.sampled_from(NAMES), st.randoms(use_true_random=False))
    def test_elements_moved_doubled_dropped_and_renamed(self, name, chance):
        root = etree.fromstring(envelope(name))
        for _change in range(chance.randint(1, 4)):
            nodes = list(root.iter(etree.Element))
            node, other = chance.choice(nodes), chance.choice(nodes)
            kind = chance.randrange(5)
            if kind == 0 and node is not root:
                node.getparent().remove(node)
            elif kind == 1:
                other.append(deepcopy(node))
            elif kind == 2:
                node.tag = other.tag
            elif kind == 3:
                node.text, other.text = other.text, node.text
            else:
                node.set(f"{{{XSI}}}nil", chance.choice(["true", "0", "x"]))
        self._read(SERVICES[name.split("/")[0]], etree.tostring(root), secret=False)

    @settings(max_examples=200)
    @given(
        st.sampled_from(envelopes("replies")),
        st.integers(0, 3000),
        st.integers(0, 60),
        st.one_of(st.sampled_from(PIECES), st.binary(max_size=300)),
    )
    def test_a_broken_answer_of_a_partner(self, name, place, length, piece):
        content = envelope(name)
        content = content[:place] + piece + content[place + length :]
        try:
            reply = read_reply(content, SAV, sav.SET)
        except SoapFault as failure:
            self.assertEqual(failure.code, 22)
        else:
            self.assertIsInstance(reply.label, str)

    @settings(max_examples=100)
    @given(st.binary(max_size=300), st.text(max_size=30), st.text(max_size=30))
    def test_any_bytes_and_headers(self, content, content_type, action):
        options = {"content_type": content_type, "action": action}
        for service in SERVICES.values():
            self._read(service, content, **options)
        self._read(SAV, envelope("sav/create"), **options)

    @settings(max_examples=300)
    @given(st.sampled_from(NAMES), st.randoms(use_true_random=False), st.text())
    def test_any_text_in_any_place(self, name, chance, text):
        content = envelope(name)
        if name.endswith("latin1"):
            content = (
                content.decode("iso-8859-1").encode().replace(b"ISO-8859-1", b"utf-8")
            )
        parts = content.split(b">")
        rank = chance.randrange(len(parts))
        written = text.encode("utf-8", "ignore").replace(b"&", b"&amp;")
        parts[rank] = written.replace(b"<", b"&lt;") + parts[rank]
        self._read(SERVICES[name.split("/")[0]], b">".join(parts))
