"""Networks from which an account or a key is used."""

import ipaddress

from odoo.exceptions import ValidationError

from odoo.addons.oiconnect_base.outgoing import plain_address


def networks_of(text: str | None) -> list:
    """Return the networks that are written in ``text``, by blanks or lines.

    :raises ValueError: one of them is no network
    """
    return [ipaddress.ip_network(part) for part in (text or "").split()]


def check_networks(env, text: str | None):
    """Check what somebody has written.

    :raises ValidationError: it names something that is no network
    """
    try:
        networks_of(text)
    except ValueError as error:
        raise ValidationError(env._("Not an address or a network: %s", error)) from None


def is_within(address: str, text: str | None) -> bool:
    """Tell whether an address is in one of the networks, if there are any."""
    networks = networks_of(text)
    try:
        origin = plain_address(address)
    except ValueError:
        return not networks
    return not networks or any(origin in network for network in networks)
