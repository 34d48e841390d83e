"""System parameters of this addon that are numbers."""

from odoo.addons.oiconnect_base import parameters


def number(env, name, default):
    """Return the parameter ``oiconnect_interop.<name>``, ``default`` without one."""
    return parameters.number(env, f"oiconnect_interop.{name}", default)
