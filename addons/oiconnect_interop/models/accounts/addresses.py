"""Networks from which an account or a key is used."""

import ipaddress


def networks_of(text: str | None) -> list:
    """Return the networks that are written in ``text``, by blanks or lines.

    :raises ValueError: one of them is no network
    """
    return [ipaddress.ip_network(part) for part in (text or "").split()]


def is_within(address: str, text: str | None) -> bool:
    """Tell whether an address is in one of the networks, if there are any."""
    networks = networks_of(text)
    try:
        origin = ipaddress.ip_address(address)
    except ValueError:
        return not networks
    origin = getattr(origin, "ipv4_mapped", None) or origin
    return not networks or any(origin in network for network in networks)
