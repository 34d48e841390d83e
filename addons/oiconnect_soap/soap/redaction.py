"""Copy of an envelope for the journal: passwords and end customers masked.

Only what the contract declares and does not call secret or personal is left unchanged:
elements that a partner adds are of unknown content.
"""

from functools import cache

from lxml import etree

from .contract import ENVELOPE, XSI, Service
from .safe_xml import LIMITS, Limits, UnsafeXml, local_name, parse

MASK = "•••"
#: element, and one of its children or attributes whose text is shown
Place = tuple[str, str]
_OF_FAULTS = tuple(("fault", name) for name in ("faultcode", "faultstring"))


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


def _redact(element, shown: frozenset[Place]):
    name = local_name(element).casefold()
    parent = element.getparent()
    above = "" if parent is None else local_name(parent).casefold()
    if element.text and element.text.strip() and (above, name) not in shown:
        element.text = MASK
    if element.tail and element.tail.strip():
        element.tail = MASK
    for attribute in element.attrib:
        qualified = etree.QName(attribute)
        place = (name, qualified.localname.casefold())
        if qualified.namespace not in (XSI, ENVELOPE) and place not in shown:
            element.set(attribute, MASK)


@cache
def _shown(service: Service) -> frozenset[Place]:
    """Return the places, in lower case, whose texts are shown."""
    waiting = [service.unread_fault, *([service.header] if service.header else [])]
    for operation in service.operations:
        waiting += [operation.request, operation.response, *operation.faults]
    places, hidden = set(_OF_FAULTS), set()
    while waiting:
        field = waiting.pop()
        waiting += field.children
        for child in field.children:
            place = (field.name.casefold(), child.name.casefold())
            (hidden if child.secret or child.customer else places).add(place)
    return frozenset(places - hidden)
