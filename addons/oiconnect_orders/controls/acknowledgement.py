"""Level 1: is the order well formed? No look at the network.

Interop'Fibre access protocol, controls 1 to 3: what is missing (FIMP15), what
contradicts itself (FIMP16), types that do not exist (FIMP12); the answer is the
acknowledgement (AR_CMD).
"""

from datetime import datetime, timedelta

from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base import reception

from ..personal import tells_customer

_lt = LazyTranslate(__name__)

MANDATORY = ("oc_reference", "connection_type", "requested_type", "order_date")
TYPES = {
    "connection_type": ("OC", "OI", "STOC"),
    "requested_type": ("AUTO", "LOCA", "COFI"),
}
# Of several errors of a line, the acknowledgement tells the first in this order.
CODE_ORDER = ("FIMP15", "FIMP16", "FIMP12", "FIMP13")
# Clocks differ between operators: an order may come a little from the future.
CLOCK_TOLERANCE = timedelta(days=1)


class Refusal(reception.Refusal):
    """A refusal that keeps nothing of the end customer."""

    def with_given(self, value):
        return self if tells_customer(self.field or "") else super().with_given(value)


def acknowledgement_refusals(line: dict, now: datetime) -> list[Refusal]:
    """Return every reason to refuse ``line`` at acknowledgement.

    :param line: values by English key, as the border read them
    :param now: local time in Paris, naive
    """
    return [*_missing(line), *_contradictions(line, now), *_wrong_types(line)]


def first_code(refusals) -> str:
    """Return the code that the acknowledgement tells."""
    ranks = {code: rank for rank, code in enumerate(CODE_ORDER)}
    return min((r.code for r in refusals), key=lambda code: ranks.get(code, 99))


def _missing(line):
    for field in MANDATORY:
        if not line.get(field):
            yield Refusal("FIMP15", field, _lt("This value is mandatory."))
    if line.get("existing_socket") is None:
        yield Refusal("FIMP15", "existing_socket", _lt("This value is mandatory."))
    if not _has_address(line):
        yield Refusal(
            "FIMP15",
            "address_code",
            _lt(
                "No address: give the address code, or INSEE and Rivoli codes with "
                "the number, or the building's identifier."
            ),
        )
    if not (line.get("pm_reference") or line.get("pm_service_reference")):
        yield Refusal(
            "FIMP15",
            "pm_reference",
            _lt("Give the reference of the PM or of its service."),
        )
    if _needs_visit(line):
        yield from _missing_for_visit(line)


def _missing_for_visit(line):
    for field in ("customer_name", "customer_contact1"):
        if not line.get(field):
            yield Refusal(
                "FIMP15", field, _lt("Somebody must visit: tell whom and how to call.")
            )
    if line.get("connection_type") == "OI" and not line.get("appointment_reference"):
        yield Refusal(
            "FIMP15",
            "appointment_reference",
            _lt("A connection by us needs an appointment taken before the order."),
        )


def _contradictions(line, now):
    ordered = line.get("order_date")
    if ordered and datetime.fromisoformat(ordered) > now + CLOCK_TOLERANCE:
        yield Refusal("FIMP16", "order_date", _lt("The order is dated in the future."))

    install = line.get("install_date")
    if ordered and install and install[:10] < ordered[:10]:
        yield Refusal(
            "FIMP16",
            "install_date",
            _lt("The installation is wished for a day before the order."),
        )


def _wrong_types(line):
    for field, known in TYPES.items():
        value = line.get(field)
        if value and value not in known:
            yield Refusal(
                "FIMP12",
                field,
                _lt("This type is none of those of the protocol."),
                {"known": list(known)},
            )


def _has_address(line):
    return bool(
        line.get("address_code")
        or line.get("building_identifier")
        or (
            line.get("insee_code")
            and line.get("rivoli_code")
            and line.get("street_number") not in (None, "")
        )
    )


def _needs_visit(line):
    return (
        line.get("connection_type") in ("OI", "STOC")
        and line.get("existing_socket") is False
    )
