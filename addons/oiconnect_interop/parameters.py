"""System parameters of this addon that are numbers."""


def number(env, name, default):
    """Return the parameter ``oiconnect_interop.<name>``, ``default`` when not set."""
    text = env["ir.config_parameter"].sudo().get_param(f"oiconnect_interop.{name}")
    return float(text or default)
