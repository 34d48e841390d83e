"""References that the operator gives, made from a number. Plain Python.

Those of PTOs are made by the network: see ``oiconnect_infra.pto_reference``.
"""


def service_reference(oi_code: str, number: int) -> str:
    """Return the reference of a service, 21 characters (30 at most)."""
    return f"{oi_code}P{number:016d}"


def subcontract_reference(number: int) -> str:
    """Return the reference of the operator's order to its sub-contractor."""
    return f"ST-{number:010d}"


def discharge_number(oi_code: str, number: int) -> str:
    """Return the number that proves a new route was agreed (50 characters at most)."""
    return f"{oi_code}D{number:010d}"


def manual_reference(prefix: str, number: int) -> str:
    """Return the reference of an order taken by hand, 22 characters at most."""
    return f"{prefix}-{number:09d}"


def appointment_reference(oi_code: str, number: int) -> str:
    """Return the reference of an appointment (50 characters at most)."""
    return f"{oi_code}-ERDV-{number:010d}"
