"""Addresses to which no webhook goes: a user who may name a receiver must not reach by
it what only this server reaches (CWE-918).
"""

import ipaddress

from odoo.addons.oiconnect_base.outgoing import plain_address
from odoo.addons.oiconnect_interop.transport.http_client import (
    CallError,
    check_address,
    check_peer,
)

# Addresses of IPv6 that lead to one of IPv4, whichever it is: IPv4-compatible, NAT64,
# Teredo, 6to4
TUNNELS = tuple(
    map(
        ipaddress.ip_network,
        ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"),
    )
)


def check_public(host: str):
    """Refuse all but addresses of the public internet.

    :param host: address of IPv4 or IPv6

    Raises ``CallError``.
    """
    check_private(host)
    address = plain_address(host)
    if (
        not address.is_global
        or address.is_reserved
        or getattr(address, "is_site_local", False)
        or any(address in tunnel for tunnel in TUNNELS)
    ):
        raise CallError("private", host)


def check_private(host: str):
    """Refuse the addresses that no setting allows: of a machine itself, unassigned.

    Raises ``CallError``.
    """
    check_peer(host)
    address = plain_address(host)
    if address.is_multicast or address.is_unspecified:
        raise CallError("forbidden", host)


def check_url(url: str, check):
    """Refuse a URL that is not one, or names an address that ``check`` refuses.

    A name is looked up when it is called, not here.

    Raises ``CallError``.
    """
    host = check_address(url).hostname
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return
    check(host)
