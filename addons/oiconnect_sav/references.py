"""References that the operator gives, made from a number. Plain Python."""


def ticket_reference(oi_code: str, number: int) -> str:
    """Return the key of a ticket (``troubleTicketKey``), 19 characters.

    Letters, digits and "-", 30 characters at most (Interop'Fibre SAV 3.0, open
    points: the form is ours to choose).
    """
    return f"{oi_code}-SAV-{number:010d}"


def incident_reference(oi_code: str, number: int) -> str:
    """Return the reference of a collective incident, 19 characters."""
    return f"{oi_code}-INC-{number:010d}"


def works_reference(oi_code: str, number: int) -> str:
    """Return the reference of planned works, 18 characters.

    A free text since 04/10/2019 (Interop'Fibre SAV 3.0 §7.1): the form is ours.
    """
    return f"{oi_code}-TP-{number:010d}"
