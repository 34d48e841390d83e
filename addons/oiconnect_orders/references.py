"""References that the operator gives, made from a number. Plain Python."""

# Interop'Fibre access protocol, "Line/PTO identifier": I and O are left out.
PTO_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PTO_COUNT = len(PTO_ALPHABET) ** 8
# Odd and not a multiple of 17, so prime to 34**8: numbers map one to one.
_PTO_FACTOR = 1_038_761_459_177
_PTO_SHIFT = 734_159_201_113


def pto_reference(prefix: str, number: int) -> str:
    """Return ``OO-XXXX-XXXX`` for ``number`` (0 ≤ number < 34**8).

    Two numbers never give one reference, and neighbours do not look alike: a
    slip of the pen then leads to an unknown socket, not to the next flat.
    """
    rest = (number * _PTO_FACTOR + _PTO_SHIFT) % _PTO_COUNT
    letters = ""
    for _position in range(8):
        rest, index = divmod(rest, len(PTO_ALPHABET))
        letters = PTO_ALPHABET[index] + letters
    return f"{prefix}-{letters[:4]}-{letters[4:]}"


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
