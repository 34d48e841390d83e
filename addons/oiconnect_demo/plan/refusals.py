"""Orders of the demo that are refused, one small story each.

A case is called with the planner and returns its order; the network itself
finds the reason when the order is played.
"""

from functools import partial

PM_OF_ALL = "OICN-01345-0001"
NOWHERE = "ZZ-0000-0000"


def _spot(planner, kind="free"):
    return planner.spots.take((PM_OF_ALL,), kind)


def _wrong(operator, planner, **line):
    """An order that is right but for ``line``."""
    return planner.add(operator, "cr_ko", _spot(planner), **line)


def _by_address_only(operator, planner, **line):
    return _wrong(operator, planner, building_identifier=None, **line)


def _unknown_level(operator, planner, **line):
    spot = planner.spots.take_flat((PM_OF_ALL,))
    return planner.add(operator, "cr_ko", spot, **line)


def _unknown_building(operator, planner):
    """Several buildings at the address, none of that name."""
    spots = planner.spots.free
    spot = next(s for s in spots if s.place.building_name and s.place.pm == PM_OF_ALL)
    return planner.add(
        operator,
        "cr_ko",
        spot,
        building_identifier=None,
        address_code=spot.place.address_code,
        building_name="BAT Z",
    )


def _pto_of_elsewhere(operator, planner):
    other = planner.made.ptos[-1].reference
    return _wrong(operator, planner, existing_socket=True, pto_reference=other)


def _pto_is_there(operator, planner):
    spot = planner.spots.take((PM_OF_ALL, "OICN-01345-0002"), "laid")
    return planner.add(operator, "cr_ko", spot, existing=False, connection_type="STOC")


def _held_already(operator, planner):
    """The operator orders the PTO on which it has a line in service."""
    first = planner.first(operator, "in_service", on_laid_pto=True)
    order = planner.add(operator, "cr_ko", first.spot, connection_type="OC")
    return planner.put_later(order, "refused_later")


def _saturated(operator, planner):
    """The box of the house has no fibre left once its neighbours are in service."""
    order = planner.add(operator, "cr_ko", planner.spots.refused.pop(0))
    return planner.put_later(order, "refused_later")


def _not_deployed(operator, state, planner):
    place = next(
        p
        for p in planner.places
        if p.state == state and p.pm == PM_OF_ALL and p.identifier and p.address_code
    )
    spot = _spot(planner)
    return planner.add(operator, "cr_ko", spot._replace(place=place))


def _not_at_this_pm(operator, planner):
    """The operator has no service at the PM of the address."""
    return planner.add(
        operator,
        "cr_ko",
        planner.spots.take(("OICN-01089-0002",)),
        pm_service_reference=None,
    )


def _other_service(operator, planner):
    reference = f"OICNM-01007-0001-{operator}"
    return _wrong(operator, planner, pm_service_reference=reference)


def _other_kind(operator, planner):
    kind = "LOCA" if operator == "OCBB" else "COFI"
    return _wrong(operator, planner, requested_type=kind)


STUDY_CASES = (
    partial(_by_address_only, "OCAA", address_code="01345ZZZ99"),
    partial(_by_address_only, "OCBB", address_code="01345YYY11"),
    partial(_by_address_only, "OCAA", address_code="01999AA001"),
    partial(_unknown_building, "OCAA"),
    partial(_unknown_level, "OCAA", staircase="Z"),
    partial(_unknown_level, "OCBB", floor="14"),
    partial(_wrong, "OCAA", existing_socket=True, connection_type="OC"),
    partial(_wrong, "OCBB", existing_socket=True, pto_reference=NOWHERE),
    partial(_wrong, "OCAA", existing_socket=True, pto_reference="ZZ-9999-9999"),
    partial(_pto_of_elsewhere, "OCAA"),
    partial(_pto_of_elsewhere, "OCCC"),
    partial(_wrong, "OCAA", pm_service_reference="OICNM-99999-0001-OCAA"),
    partial(_other_service, "OCBB"),
    partial(_other_kind, "OCAA"),
    partial(_other_kind, "OCCC"),
    partial(_wrong, "OCBB", pm_reference="OICN-99999-0001"),
    partial(_wrong, "OCAA", pm_reference="OICN-01149-0001"),
    partial(_not_at_this_pm, "OCBB"),
    partial(_not_at_this_pm, "OCCC"),
    partial(_not_deployed, "OCAA", "RACCORDABLE DEMANDE"),
    partial(_not_deployed, "OCBB", "EN COURS DE DEPLOIEMENT"),
    partial(_not_deployed, "OCCC", "CIBLE"),
    partial(_pto_is_there, "OCAA"),
    partial(_pto_is_there, "OCBB"),
    partial(_held_already, "OCAA"),
    partial(_held_already, "OCBB"),
    partial(_saturated, "OCAA"),
    partial(_saturated, "OCBB"),
    partial(_saturated, "OCAA"),
    partial(_saturated, "OCBB"),
)


def _refused_at_acknowledgement(operator, planner, **line):
    return planner.add(operator, "ar_ko", _spot(planner), **line)


def _reference_again(operator, planner):
    """The operator used the reference of an earlier order."""
    order = planner.add(operator, "ar_ko", _spot(planner))
    order.copies = planner.first(operator, "in_service")
    return planner.put_later(order, "refused_later")


_NO_CUSTOMER = {
    "connection_type": "STOC",
    "existing_socket": False,
    "customer_name": None,
    "customer_contact1": None,
}
_NO_ADDRESS = {
    "address_code": None,
    "building_identifier": None,
    "rivoli_code": None,
}
ACKNOWLEDGEMENT_CASES = (
    partial(_refused_at_acknowledgement, "OCAA", **_NO_CUSTOMER),
    partial(_refused_at_acknowledgement, "OCBB", **_NO_CUSTOMER),
    partial(_refused_at_acknowledgement, "OCAA", **_NO_ADDRESS),
    partial(_refused_at_acknowledgement, "OCBB", **_NO_ADDRESS),
    partial(_refused_at_acknowledgement, "OCCC", **_NO_ADDRESS),
    partial(_refused_at_acknowledgement, "OCAA", requested_type=None),
    partial(
        _refused_at_acknowledgement,
        "OCBB",
        connection_type="OI",
        existing_socket=False,
        appointment_reference=None,
    ),
    partial(_refused_at_acknowledgement, "OCAA", connection_type="AUTRE"),
    partial(_refused_at_acknowledgement, "OCCC", customer_contact1="06"),
    partial(_reference_again, "OCAA"),
    partial(_reference_again, "OCBB"),
)
