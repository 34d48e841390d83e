"""Notifications of tickets: from a message of the outbox to a call of the partner.

Everything that the OI tells of a ticket is a ``setTroubleTicketByValue`` on the
operator's server; ``description`` says what happened (Interop'Fibre SAV 3.0 §1, §4).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from . import codes
from .contract import leaves
from .services import sav
from .values import Lists

#: flow of the outbox → description
EVENTS = {
    "SAV_SOLVING": "CASE SOLVING NOTIFICATION",
    "SAV_SOLVED": "CASE SOLVED NOTIFICATION",
    "SAV_INFORMATION": "SU CASE INFORMATION NOTIFICATION",
    "SAV_CANCEL_AGREEMENT": "CASE CANCELATION AGREEMENT",
    "SAV_CANCELLATION": "CASE CANCELATION",
}
#: messageContent and troubleTicketClosureComment: string 0..1024
TEXT_SIZE = 1024
#: values that travel as they were frozen
_AS_FROZEN = (
    "reference",
    "wire_state",
    "date",
    "oc_siren",
    "oi_siren",
    "oc_key",
    "service_reference",
    "pto_reference",
    "resolution_action",
    "resolution_state",
    "planned_date",
    "appointment_reference",
    "closure_code",
    "closure_label",
    "location",
    "responsibility",
    "reprovision_reference",
    "restored_date",
    "message_type",
)
_COMMENT_TYPE = "INFO"


def notification(
    flow: str, message: Mapping[str, Any], number: int, version: str
) -> dict[str, Any]:
    """Return the payload of ``setTroubleTicketByValue``.

    :param flow: key of ``EVENTS``
    :param message: payload of the message, as the ticket froze it
    :param number: ``lastUpdateVersionNumber``: the same each time that the message is
        sent, so that the partner knows it again
    :param version: version of the protocol of the partner, "3.0" or "2.x"
    """
    ticket = {key: message[key] for key in _AS_FROZEN if message.get(key) is not None}
    ticket |= {"event": EVENTS[flow], "version": number}
    ticket |= _words(message)
    dates = (message.get("suggestions") or ())[:3]
    ticket |= {f"suggestion{rank}": date for rank, date in enumerate(dates, 1)}
    if "repair_hours" in message:
        ticket |= _closure(message)
    return {"ticket": sav.known_in(ticket, version), "resync_required": False}


def accepted(ticket: Mapping[str, Any]) -> Lists:
    """Return the lists for the writer, with the values that administrators added.

    :param ticket: payload whose coded values come from tables of our own
    """
    lists = dict(codes.LISTS)
    for field in leaves(sav.TICKET_VALUE):
        if field.codes and field.key in ticket:
            lists[field.codes] = (*lists[field.codes], str(ticket[field.key]))
    return lists


def _words(message: Mapping[str, Any]) -> dict[str, str]:
    """Return what was written: a comment of a closure goes with it, others are a
    message.
    """
    if message.get("message_type"):
        return {"message_content": cut(message.get("message_content") or "")}
    comment = message.get("closure_comment") or message.get("comment")
    if not comment:
        return {}
    if "repair_hours" in message:
        return {"closure_comment": cut(comment)}
    return {"message_type": _COMMENT_TYPE, "message_content": cut(comment)}


def _closure(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the length of the repair, less its freezes, and the date of an end.

    A ticket whose resolution the operator has still to validate has no end (§3.3).
    """
    values: dict[str, Any] = {
        "closure_duration": timedelta(seconds=round(message["repair_hours"] * 3600))
    }
    if message["wire_state"].startswith("CLOSE"):
        values["closure_date"] = message.get("date")
    return values


def cut(text: str) -> str:
    """Return ``text`` within the length that the contract allows."""
    return text if len(text) <= TEXT_SIZE else f"{text[: TEXT_SIZE - 1]}…"
