"""Answers to the ten getters of OSS/J, which tell what the service knows [proposed].

Interop'Fibre SAV 3.0, contract §2: no partner was seen to use them, but a generated
client may call any of them.
"""

from typing import Any

from lxml import etree

from . import codes
from .contract import Operation
from .faults import SoapFault
from .services import sav
from .values import Lists

#: lists that concern the booking of visits and other services, not tickets
_TICKET_LISTS = (
    "event",
    "wire_state",
    "type",
    "defect_class",
    "defect",
    "location",
    "responsibility",
    "appointment_mode",
    "message_type",
    "resolution_action",
    "resolution_state",
    "closure_code",
    "gtr_range",
)
_MANAGED_TYPE = "TroubleTicketValue"


def is_metadata(operation: Operation) -> bool:
    """Tell whether ``operation`` is a getter that concerns no ticket."""
    return operation not in (sav.CREATE, sav.SET, sav.GET)


def metadata(operation: Operation, lists: Lists = codes.LISTS) -> dict[str, Any]:
    """Return the payload of the answer to a getter.

    Raises ``SoapFault`` for the properties of an event: there is no event.
    """
    (answered,) = operation.response.children
    if answered.key == "xml":
        return {"xml": lists_as_xml(lists)}
    if answered.key == "descriptor":
        raise SoapFault(codes.UNKNOWN, "eventType", operation, sav.ILLEGAL)
    known = {
        "getManagedEntityTypes": [_MANAGED_TYPE],
        "getTroubleTicketTypes": list(lists["type"]),
    }
    return {answered.key: known.get(operation.name, [])}


def lists_as_xml(lists: Lists = codes.LISTS) -> str:
    """Return a small document with the values of each list of tickets."""
    root = etree.Element("lists")
    for name in _TICKET_LISTS:
        node = etree.SubElement(root, "list", name=name)
        for value in lists[name]:
            etree.SubElement(node, "value").text = value
    return etree.tostring(root, encoding="unicode")
