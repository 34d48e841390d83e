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


def pm_service_reference(oi_code: str, number: int) -> str:
    """Return the reference of a PM made available to an operator (30 at most)."""
    return f"{oi_code}-PREST-{number:09d}"


def manual_reference(prefix: str, number: int) -> str:
    """Return the reference of an order taken by hand, 22 characters at most."""
    return f"{prefix}-{number:09d}"


def appointment_reference(oi_code: str, number: int) -> str:
    """Return the reference of an appointment (50 characters at most)."""
    return f"{oi_code}-ERDV-{number:010d}"


def link_service_reference(oi_code: str, number: int) -> str:
    """Return the reference of a service on a link (30 characters at most)."""
    return f"{oi_code}-PRLNP-{number:06d}"


def fibre_identifier(oi_code: str, number: int) -> str:
    """Return the name by which an operator asks for a fibre (30 characters at most)."""
    return f"{oi_code}-FIB-{number:010d}"


def fibre_number(identifier: str) -> int | None:
    """Return the number in the name of a fibre, None if it is none of ours."""
    number = identifier.rpartition("-FIB-")[2]
    is_one = number.isascii() and number.isdigit() and len(number) == 10
    # The numbers that the database has
    return int(number) if is_one and int(number) < 2**31 else None
