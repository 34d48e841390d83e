"""Writing of SOAP 1.1 envelopes that validate against the published contract.

What is written is strict: elements in the order of the contract, prefixes always the
same, values checked. A partner of another version gets the block of Interop'Fibre in
the namespace that it uses.
"""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from . import codes
from .contract import ENVELOPE, XSI, Field, Operation, Service
from .faults import SoapFault
from .services import sav
from .values import Lists, ValueProblem, printable, render

CONTENT_TYPE = "text/xml; charset=utf-8"
_PREFIXES = {
    "tt": sav.TICKET,
    "cbt": sav.TROUBLE,
    "bi": sav.INTERACTION,
    "co": sav.COMMON,
    "h": sav.HEADER,
}
#: return code → exception of OSS/J, where the operation has it (SAV 3.0 §5)
_EXCEPTIONS = {codes.BAD_INTERFACE: sav.ILLEGAL, codes.UNKNOWN: sav.NOT_FOUND}
_CALLER = (codes.NO_SERVICE, codes.BAD_INTERFACE)


class PayloadError(ValueError):
    """A payload that the contract does not allow; ``problems`` maps fields to codes."""

    def __init__(self, problems: dict[str, int]):
        super().__init__(
            ", ".join(f"{name} ({code})" for name, code in problems.items())
        )
        self.problems = problems


def answer(
    service: Service,
    operation: Operation,
    payload: Mapping[str, Any],
    header: Mapping[str, Any] | None = None,
    value_namespace: str = "",
    lists: Lists = codes.LISTS,
) -> bytes:
    """Return the envelope of an answer.

    :param header: payload of the header, for services that answer with one
    :param value_namespace: that of the request, when it is not ours

    Raises ``PayloadError``.
    """
    writer = _Writer(service, value_namespace, lists)
    used = header if service.answered_header else None
    return writer.envelope(used, operation.response, payload)


def http_headers(operation: Operation) -> dict[str, str]:
    """Return the HTTP headers with which a request of ``operation`` is posted."""
    return {
        "Accept": "text/xml",
        "Content-Type": CONTENT_TYPE,
        "SOAPAction": f'"{operation.name}"',
    }


def request(
    service: Service,
    operation: Operation,
    payload: Mapping[str, Any],
    header: Mapping[str, Any] | None = None,
    value_namespace: str = "",
    lists: Lists = codes.LISTS,
) -> bytes:
    """Return the envelope of a request, as an operator or we send it.

    Raises ``PayloadError``.
    """
    writer = _Writer(service, value_namespace, lists)
    return writer.envelope(header, operation.request, payload)


def return_answer(reference: str | None, code: int, field: str = "") -> dict[str, Any]:
    """Return the payload of the answer to a create or a set (SAV 3.0 §5)."""
    return {
        "reference": reference or None,
        "return_code": str(code),
        "return_label": codes.label(code, field),
    }


def fault(service: Service, failure: SoapFault) -> bytes:
    """Return the envelope of a fault, its detail as the contract declares it."""
    detail_field = _detail_of(service, failure)
    child = detail_field.children[0]
    if child.children:
        name = child.name
        payload: dict[str, Any] = {child.key: {"message": str(failure)}}
        if name == sav.RESYNC:
            entity = {"type": "TroubleTicketValue", "reference": failure.field}
            payload[child.key]["entity"] = entity
    else:
        name = failure.label
        payload = {"code": failure.code, "label": failure.label}
    writer = _Writer(service, "", codes.LISTS)
    return writer.fault(failure, name, detail_field, payload)


def _detail_of(service: Service, failure: SoapFault) -> Field:
    """Return the detail element that reports the failure."""
    if not failure.operation:
        return service.unread_fault
    wanted = failure.element or _EXCEPTIONS.get(failure.code)
    faults = failure.operation.faults
    for field in faults:
        if wanted and wanted in (field.name, field.children[0].name):
            return field
    return faults[0]


class _Writer:
    """Build elements along the fields of a contract."""

    def __init__(self, service: Service, value_namespace: str, lists: Lists):
        self.service = service
        self.value_namespace = value_namespace or service.value_namespace
        self.lists = lists
        self.problems: dict[str, int] = {}

    def envelope(self, header, field: Field, payload) -> bytes:
        root, body = self._envelope()
        if header is not None and self.service.header:
            self._message(root[0], self.service.header, header)
        self._message(body, field, payload)
        return self._bytes(root)

    def fault(self, failure: SoapFault, name: str, field: Field, payload) -> bytes:
        root, body = self._envelope()
        node = etree.SubElement(body, f"{{{ENVELOPE}}}Fault")
        side = "Client" if failure.code in _CALLER else "Server"
        etree.SubElement(node, "faultcode").text = f"soapenv:{side}"
        etree.SubElement(node, "faultstring").text = printable(name)
        detail = etree.SubElement(node, "detail")
        self._message(detail, field, payload)
        return self._bytes(root)

    def _envelope(self):
        names = {"soapenv": ENVELOPE, "xsi": XSI}
        if self.service.value_namespace:
            names |= {**_PREFIXES, "f": self.value_namespace}
        else:
            names["tns"] = self.service.namespace
        root = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap=names)
        etree.SubElement(root, f"{{{ENVELOPE}}}Header")
        return root, etree.SubElement(root, f"{{{ENVELOPE}}}Body")

    def _bytes(self, root) -> bytes:
        if self.problems:
            raise PayloadError(self.problems)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    def _message(self, parent, field: Field, payload):
        """Add a root element, which may have no content at all."""
        namespace = self._namespace(field, self.service.namespace)
        node = etree.SubElement(parent, etree.QName(namespace, field.name))
        self._children(node, field, payload, namespace)

    def _namespace(self, field: Field, inherited: str) -> str:
        namespace = inherited if field.namespace is None else field.namespace
        if namespace and namespace == self.service.value_namespace:
            return self.value_namespace
        return namespace

    def _element(self, parent, field: Field, value, inherited: str):
        namespace = self._namespace(field, inherited)
        node = etree.SubElement(parent, etree.QName(namespace or None, field.name))
        if value is None:
            node.set(f"{{{XSI}}}nil", "true")
            if not field.nillable:
                self.problems[field.name] = codes.MISSING
        elif field.children:
            self._children(node, field, value, namespace)
        else:
            node.text = self._text(field, value)

    def _children(self, node, field: Field, value, namespace: str):
        payload = {field.children[0].key: value} if field.collapsed else value
        if not isinstance(payload, Mapping):
            self.problems[field.name] = codes.MALFORMED
            return
        inner = namespace if self.service.qualified else ""
        for child in field.children:
            found = payload if child.flat else payload.get(child.key)
            if child.attribute:
                self._attribute(node, child, found)
            elif child.many:
                self._items(node, child, found or (), inner)
            elif self._is_written(child, found):
                self._element(node, child, found, inner)

    def _attribute(self, node, field: Field, value):
        if value is not None:
            node.set(field.name, self._text(field, value))
        elif field.required:
            self.problems[field.name] = codes.MISSING

    def _items(self, node, field: Field, values, namespace: str):
        if not isinstance(values, list | tuple):
            self.problems[field.name] = codes.MALFORMED
            return
        for value in values:
            self._element(node, field, value, namespace)

    def _is_written(self, field: Field, value) -> bool:
        """Tell whether the element stands in the message."""
        if field.flat:
            return any(value.get(child.key) is not None for child in field.children)
        if field.collapsed and not value and field.children[0].required:
            value = None
        if value is None and field.required and not field.nillable:
            self.problems[field.name] = codes.MISSING
            return False
        return value is not None or field.required

    def _text(self, field: Field, value) -> str:
        try:
            return render(field, value, self.lists)
        except ValueProblem as problem:
            self.problems[field.name] = problem.code
            return ""
