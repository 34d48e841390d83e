"""Envelopes as no partner should send them: a good one and a few accidents, by a seed.

Plain Python. Nothing is known of a mutant but that it must be answered.
"""

from copy import deepcopy
from random import Random
from xml.sax.saxutils import escape

from lxml import etree

from odoo.addons.oiconnect_interop.tests.exchanges.mutations import VALUES

from ...soap.contract import XSI

PIECES = (
    b"<",
    b">",
    b"</",
    b'"',
    b"&",
    b"&amp;",
    b"&#0;",
    b"&#1114112;",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"<?x ",
    b"<!DOCTYPE x>",
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b" xmlns='urn:x'",
    b"\r\n\t",
)
# What dates, durations, numbers and codes are not, or hardly
TEXTS = (
    *(value for value in VALUES if value.isprintable()),
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30T00:00:00",
    "2026-03-29T02:30:00",
    "P999999999D",
    "-PT1S",
    "9" * 30,
    "1e309",
    "NaN",
    "TRUE",
    "CLOSED",
    "OPENACTIVE",
    "CASE CANCELATION REQUEST",
    "CASE SOLVED NOTIFICATION",
    "ESCALADE",
    "999000011",
)
ENCODINGS = (b"ISO-8859-1", b"US-ASCII", b"UTF-16", b"utf8", b"cp1252", b"EBCDIC", b"")


def mutate(content: bytes, seed: int) -> bytes:
    """Return ``content`` after one to four accidents."""
    random = Random(seed)
    for _n in range(random.randint(1, 4)):
        content = random.choice(ACCIDENTS)(content, random)
    return content


def _place(content: bytes, random: Random) -> int:
    return random.randrange(len(content) + 1)


# ----------------------------------------------------------------------
# Of bytes
# ----------------------------------------------------------------------


def cut(content, random):
    start = _place(content, random)
    return content[:start] + content[start + random.choice((1, 5, 50, 10_000)) :]


def stuffed(content, random):
    start = _place(content, random)
    return content[:start] + random.choice(PIECES) + content[start:]


def flipped(content, random):
    if not content:
        return content
    start = random.randrange(len(content))
    byte = content[start] ^ (1 << random.randrange(8))
    return content[:start] + bytes([byte]) + content[start + 1 :]


def doubled(content, random):
    start, size = _place(content, random), random.choice((5, 100, 2000))
    return content[: start + size] + content[start : start + size] * random.randint(
        1, 4
    )


def other_encoding(content, random):
    return content.replace(b"UTF-8", random.choice(ENCODINGS), 1)


def other_value(content, random):
    """Write something else in an element that has a text."""
    parts = content.split(b">")
    places = [n for n, part in enumerate(parts) if part.partition(b"<")[0].strip()]
    if not places:
        return content
    place = random.choice(places)
    _text, sign, rest = parts[place].partition(b"<")
    text = escape(random.choice(TEXTS)).encode("utf-8", "replace")
    parts[place] = text + sign + rest
    return b">".join(parts)


# ----------------------------------------------------------------------
# Of elements: what is no XML any more stays as it is
# ----------------------------------------------------------------------


def _of_elements(change):
    def changed(content, random):
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            root = etree.fromstring(content, parser)
        except (etree.LxmlError, ValueError):
            return content
        nodes = [node for node in root.iter(etree.Element) if node is not root]
        if nodes:
            change(random.choice(nodes), random.choice(nodes), random)
        return etree.tostring(root)

    return changed


@_of_elements
def dropped(node, _other, _random):
    node.getparent().remove(node)


@_of_elements
def repeated(node, other, _random):
    other.append(deepcopy(node))


@_of_elements
def renamed(node, other, _random):
    node.tag = other.tag


@_of_elements
def swapped(node, other, _random):
    node.text, other.text = other.text, node.text


@_of_elements
def nil(node, _other, random):
    node.set(f"{{{XSI}}}nil", random.choice(("true", "1", "0", "false", "x")))


@_of_elements
def out_of_namespace(node, _other, random):
    name = etree.QName(node).localname
    node.tag = random.choice((name, f"{{urn:x}}{name}", name.upper()))


@_of_elements
def with_attributes(node, _other, random):
    for rank in range(random.choice((1, 3, 30))):
        node.set(f"a{rank}", "x" * random.choice((1, 10, 3000)))


@_of_elements
def long_text(node, _other, random):
    node.text = "é" * random.choice((26, 51, 1025, 70_000))


@_of_elements
def deep(node, _other, random):
    for _n in range(random.choice((1, 5, 40))):
        node = etree.SubElement(node, node.tag)


ACCIDENTS = (
    cut,
    stuffed,
    flipped,
    doubled,
    other_encoding,
    other_value,
    other_value,
    other_value,
    dropped,
    repeated,
    renamed,
    swapped,
    nil,
    out_of_namespace,
    with_attributes,
    long_text,
    deep,
)
