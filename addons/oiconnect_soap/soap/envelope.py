"""Reading of SOAP 1.1 envelopes: strict about safety, tolerant about everything else.

Elements are found by their local name, whatever prefix, namespace and case; absent,
nil and empty are alike; undeclared elements are ignored. A value that does not fit is
reported as a problem and left out of the payload. Interop'Fibre SAV 3.0 §9.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from lxml import etree

from . import codes
from .contract import ENVELOPE, XSI, Field, Operation, Service, leaves
from .faults import SoapFault
from .safe_xml import LIMITS, Limits, UnsafeXml, local_name, parse
from .services import sav
from .values import Lists, ValueProblem
from .values import parse as parse_value

_NAMESPACE = re.compile(r"https?://[\w./-]{1,200}", re.ASCII)
_CODE = re.compile(r"\s*(\d{1,3})\s*(?:-|$)", re.ASCII)


class Problem(NamedTuple):
    """A value that is missing or wrong.

    :param code: return code, 1 to 3
    :param field: name on the wire
    :param path: keys that lead to it in the payload
    """

    code: int
    field: str
    path: tuple[str, ...]

    @property
    def label(self) -> str:
        """Label of the return code."""
        return codes.label(self.code, self.field)


class Envelope(NamedTuple):
    """A request that was read.

    :param value_namespace: namespace that the partner gives to the block of its version
    """

    operation: Operation
    header: dict[str, Any]
    payload: dict[str, Any]
    problems: tuple[Problem, ...]
    value_namespace: str


class Reply(NamedTuple):
    """A partner's answer that was read: a payload, or a fault.

    :param code: return code of the answer or the fault, None where there is none
    """

    payload: dict[str, Any]
    problems: tuple[Problem, ...]
    code: int | None
    label: str
    is_fault: bool


def read_request(
    content: bytes,
    service: Service,
    content_type: str = "",
    action: str = "",
    lists: Lists = codes.LISTS,
    limits: Limits = LIMITS,
) -> Envelope:
    """Return the request that ``content`` holds.

    :param action: header SOAPAction; empty is accepted, another operation is not
    :param lists: values accepted, of every list (``codes.LISTS`` and what replaces it)

    Raises ``SoapFault``, code 22, when no operation is identified.
    """
    header, body = _parts(content, content_type, limits)
    element = _only_child(body)
    operation = service.requested(local_name(element))
    if not operation:
        raise SoapFault(codes.BAD_INTERFACE)
    _check_action(action, operation)
    reader = _Reader(service, lists)
    return Envelope(
        operation,
        reader.header(header),
        reader.children(operation.request, element, ()),
        tuple(reader.problems),
        reader.value_namespace,
    )


def read_reply(
    content: bytes,
    service: Service,
    operation: Operation,
    content_type: str = "",
    lists: Lists = codes.LISTS,
    limits: Limits = LIMITS,
) -> Reply:
    """Return the answer of a partner to ``operation``.

    A partner tells an error by a return code or by a fault: both are read for each
    (SAV 3.0 §5). Raises ``SoapFault``, code 22, when it is no answer.
    """
    _header, body = _parts(content, content_type, limits)
    element = _only_child(body)
    name = local_name(element).casefold()
    if name == "fault":
        return _fault(element)
    if name != operation.response.name.casefold():
        raise SoapFault(codes.BAD_INTERFACE, operation=operation)
    reader = _Reader(service, lists)
    payload = reader.children(operation.response, element, ())
    answer = payload.get("answer") or {}
    match = _CODE.match(answer.get("return_code", ""))
    return Reply(
        payload,
        tuple(reader.problems),
        int(match[1]) if match else None,
        answer.get("return_label", ""),
        False,
    )


def missing(
    ticket: dict[str, Any], required: Iterable[tuple[str, ...]] | None = None
) -> tuple[Problem, ...]:
    """Return what the event of a ticket needs and its payload lacks.

    :param required: names on the wire, one of each tuple is enough; those of the event
        by default (``codes.REQUIRED_FIELDS``, proposed)
    """
    if required is None:
        required = codes.required_fields(ticket.get("event", ""))
    keys = {field.name: field.key for field in leaves(sav.TICKET_VALUE)}
    return tuple(
        Problem(codes.MISSING, names[0], ("ticket", keys[names[0]]))
        for names in required
        if all(ticket.get(keys[name]) is None for name in names)
    )


def _fault(element) -> Reply:
    """Return a fault: the code is where a text begins with one."""
    texts = [text.strip() for text in element.itertext() if text.strip()]
    found = [(match, text) for text in texts if (match := _CODE.match(text))]
    fault_string = next(
        (node.text for node in element if local_name(node) == "faultstring"), ""
    )
    if not found:
        return Reply({}, (), None, (fault_string or "").strip(), True)
    match, text = found[0]
    label = text[match.end() :].strip() or (texts[-1] if texts[-1] != text else "")
    return Reply({}, (), int(match[1]), label, True)


def _parts(content: bytes, content_type: str, limits: Limits):
    """Return header, None where there is none, and body."""
    try:
        root = parse(content, content_type, limits)
    except UnsafeXml as error:
        raise SoapFault(codes.BAD_INTERFACE) from error
    if root.tag != f"{{{ENVELOPE}}}Envelope":
        raise SoapFault(codes.BAD_INTERFACE)
    parts: dict[str, Any] = {"Header": None, "Body": None}
    for child in root:
        if etree.QName(child).namespace == ENVELOPE:
            if parts.get(local_name(child)) is not None:
                raise SoapFault(codes.BAD_INTERFACE)
            parts[local_name(child)] = child
    if parts["Body"] is None:
        raise SoapFault(codes.BAD_INTERFACE)
    return parts["Header"], parts["Body"]


def _only_child(body):
    if len(body) != 1 or not isinstance(body[0].tag, str):
        raise SoapFault(codes.BAD_INTERFACE)
    return body[0]


def _check_action(action: str, operation: Operation):
    """Refuse an action that names something else; clients write it in many ways."""
    name = re.split(r"[/#:]", action.strip().strip('"').rstrip("/"))[-1]
    accepted = (operation.name.casefold(), operation.request.name.casefold())
    if name and name.casefold() not in accepted:
        raise SoapFault(codes.BAD_INTERFACE, operation=operation)


class _Reader:
    """Walk elements along the fields of a contract."""

    def __init__(self, service: Service, lists: Lists):
        self.service = service
        self.lists = lists
        self.problems: list[Problem] = []
        self.reported: set[tuple[str, ...]] = set()
        self.value_namespace = service.value_namespace

    def header(self, element) -> dict[str, Any]:
        """Return the payload of the header of the service."""
        field = self.service.header
        if field is None:
            return {}
        for child in element if element is not None else ():
            if _named(child) == field.name.casefold():
                return self.children(field, child, ())
        self._missing(field, {}, ())
        return {}

    def children(self, field: Field, element, path: tuple[str, ...]) -> dict[str, Any]:
        """Return the payload of ``element``, whose contract is ``field``."""
        values = self._attributes(field, element, path)
        seen: set[str] = set()
        for node in element:
            child = field.elements.get(_named(node))
            if child is None:
                continue
            if child.name in seen and not child.many:
                self._problem(codes.MALFORMED, child, path)
                continue
            seen.add(child.name)
            self._put(values, child, node, path)
        if not field.collapsed:
            self._missing(field, values, path)
        return values

    def _put(self, values, field: Field, node, path):
        """Add the value of ``node`` to the payload of its parent."""
        value = self._value(field, node, path)
        if value is None:
            return
        if field.flat:
            values.update(value)
        elif field.many:
            values.setdefault(field.key, []).append(value)
        else:
            values[field.key] = value

    def _value(self, field: Field, node, path):
        """Return the value of ``node``, None where it has none."""
        if node.get(f"{{{XSI}}}nil", "").strip().lower() in ("true", "1"):
            return None
        if field.children:
            return self._complex(field, node, path)
        if len(node):
            return self._problem(codes.MALFORMED, field, path)
        return self._text(field, node.text, path)

    def _complex(self, field: Field, node, path):
        below = path if field.flat else (*path, field.key)
        if field.collapsed:
            item = field.children[0]
            found = self.children(field, node, below).get(item.key)
            return found or (None if item.required else [])
        if not (len(node) or node.attrib or field.required):
            return None
        self._note_namespace(field, node)
        return self.children(field, node, below)

    def _attributes(self, field: Field, element, path) -> dict[str, Any]:
        values = {}
        for name, text in element.attrib.items():
            attribute = field.attributes.get(name.rpartition("}")[2].casefold())
            value = attribute and self._text(attribute, text, path)
            if value is not None:
                values[attribute.key] = value
        return values

    def _text(self, field: Field, text: str | None, path):
        text = (text or "").strip()
        if not text:
            return None
        try:
            return parse_value(field, text, self.lists)
        except ValueProblem as problem:
            return self._problem(problem.code, field, path)

    def _missing(self, field: Field, values, path):
        """Report compulsory children without value that are not reported yet."""
        for child in field.children:
            # A list that may be empty may be absent too.
            needed = not (child.collapsed and not child.children[0].required)
            if (
                child.required
                and needed
                and not child.nillable
                and values.get(child.key) is None
                and (*path, child.key) not in self.reported
            ):
                self._problem(codes.MISSING, child, path)

    def _problem(self, code: int, field: Field, path):
        self.problems.append(Problem(code, field.name, (*path, field.key)))
        self.reported.add((*path, field.key))

    def _note_namespace(self, field: Field, node):
        """Keep the namespace that the partner gives to the block of its version."""
        if field.flat and len(node):
            namespace = etree.QName(node[0]).namespace or ""
            # It is written back: of another form, ours is.
            if _NAMESPACE.fullmatch(namespace):
                self.value_namespace = namespace


def _named(node) -> str:
    return local_name(node).casefold() if isinstance(node.tag, str) else ""
