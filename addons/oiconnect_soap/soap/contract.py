"""Contract of a SOAP service, as data: services, operations, elements.

A ``Field`` is one element or attribute of a message: its name on the wire, its key in
the payload, its type, length, codes and occurrence. Reading, writing and redaction all
walk these trees. The published contracts (``wsdl/``) say the same to partners; tests
compare the two.
"""

from dataclasses import dataclass, replace
from functools import cached_property

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"


@dataclass(frozen=True, eq=False)
class Field:
    """One element of a message, or one attribute of an element.

    :param name: name on the wire; compared without case when a message is read
    :param key: key in the payload
    :param type: simple type of XML Schema; unused where there are ``children``
    :param length: shortest and longest text, in characters
    :param codes: name of the list of accepted values (``codes.LISTS``)
    :param required: the element must be there, with a value unless ``nillable``
    :param many: the element may come any number of times; its value is a list
    :param flat: keys of the children stand in the payload of the parent
    :param collapsed: the value is that of the only child
    :param customer: the text may tell who the end customer is
    :param secret: the text is a password
    :param namespace: where it differs from that of the parent
    """

    name: str
    key: str
    type: str = "string"
    length: tuple[int, int] | None = None
    codes: str = ""
    required: bool = False
    nillable: bool = False
    many: bool = False
    flat: bool = False
    collapsed: bool = False
    attribute: bool = False
    customer: bool = False
    secret: bool = False
    namespace: str | None = None
    children: tuple["Field", ...] = ()

    @cached_property
    def elements(self) -> dict[str, "Field"]:
        """Child elements by their name in lower case."""
        return {f.name.casefold(): f for f in self.children if not f.attribute}

    @cached_property
    def attributes(self) -> dict[str, "Field"]:
        """Attributes by their name in lower case."""
        return {f.name.casefold(): f for f in self.children if f.attribute}


def within(namespace: str, *fields: Field) -> tuple[Field, ...]:
    """Return ``fields`` as elements of ``namespace``."""
    return tuple(replace(field, namespace=namespace) for field in fields)


def list_of(name: str, key: str, item: str, **options) -> Field:
    """Return an element that wraps one or more ``item``; its value is a list."""
    child = Field(item, "items", required=True, many=True)
    return Field(name, key, collapsed=True, children=(child,), **options)


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation: request, answer, and faults that report a failure.

    :param faults: detail elements that a fault may have, the usual one first
    """

    name: str
    request: Field
    response: Field
    faults: tuple[Field, ...]


@dataclass(frozen=True, eq=False)
class Service:
    """One web service, as it is published.

    :param key: name of the service in our settings and journal
    :param path: where it is served, after the address of the server
    :param wsdl: file of the contract, under ``wsdl/``
    :param namespace: of the root elements
    :param qualified: child elements are in the namespace of their parent
    :param header: element of the SOAP header, if the service has one
    :param answered_header: the answer has a header too
    :param value_namespace: namespace that depends on the partner's version
    :param unread_fault: detail of a fault where no operation is identified
    """

    key: str
    path: str
    wsdl: str
    namespace: str
    operations: tuple[Operation, ...]
    qualified: bool = True
    header: Field | None = None
    answered_header: bool = False
    value_namespace: str = ""
    unread_fault: Field | None = None

    @cached_property
    def _operations(self) -> dict[str, Operation]:
        return {operation.name.casefold(): operation for operation in self.operations}

    @cached_property
    def _requests(self) -> dict[str, Operation]:
        return {op.request.name.casefold(): op for op in self.operations}

    def operation(self, name: str) -> Operation | None:
        """Return the operation of this name, whatever its case."""
        return self._operations.get(name.casefold())

    def requested(self, element: str) -> Operation | None:
        """Return the operation whose request is ``element``, whatever its case."""
        return self._requests.get(element.casefold())


def selected(message: Field, payload: dict, names: list[str]) -> dict:
    """Return the payload with the elements named, and those that are compulsory.

    :param names: names on the wire (``attrNames`` of OSS/J); none means all
    """
    wanted = {name.casefold() for name in names if name}
    if not wanted:
        return payload
    keys = {
        field.key
        for field in leaves(message)
        if field.required or field.name.casefold() in wanted
    }
    return {key: value for key, value in payload.items() if key in keys}


def leaves(message: Field):
    """Yield the fields whose keys stand in the payload of ``message``."""
    for field in message.children:
        if field.flat:
            yield from leaves(field)
        else:
            yield field
