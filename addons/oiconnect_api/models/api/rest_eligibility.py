from odoo import api, models
from odoo.fields import Domain

from ...rest.problem import Problem
from .rest import _dumps

#: places of an answer
MAX_PLACES = 10
#: degrees around a point, about fifty metres
NEAR = 0.0005
MODES = ("oc", "oi", "stoc")
# Parameters that give a place, and the field of a building that has each
_BY_ADDRESS = {
    "building_id": "id",
    "identifier": "identifier",
    "address_code": "address_code",
    "insee_code": "insee_code",
    "rivoli_code": "rivoli_code",
    "street_number": "street_number",
}
# Two of these find a street or a town only.
_OF_STREET = {"insee_code", "rivoli_code", "street_number"}
# What an order lacks that is not made yet
_LATER = ("appointment_reference",)


class Rest(models.AbstractModel):
    """Eligibility of a place: the controls of an order, before there is one."""

    _inherit = "oiconnect.rest"

    @api.model
    @api.private
    def _eligibility(self, caller, description, query):
        """Return the JSON text of the requested places, by mode.

        :param description: that of buildings, whose scope it needs
        :param query: where, by one of the ways that the API documents
        """
        self._check_scope(caller, description)
        operator = self._ordering_operator(caller, query["operator"])
        domain = self._visible(caller, description.resource)
        buildings, pto = self._places(caller, domain, query)
        return _dumps(
            {"data": [self._offer(one, pto, operator) for one in buildings.sudo()]}
        )

    @api.model
    def _ordering_operator(self, caller, code):
        operators = self.env["oiconnect.operator"].sudo()
        if caller.operator_id:
            operator = operators.browse(caller.operator_id)
            if code in (None, operator.interop_code):
                return operator
        elif code:
            operator = operators.search([("interop_code", "=", code)])
            if operator:
                return operator
        errors = [{"parameter": "operator", "detail": "unknown, or not given"}]
        raise Problem(422, "invalid", errors=errors)

    @api.model
    def _places(self, caller, domain, query):
        """Return ``(buildings, PTO)``; the PTO is empty unless it was requested."""
        found = Domain.TRUE
        pto = self.env["oiconnect.pto"].sudo()
        if reference := query["pto_reference"]:
            pto = pto.search(
                [
                    ("reference", "=", reference),
                    ("network_id", "in", caller.network_ids),
                ],
                limit=1,
            )
            found = Domain("id", "=", pto.building_id.id)
        elif query["latitude"] is not None and query["longitude"] is not None:
            found = self._near(query["latitude"], query["longitude"])
        else:
            found = self._at_address(query)
        if found.is_true():
            errors = [{"parameter": "identifier", "detail": "say where"}]
            raise Problem(422, "invalid", errors=errors)
        buildings = caller.env["oiconnect.building"]
        return buildings.search(domain & found, limit=MAX_PLACES), pto

    @api.model
    def _at_address(self, query):
        names = {name for name in _BY_ADDRESS if query[name] is not None}
        if not names or (names <= _OF_STREET and names != _OF_STREET):
            return Domain.TRUE
        return Domain.AND(Domain(_BY_ADDRESS[name], "=", query[name]) for name in names)

    @api.model
    def _near(self, latitude, longitude):
        return Domain.AND(
            Domain(name, operator, value)
            for name, middle in (("latitude", latitude), ("longitude", longitude))
            for operator, value in ((">=", middle - NEAR), ("<=", middle + NEAR))
        )

    @api.model
    def _offer(self, building, pto, operator):
        dates = (
            building.order_acceptance_date,
            building.order_report_date,
            building.commercial_date,
            building.pm_id.commercial_date,
        )
        return {
            "building": {"id": building.id, "name": building.display_name},
            "address": building.address or None,
            "state": building.state,
            "pm": building.pm_id.reference or None,
            "pto": pto.reference or None,
            "from": max((str(one) for one in dates if one), default=None),
            "modes": [self._mode(building, pto, operator, mode) for mode in MODES],
        }

    @api.model
    def _mode(self, building, pto, operator, mode):
        refusals = [
            refusal
            for refusal in building._refusals_of_order(operator, mode, pto)
            if refusal.field not in _LATER
        ]
        offer = {"type": mode, "eligible": not refusals, "reason": None}
        if refusals:
            offer["reason"] = {"code": refusals[0].code, "detail": refusals[0].message}
        return offer
