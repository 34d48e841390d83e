"""Parsing of XML that anybody may have sent: nothing is fetched, expanded or unbounded.

A DOCTYPE is refused before it is parsed, and once more by what the parser found of it:
what comes before it, such as a second byte order mark, may hide it. Size, depth,
elements and attributes are counted while the text is read, so that a hostile text costs
no more than a good one.
"""

import re
from typing import NamedTuple

from lxml import etree

_CHUNK = 16 * 1024
_DECLARATION = re.compile(
    rb"""\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["'][^>]{0,200}\?>""",
    re.ASCII,
)
_ANY_DECLARATION = re.compile(r"\s*<\?xml\s[^>]{0,400}\?>")
_BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.ASCII | re.I)
_ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "us-ascii": "utf-8-sig",
    "ascii": "utf-8-sig",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "latin-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
}


class UnsafeXml(ValueError):
    """A text that is not XML, or not XML that we read."""


class Limits(NamedTuple):
    """Limits of one text; sizes in bytes and characters."""

    size: int = 1024 * 1024
    depth: int = 24
    elements: int = 5000
    attributes: int = 24
    attribute_length: int = 2000
    namespaces: int = 200
    #: bytes without the start or the end of an element
    gap: int = 64 * 1024


LIMITS = Limits()


def parse(content: bytes, content_type: str = "", limits: Limits = LIMITS):
    """Return the root element of ``content``.

    :param content_type: header of the request; its charset counts where the text
        declares no encoding of its own

    Raises ``UnsafeXml``.
    """
    if len(content) > limits.size:
        raise UnsafeXml("too large")
    text = _decode(content, content_type)
    _check_beginning(text)
    parser = etree.XMLPullParser(
        events=("start", "end", "start-ns"),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    counter = _Counter(limits)
    encoded = text.encode()
    try:
        for start in range(0, len(encoded), _CHUNK):
            chunk = encoded[start : start + _CHUNK]
            parser.feed(chunk)
            counter.count(parser.read_events(), len(chunk))
        root = parser.close()
        counter.count(parser.read_events(), 0)
    except etree.LxmlError as error:
        raise UnsafeXml("not well-formed") from error
    return root


def local_name(element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def _decode(content: bytes, content_type: str) -> str:
    """Return the text without its declaration."""
    declared = _DECLARATION.match(content.removeprefix(b"\xef\xbb\xbf"))
    charset = _CHARSET.search(content_type)
    if declared:
        name = declared[1].decode()
    else:
        name = charset[1] if charset else "utf-8"
    encoding = _ENCODINGS.get(name.lower())
    if not encoding:
        raise UnsafeXml("encoding")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnsafeXml("encoding") from error
    declaration = _ANY_DECLARATION.match(text)
    return text[declaration.end() :] if declaration else text


def _check_beginning(text: str):
    """Refuse what does not begin by an element.

    ``utf-8-sig`` takes one byte order mark away, and libxml2 the next one: what comes
    after that one, this module would not have looked at.
    """
    place = _root_place(text)
    if text.startswith("<!", place):
        raise UnsafeXml("document type")
    if not text.startswith("<", place):
        raise UnsafeXml("no element")


def _root_place(text: str) -> int:
    """Return where the first thing begins that is no blank, comment or instruction."""
    place = 0
    while match := _BEFORE_ROOT.match(text, place):
        place = match.end()
    return place


def _check_no_subset(root):
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnsafeXml("document type")


class _Counter:
    """What was read so far.

    The parser compares each attribute of a tag with all others: a tag of 1 MB takes a
    minute. It does so when the tag is whole, which a tag beyond ``gap`` never is.
    """

    def __init__(self, limits: Limits):
        self.limits = limits
        self.depth = self.elements = self.namespaces = self.gap = 0

    def count(self, events, size: int):
        """Count ``events``, which ``size`` more bytes have brought."""
        self.gap += size
        for event, value in events:
            self.gap = 0
            if event == "end":
                self.depth -= 1
            elif event == "start-ns":
                self.namespaces += 1
            else:
                if not self.elements:
                    _check_no_subset(value)
                self.depth += 1
                self.elements += 1
                self._check(value.attrib)
        if self.gap > self.limits.gap:
            raise UnsafeXml("too long element")
        if self.namespaces > self.limits.namespaces:
            raise UnsafeXml("too many namespaces")

    def _check(self, attributes):
        limits = self.limits
        if self.depth > limits.depth or self.elements > limits.elements:
            raise UnsafeXml("too deep or too many elements")
        if len(attributes) > limits.attributes:
            raise UnsafeXml("too many attributes")
        if any(len(value) > limits.attribute_length for value in attributes.values()):
            raise UnsafeXml("too long attribute")
