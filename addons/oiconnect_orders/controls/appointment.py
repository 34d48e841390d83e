"""Control 9 of the study: is the appointment that the order rests on a good one?

Interop'Fibre access protocol, FRDV03 to FRDV06. Where the network has no team, its
appointments are taken elsewhere: their references are stored unread.
"""

from odoo.tools.translate import LazyTranslate

from ..appointment_states import LIVE_STATES, OPEN_STATES, PRODUCT
from .acknowledgement import Refusal

_lt = LazyTranslate(__name__)


def control_appointment(order, place, referential, today):
    if order.connection_type != "oi" or order.existing_socket:
        return None
    if not referential.has_teams:
        return None
    appointment = referential.appointment(order)
    if not appointment:
        return _refusal(
            "FRDV03", _lt("The operator has no appointment with this reference.")
        )
    refusal = (
        _control_state(appointment, referential)
        or _control_product(appointment)
        or _control_place(appointment, place.building)
    )
    if refusal:
        return refusal._replace(found=_compared(appointment))
    referential.named.add(appointment.id)
    return None


def _compared(appointment):
    """Return what the appointment is, where it does not suit the order."""
    place = appointment.building_id or appointment.commune_id
    return {
        "appointment": appointment.reference,
        "state": appointment.state,
        "order": appointment.order_id.oc_reference or "",
        "start_at": str(appointment.start),
        "expiry_at": str(appointment.expiry_date or ""),
        "work": appointment.kind,
        "product": appointment.product,
        "at": place.display_name,
    }


def _control_state(appointment, referential):
    if appointment.state not in LIVE_STATES or appointment.start <= referential.now:
        return _refusal(
            "FRDV04", _lt("This appointment is past or given back: book another one.")
        )
    if appointment.order_id or appointment.id in referential.named:
        return _refusal("FRDV04", _lt("Another order rests on this appointment."))
    if appointment.expiry_date and appointment.expiry_date <= referential.now:
        return _refusal(
            "FRDV04", _lt("This appointment has expired: book another one.")
        )
    validated = appointment.state not in OPEN_STATES
    if appointment.network_id.appointment_validation and not validated:
        return _refusal("FRDV04", _lt("This appointment is not validated yet."))
    return None


def _control_product(appointment):
    if appointment.product != PRODUCT or appointment.kind != "production":
        return _refusal(
            "FRDV05", _lt("This appointment was made for another work or product.")
        )
    return None


def _control_place(appointment, building):
    if appointment.building_id:
        here = appointment.building_id == building
    else:
        here = appointment.commune_id.insee_code == building.insee_code
    if not here:
        return _refusal("FRDV06", _lt("This appointment was made for another address."))
    return None


def _refusal(code, message):
    return Refusal(code, "appointment_reference", message)
