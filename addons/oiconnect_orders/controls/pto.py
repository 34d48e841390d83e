"""Control 8 of the study: the PTO that the order names, or fails to name."""

from odoo.tools.translate import LazyTranslate

from .acknowledgement import Refusal
from .place import MOST

_lt = LazyTranslate(__name__)


def control_pto(order, place, referential, today):
    if not order.pto_reference:
        if order.existing_socket:
            return Refusal(
                "FIMP01",
                "pto_reference",
                _lt("The socket exists: give its PTO."),
                _ptos_at(place),
            )
        return None
    place.pto = referential.ptos.get(order.pto_reference)
    if not place.pto:
        return Refusal(
            "FIMP02", "pto_reference", _lt("This PTO does not exist."), _ptos_at(place)
        )
    if place.pto.building_id != place.building:
        return Refusal(
            "FIMP03",
            "pto_reference",
            _lt("This PTO is not at this address."),
            {"at": place.pto.building_id.display_name},
        )
    return None


def _ptos_at(place):
    """Return some PTOs of the building; who looks for one finds it there."""
    ptos = place.building.env["oiconnect.pto"].search(
        [("building_id", "=", place.building.id)], limit=MOST
    )
    return {"ptos": ptos.mapped("reference")}


def control_pto_state(order, place, referential, today):
    if not place.pto:
        return None
    laid = place.pto.state == "existing"
    if order.existing_socket and not laid:
        return Refusal("FIMP17", "existing_socket", _lt("This PTO is not laid yet."))
    if laid and not order.existing_socket:
        return Refusal("FIMP18", "existing_socket", _lt("This PTO is laid already."))
    return None


def control_holder(order, place, referential, today):
    if not place.pto:
        return None
    holding = referential.held.get((order.operator_id.id, place.pto.id))
    if holding:
        return Refusal(
            "FIMP19",
            "pto_reference",
            _lt("The operator already holds this PTO."),
            {"order": holding.oc_reference, "state": holding.state},
        )
    return None
