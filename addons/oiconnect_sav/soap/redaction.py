"""Copy of an envelope for the journal: passwords and end customers masked.

Only what the contract declares and does not call secret or personal is kept as it is:
what a partner adds beside it, nobody knows what it holds.
"""

from functools import cache

from lxml import etree

from .contract import ENVELOPE, XSI, Field, Service
from .safe_xml import LIMITS, Limits, UnsafeXml, local_name, parse

MASK = "•••"
#: elements of SOAP and of faults, whose texts are ours or the partner's machine's
_PLAIN = frozenset({"faultcode", "faultstring", "faultactor", "message"})


def redacted(
    content: bytes, service: Service, content_type: str = "", limits: Limits = LIMITS
) -> str:
    """Return the envelope with masked texts, or what it was if it cannot be read."""
    try:
        root = parse(content, content_type, limits)
    except UnsafeXml as error:
        return f"{len(content)} bytes that cannot be read: {error}"
    shown = _shown(service)
    for element in root.iter(etree.Element):
        _redact(element, shown)
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")


def _redact(element, shown: frozenset[str]):
    if element.text and element.text.strip():
        if local_name(element).casefold() not in shown:
            element.text = MASK
    if element.tail and element.tail.strip():
        element.tail = MASK
    for name in element.attrib:
        namespace = etree.QName(name).namespace
        local = etree.QName(name).localname.casefold()
        if namespace not in (XSI, ENVELOPE) and local not in shown:
            element.set(name, MASK)


@cache
def _shown(service: Service) -> frozenset[str]:
    """Return the names, in lower case, of elements that are shown everywhere."""
    roots = [service.unread_fault, *([service.header] if service.header else [])]
    for operation in service.operations:
        roots += [operation.request, operation.response, *operation.faults]
    names, hidden = set(_PLAIN), set()
    for field in _walk(roots):
        kept = not (field.secret or field.customer)
        (names if kept else hidden).add(field.name.casefold())
    return frozenset(names - hidden)


def _walk(fields) -> list[Field]:
    found, waiting = [], list(fields)
    while waiting:
        field = waiting.pop()
        found.append(field)
        waiting += field.children
    return found
