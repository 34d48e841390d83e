"""System parameters of this addon that are numbers."""

import math


def number(env, name, default):
    """Return the parameter ``oiconnect_interop.<name>``.

    ``default`` when it is not set, or is no number: what was mistyped must not open a
    lock or stop an erasure.
    """
    text = env["ir.config_parameter"].sudo().get_param(f"oiconnect_interop.{name}")
    try:
        value = float(text or default)
    except ValueError:
        value = math.nan
    return value if math.isfinite(value) else float(default)
