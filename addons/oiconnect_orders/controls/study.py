"""Level 2: can the network serve this order?

Interop'Fibre access protocol, controls 4 to 9, in its order; the first that
fails gives the reason of the report (CR_CMD), unless a person has set it aside.
The fibre itself (control 10) is reserved afterwards, for all orders that passed.
"""

import re

from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.decisions import Control

from .acknowledgement import Refusal
from .appointment import control_appointment
from .oc_position import control_oc_position
from .place import MOST, Place
from .pto import control_holder, control_pto, control_pto_state

_lt = LazyTranslate(__name__)


PHONE = re.compile(r"(\+|00)?\d{9,15}")
_BLANKS = str.maketrans("", "", " .-/()\u00a0")


def study(order, referential, today):
    """Return ``(place, refusal)``; ``refusal`` is None when the order may go on."""
    place = Place()
    waived = order.waived_controls or {}
    for control in CONTROLS:
        refusal = control.check(order, place, referential, today)
        if refusal and control.name in waived:
            place.waive(control.name, refusal, waived[control.name], order.env)
        elif refusal:
            place.failed = control.name
            return place, refusal
    return place, None


def _control_address(order, place, referential, today):
    found = referential.buildings(order)
    if not found:
        return Refusal(
            "FADR01", "address_code", _lt("This address is not in our network.")
        )
    place.building = found
    return None


def _control_building(order, place, referential, today):
    candidates, wanted = place.building, normal(order.building_name)
    if "address" in place.waived:
        # A person has chosen the building already.
        return None
    named = [b for b in candidates if normal(b.building_name) == wanted]
    if len(named) == 1:
        place.building = named[0]
    elif len(candidates) == 1 and not (wanted and candidates.building_name):
        place.building = candidates
    else:
        names = [f"{b.display_name} ({b.building_name or '-'})" for b in candidates]
        return Refusal(
            "FADR02",
            "building_name",
            _lt("Several buildings or none at this address have this name."),
            {"named": names[:MOST]},
        )
    return None


def _control_level(order, place, referential, today):
    levels = list(place.building.level_ids)
    steps = (("staircase", "FADR03"), ("floor", "FADR04"))
    for name, code in steps:
        known = {normal_level(level[name]) for level in levels} - {""}
        wanted = normal_level(order[name])
        if known and wanted not in known:
            return Refusal(
                code,
                name,
                _lt("Unknown here: see the building's levels."),
                {f"{name}s": sorted({level[name] for level in levels if level[name]})},
            )
        levels = [lv for lv in levels if normal_level(lv[name]) in (wanted, "")]
    place.level = levels[0] if levels else None
    return None


def _control_eligibility(order, place, referential, today):
    building = place.building
    if building.state != "deployed":
        return Refusal(
            "FIMP10", "address_code", _lt("The building is not deployed yet.")
        )
    opening = max(
        filter(None, (building.order_report_date, building.commercial_date)),
        default=None,
    )
    if opening and opening > today:
        return Refusal(
            "FIMP11", "address_code", _lt("The building is not open to orders yet.")
        )
    return None


def _control_pm(order, place, referential, today):
    place.pm = place.building.pm_id
    if order.pm_reference:
        pm = referential.pms.get(order.pm_reference)
        if not pm:
            return Refusal("FIMP07", "pm_reference", _lt("This PM does not exist."))
        if pm != place.pm:
            return Refusal(
                "FIMP08", "pm_reference", _lt("This PM does not serve this address.")
            )
    return None


def _control_pm_open(order, place, referential, today):
    pm = place.pm
    is_open = (
        pm.state == "deployed"
        and pm.authorisation == "open"
        and not (pm.commercial_date and pm.commercial_date > today)
    )
    if not is_open:
        return Refusal("FIMP09", "pm_reference", _lt("The PM is not open to orders."))
    return None


def _control_service(order, place, referential, today):
    if not order.pm_service_reference:
        place.service = referential.service_at(order, place.pm)
        if not _is_running(place.service, today):
            return Refusal(
                "FIMP09",
                "pm_reference",
                _lt("The operator has not been provided at this PM."),
                _dates_of(place.service),
            )
        return _control_adduction(place)
    place.service = referential.services.get(
        (order.operator_id.id, order.pm_service_reference)
    )
    if not _is_running(place.service, today):
        known = place.service or referential.service_at(order, place.pm)
        return Refusal(
            "FIMP04",
            "pm_service_reference",
            _lt("This PM service does not exist."),
            _dates_of(known),
        )
    if place.service.pm_id != place.pm:
        return Refusal(
            "FIMP05",
            "pm_service_reference",
            _lt("This PM service does not serve this address."),
            {"service_pm": place.service.pm_id.reference, "pm": place.pm.reference},
        )
    return _control_adduction(place)


def _control_adduction(place):
    """The operator's cable is at the PM, where the network asks for that."""
    service = place.service
    if service.adduction_date or not service.network_id.check_adduction:
        return None
    return Refusal(
        "FIMP09",
        "pm_reference",
        _lt("The operator has not told that its cable is at this PM."),
        _dates_of(service),
    )


def _control_batch(order, place, referential, today):
    """The address was made available to the operator: with its PM, or by a batch."""
    batches = referential.batches(place.pm).get(place.building.id)
    if not batches:
        return None
    mine = [b for b in batches if b.operator_id.id in (False, order.operator_id.id)]
    if any(b.delivery_date and b.delivery_date <= today for b in mine):
        return None
    return Refusal(
        "FIMP10",
        "address_code",
        _lt("The address was not made available to the operator yet."),
    )


def _dates_of(service):
    """Return what the operator has at the PM, and since when; empty for nothing."""
    if not service:
        return {}
    return {
        "service": service.reference,
        "start_date": str(service.start_date),
        "end_date": str(service.end_date or ""),
    }


def _is_running(service, today):
    """Tell whether the operator has the service today; it has it on its last day."""
    return bool(
        service
        and service.start_date <= today
        and not (service.end_date and service.end_date < today)
    )


def _control_service_type(order, place, referential, today):
    kind = place.service and place.service.kind
    if kind and order.requested_type not in ("auto", kind):
        return Refusal(
            "FIMP06",
            "requested_type",
            _lt("This type of order is not that of the operator's PM service."),
        )
    return None


def _control_contact(order, place, referential, today):
    """Refuse an order with a visit but no contact."""
    if order.existing_socket or order.connection_type == "oc":
        return None
    number = (order.customer_contact1 or "").translate(_BLANKS)
    if number and PHONE.fullmatch(number):
        return None
    return Refusal(
        "FCLI01",
        "customer_contact1",
        _lt("The customer's phone number is not one: nobody could fix a visit."),
    )


def _found_building(place):
    return {"buildings": [building.identifier for building in place.building or ()]}


def _found_state(place):
    building = place.building
    return {
        "state": building.state,
        "order_report_date": str(building.order_report_date or ""),
        "commercial_date": str(building.commercial_date or ""),
    }


def _found_pm_state(place):
    pm = place.pm
    return {
        "pm": pm.reference,
        "state": pm.state,
        "authorisation": pm.authorisation,
        "commercial_date": str(pm.commercial_date or ""),
    }


_ADDRESS = (
    "building_identifier",
    "address_code",
    "insee_code",
    "rivoli_code",
    "street_number",
    "street_number_suffix",
)
CONTROLS = (
    Control(4, "address", _control_address, _ADDRESS, _found_building, ("building",)),
    Control(
        4,
        "building",
        _control_building,
        ("building_name",),
        _found_building,
        ("building",),
    ),
    Control(
        4,
        "level",
        _control_level,
        ("staircase", "floor"),
        lambda place: {"level": place.level.display_name} if place.level else {},
        ("building",),
    ),
    Control(
        5,
        "eligibility",
        _control_eligibility,
        _ADDRESS,
        _found_state,
        ("building",),
        {"state": ("oiconnect.building", "state")},
    ),
    Control(
        6,
        "pm",
        _control_pm,
        ("pm_reference",),
        lambda place: {"pm": place.building.pm_id.reference},
        ("pm", "building"),
    ),
    Control(
        6,
        "pm_open",
        _control_pm_open,
        ("pm_reference",),
        _found_pm_state,
        ("pm",),
        {
            "state": ("oiconnect.pm", "state"),
            "authorisation": ("oiconnect.pm", "authorisation"),
        },
    ),
    Control(
        7,
        "service",
        _control_service,
        ("pm_service_reference",),
        lambda place: {"service": place.service.reference} if place.service else {},
        ("service", "pm"),
    ),
    Control(7, "batch", _control_batch, _ADDRESS, where=("building",)),
    Control(
        7,
        "service_type",
        _control_service_type,
        ("requested_type",),
        lambda place: {"kind": place.service.kind} if place.service else {},
        ("service",),
        {"kind": ("oiconnect.pm.service", "kind")},
    ),
    Control(
        8,
        "socket",
        control_pto,
        ("pto_reference", "existing_socket"),
        lambda place: {"pto": place.pto.reference} if place.pto else {},
        ("pto", "pto_building", "building"),
    ),
    Control(
        8,
        "socket_state",
        control_pto_state,
        ("existing_socket",),
        lambda place: {"state": place.pto.state} if place.pto else {},
        ("pto",),
        {"state": ("oiconnect.pto", "state")},
    ),
    Control(
        8,
        "holder",
        control_holder,
        ("pto_reference",),
        where=("order", "pto"),
        labels={"state": ("oiconnect.access.order", "state")},
    ),
    Control(8, "oc_position", control_oc_position, where=("service", "order")),
    Control(9, "contact", _control_contact, where=("source",)),
    Control(
        9,
        "appointment",
        control_appointment,
        ("appointment_reference",),
        where=("appointment",),
        labels={
            "state": ("oiconnect.appointment", "state"),
            "work": ("oiconnect.appointment", "kind"),
        },
    ),
)


def normal(text):
    """Compare names without case and outer blanks."""
    return (text or "").strip().upper()


def normal_level(text):
    """Compare staircases and floors: ``02`` is ``2``, ``RDC`` is ``0``."""
    text = normal(text)
    if text in ("RDC", "REZ-DE-CHAUSSEE", "REZ-DE-CHAUSSÉE"):
        return "0"
    return text.lstrip("0") or ("0" if text else "")
