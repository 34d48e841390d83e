"""System parameters that are numbers."""

import math


def number(env, key, default):
    """Return the system parameter ``key``.

    ``default`` when it is not set, or is no number: what was mistyped must not open a
    lock or stop an erasure.
    """
    text = env["ir.config_parameter"].sudo().get_param(key)
    try:
        value = float(text or default)
    except ValueError:
        value = math.nan
    return value if math.isfinite(value) else float(default)
