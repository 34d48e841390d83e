"""Published contracts: the files of ``wsdl/``, as one server and one partner see them.

Files are complete as they are. What is served differs by the address, by links between
files (``?xsd=``) and by the namespace of the block of Interop'Fibre.
"""

import re
from functools import cache
from pathlib import Path, PurePosixPath

from lxml import etree

from .contract import XSD, Service

FOLDER = Path(__file__).parent / "wsdl"
SOAP_BINDING = "http://schemas.xmlsoap.org/wsdl/soap/"

_LOCATION = re.compile(r'schemaLocation="([\w.-]+\.xsd)"')
_ADDRESS = re.compile(r'(<soap:address location=")[^"]*(")')


def document(
    service: Service, name: str = "", address: str = "", value_namespace: str = ""
) -> str | None:
    """Return a file of the contract, None if there is none of this name.

    :param name: file of a schema (``?xsd=``); empty for the WSDL itself
    :param address: full address of the service on this server
    :param value_namespace: of the partner's version, when it is not ours
    """
    path = FOLDER / service.wsdl
    if name:
        names = _schemas(path.parent)
        if name not in names or path.parent == FOLDER:
            return None
        path = path.parent / name
    text = _in_namespace(path.read_text("utf-8"), service, value_namespace)
    if not address:
        return text
    text = _LOCATION.sub(r'schemaLocation="?xsd=\1"', text)
    return _ADDRESS.sub(lambda match: match[1] + _escaped(address) + match[2], text)


@cache
def schema(service: Service, value_namespace: str = "") -> etree.XMLSchema:
    """Return the compiled schema of all messages of the service."""
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    parser.resolvers.add(_Files(service, value_namespace))
    text = document(service, value_namespace=value_namespace)
    types = etree.fromstring(text.encode(), parser).find(f".//{{{XSD}}}schema")
    # Compiled from a text of its own: names of a fragment would lose their prefixes.
    source = etree.tostring(types)
    root = etree.fromstring(source, parser, base_url=str(FOLDER / service.wsdl))
    return etree.XMLSchema(root)


class _Files(etree.Resolver):
    """Read imported schemas from our folder, and from nowhere else."""

    def __init__(self, service: Service, value_namespace: str):
        super().__init__()
        self.service = service
        self.value_namespace = value_namespace

    def resolve(self, system_url, public_id, context):
        name = PurePosixPath(system_url or "").name
        text = document(self.service, name, value_namespace=self.value_namespace)
        if text is None:
            raise ValueError(f"no schema {name}")
        return self.resolve_string(text.encode(), context, base_url=system_url)


def _schemas(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.xsd")}


def _in_namespace(text: str, service: Service, value_namespace: str) -> str:
    if not value_namespace or not service.value_namespace:
        return text
    return text.replace(service.value_namespace, _escaped(value_namespace))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
