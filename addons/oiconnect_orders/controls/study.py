"""Level 2: can the network serve this order?

Interop'Fibre access protocol, controls 4 to 9, in its order; the first that
fails gives the reason of the report (CR_CMD). The fibre itself (FINT01) is
reserved afterwards, for all orders that passed.
"""

from dataclasses import dataclass

from odoo.tools.translate import LazyTranslate

from .appointment import control_appointment
from .oc_position import control_oc_position
from .receipt import Refusal

_lt = LazyTranslate(__name__)


@dataclass
class Place:
    """What the network knows of the order's place, filled by the controls."""

    building: object = None
    level: object = None
    pm: object = None
    service: object = None
    pto: object = None

    @property
    def pbos(self):
        """PBOs that can serve the place, the nearest first."""
        if self.level and self.level.pbo_id:
            return self.level.pbo_id
        if self.pto and self.pto.pbo_id:
            return self.pto.pbo_id
        return self.building.pbo_ids


def study(order, referential, today):
    """Return ``(place, refusal)``; ``refusal`` is None when the order may go on."""
    place = Place()
    for control in CONTROLS:
        refusal = control(order, place, referential, today)
        if refusal:
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
    named = [b for b in candidates if normal(b.building_name) == wanted]
    if len(named) == 1:
        place.building = named[0]
    elif len(candidates) == 1 and not (wanted and candidates.building_name):
        place.building = candidates
    else:
        return Refusal(
            "FADR02",
            "building_name",
            _lt("Several buildings or none at this address have this name."),
        )
    return None


def _control_level(order, place, referential, today):
    levels = list(place.building.level_ids)
    steps = (("staircase", "FADR03"), ("floor", "FADR04"))
    for field, code in steps:
        known = {normal_level(level[field]) for level in levels} - {""}
        wanted = normal_level(order[field])
        if known and wanted not in known:
            return Refusal(code, field, _lt("Unknown here: see the building's levels."))
        levels = [lv for lv in levels if normal_level(lv[field]) in (wanted, "")]
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
    return _control_pm_open(place, today)


def _control_pm_open(place, today):
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
            )
        return _control_service_type(order, place)
    place.service = referential.services.get(
        (order.operator_id.id, order.pm_service_reference)
    )
    if not _is_running(place.service, today):
        return Refusal(
            "FIMP04", "pm_service_reference", _lt("This PM service does not exist.")
        )
    if place.service.pm_id != place.building.pm_id:
        return Refusal(
            "FIMP05",
            "pm_service_reference",
            _lt("This PM service does not serve this address."),
        )
    return _control_service_type(order, place)


def _is_running(service, today):
    """Tell whether the operator has the service today; it has it on its last day."""
    return bool(
        service
        and service.start_date <= today
        and not (service.end_date and service.end_date < today)
    )


def _control_service_type(order, place):
    if order.requested_type not in ("auto", place.service.kind):
        return Refusal(
            "FIMP06",
            "requested_type",
            _lt("This type of order is not that of the operator's PM service."),
        )
    return None


def _control_socket(order, place, referential, today):
    if not order.pto_reference:
        if order.existing_socket:
            return Refusal(
                "FIMP01", "pto_reference", _lt("The socket exists: give its PTO.")
            )
        return None
    place.pto = referential.ptos.get(order.pto_reference)
    if not place.pto:
        return Refusal("FIMP02", "pto_reference", _lt("This PTO does not exist."))
    if place.pto.building_id != place.building:
        return Refusal(
            "FIMP03", "pto_reference", _lt("This PTO is not at this address.")
        )
    return _control_socket_state(order, place, referential)


def _control_socket_state(order, place, referential):
    laid = place.pto.state == "existing"
    if order.existing_socket and not laid:
        return Refusal("FIMP17", "existing_socket", _lt("This PTO is not laid yet."))
    if laid and not order.existing_socket:
        return Refusal("FIMP18", "existing_socket", _lt("This PTO is laid already."))
    if (order.operator_id.id, place.pto.id) in referential.held:
        return Refusal(
            "FIMP19", "pto_reference", _lt("The operator already holds this PTO.")
        )
    return None


CONTROLS = (
    _control_address,
    _control_building,
    _control_level,
    _control_eligibility,
    _control_pm,
    _control_service,
    _control_socket,
    control_oc_position,
    control_appointment,
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
