"""What the tests of the protocol share: the formats shipped with the addon."""

from functools import cache
from pathlib import Path

from odoo.addons.oiconnect_import.protocol import (
    Format,
    columns_of,
    read_definition,
    versions_of,
)
from odoo.addons.oiconnect_import.tests.protocol import properties  # noqa: F401

FORMATS = Path(__file__).parents[2] / "formats"
PATHS = {
    path.stem: path
    for path in FORMATS.rglob("*.csv")
    if path.stem not in ("flows", "protocols")
}
FLOWS = sorted(PATHS)


@cache
def definitions(flow):
    """Column definitions shipped for ``flow``."""
    found, errors = read_definition(PATHS[flow].read_bytes())
    assert not errors
    return found


@cache
def shipped_format(flow, version):
    """Format shipped for ``flow`` in ``version``, with the defaults of files."""
    chosen = columns_of(definitions(flow), version)
    return Format(flow, version, tuple(item.column for item in chosen))


def shipped_versions(flow):
    """Versions shipped for ``flow``, oldest first."""
    return versions_of(definitions(flow))


#: a good CMD_ACCES V1.3 line: new PTO in STOC mode, address by hexaclé
ORDER = {
    "oc_reference": "OCA-20250314-000001",
    "city": "EXEMPLEVILLE",
    "postal_code": "99100",
    "insee_code": "99001",
    "rivoli_code": "0123",
    "street_number": "12",
    "street_number_suffix": "B",
    "street_type": "RUE",
    "street_name": "DES LILAS",
    "address_code": "99001ABC12",
    "building_name": "A",
    "staircase": "1",
    "floor": "02",
    "connection_type": "STOC",
    "install_date": "2025-03-28T08:00:00",
    "customer_name": "DUPONT",
    "customer_firstname": "CAMILLE",
    "customer_contact1": "0600000001",
    "pm_service_reference": "XPM0000000000042",
    "pm_reference": "OICN-PM-99001-0042",
    "existing_socket": False,
    "requested_type": "AUTO",
    "order_date": "2025-03-14T10:05:00",
    "comment": "Interphone B12",
    "building_identifier": "IMB/99001/X/00A7",
    "offer": "ACCES_FTTH",
}
