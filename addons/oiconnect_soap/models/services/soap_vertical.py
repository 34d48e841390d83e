from datetime import datetime, time

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_orders.controls.study import normal, normal_level

from ...soap.services import vertical_structure
from ...soap.values import PARIS

KEY = vertical_structure.SERVICE.key
OK, REFUSED = 0, 1
#: codes of the service, and their wording [proposed] (Interop'Fibre Accès §8)
LABELS = {
    "I01": "ADRESSE INCONNUE",
    "I02": "PLUSIEURS ADRESSES TROUVEES",
    "I03": "REFERENCE DE PRISE INCONNUE",
    "C01": "ADRESSE NON DEPLOYEE",
    "C02": "OPERATEUR NON HABILITE SUR LE PM",
    "S02": "REQUETE INCORRECTE",
}
#: EtatImmeuble and EtatPM of the IPE files
BUILDING_STATES = {
    "target": "CIBLE",
    "signed": "SIGNE",
    "on_demand": "RACCORDABLE DEMANDE",
    "on_demand_deploying": "RAD EN COURS DE DEPLOIEMENT",
    "deploying": "EN COURS DE DEPLOIEMENT",
    "deployed": "DEPLOYE",
    "abandoned": "ABANDONNE",
}
PM_STATES = {
    "planned": "PLANIFIE",
    "deploying": "EN COURS DE DEPLOIEMENT",
    "deployed": "DEPLOYE",
    "abandoned": "ABANDONNE",
}
PTO_STATES = {
    "to_build": "A_CONSTRUIRE",
    "existing": "EXISTANTE",
    "out_of_service": "HS",
}
#: PriseExistante: states of the sockets in the answer
SOCKET_STATES = {"O": ("existing", "out_of_service"), "N": ("to_build",)}
YES, NO = "O", "N"
#: what has no name of its own
UNNAMED = "_NA_"
TAKEN = ("reserved", "used")


class SoapServer(models.AbstractModel):
    """Structure verticale 1.0: description of a building, for those that order there.

    Interop'Fibre Accès §8, proposed. It is sent to the operators present at the PM of
    the address. The answer says whether a socket is in use, the same to all, but never
    its holder. A refusal is a result of the answer, no fault.
    """

    _inherit = "oiconnect.soap.server"

    @api.model
    def _handlers(self):
        return super()._handlers() | {
            (KEY, "obtentionStructureVerticale"): "_tell_structure",
            (KEY, "recherchePrise"): "_find_pto",
        }

    # ------------------------------------------------------------------
    # Operations
    # ------------------------------------------------------------------

    def _tell_structure(self, call):
        """Return the buildings of an address: their floors, PBOs and sockets."""
        self._check_operator(call)
        request = call.envelope.payload
        buildings, code = self._buildings_of(call, request)
        services = self._services_at(call, buildings)
        code = code or self._refused_place(buildings, services)
        if code:
            return self._answer_refused(call, code)
        ptos = self._requested_ptos(buildings, request)
        if request.get("pto_reference") and not ptos:
            return self._answer_refused(call, "I03")
        first = buildings[0]
        return self._answer_found(
            call,
            first,
            building_state=BUILDING_STATES[first.state],
            opening_date=_midnight(first.commercial_date),
            pms=[self._pm_payload(service) for service in services],
            buildings=self._building_payloads(
                call, buildings, ptos, lambda level: _is_requested(level, request)
            ),
        )

    def _find_pto(self, call):
        """Return where a socket is; one where the caller is not present is unknown."""
        self._check_operator(call)
        pto = (
            self.env["oiconnect.pto"]
            .sudo()
            .search(
                [
                    ("reference", "=", call.envelope.payload["pto_reference"]),
                    ("network_id", "=", call.account.network_id.id),
                ]
            )
        )
        if not pto or not self._services_at(call, pto.building_id):
            return self._answer_refused(call, "I03")
        return self._answer_found(
            call,
            pto.building_id,
            buildings=self._building_payloads(
                call, pto.building_id, pto, lambda level: level == pto.level_id
            ),
            state=PTO_STATES[pto.state],
        )

    # ------------------------------------------------------------------
    # Places
    # ------------------------------------------------------------------

    def _buildings_of(self, call, request):
        """Return ``(buildings, code)`` of the requested address."""
        buildings = self.env["oiconnect.building"]
        address = {
            key: value for key, value in request["address"].items() if value is not None
        }
        if not address.keys() - {"position"}:
            # By coordinates alone no address is sure.
            return buildings, "S02"
        found = buildings._found_at(call.account.network_id, address)
        if not found:
            return found, "I01"
        if len({_address_key(building) for building in found}) > 1:
            return found, "I02"
        name = normal(request.get("building_name"))
        named = found.filtered(
            lambda one: not name or normal(one.building_name) == name
        )
        return named, None if named else "I01"

    def _services_at(self, call, buildings):
        """Return the services of the caller at the PMs of the buildings."""
        account = call.account
        return self.env["oiconnect.pm.service"]._running(
            account.operator_id,
            account.network_id,
            Domain("pm_id", "in", buildings.pm_id.ids),
        )

    @api.model
    def _refused_place(self, buildings, services):
        if not any(building.state == "deployed" for building in buildings):
            return "C01"
        return None if services else "C02"

    @api.model
    def _requested_ptos(self, buildings, request):
        """Return the sockets that match the request."""
        reference = request.get("pto_reference")
        states = SOCKET_STATES.get(request.get("existing_socket"))
        return buildings.pto_ids.filtered(
            lambda pto: (
                (not reference or pto.reference == reference)
                and (not states or pto.state in states)
            )
        )

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def _answer_refused(self, call, code):
        call.code = code
        return {
            "header": self._body_header(call),
            "result": {
                "return_code": REFUSED,
                "error_code": code,
                "error_label": LABELS[code],
            },
        }

    def _answer_found(self, call, building, **values):
        return {
            "header": self._body_header(call),
            "result": {"return_code": OK},
            "address": {
                "name": building.address or None,
                "insee_code": building.insee_code or None,
                "rivoli_code": building.rivoli_code or None,
                "address_code": building.address_code or None,
                "building_identifier": building.identifier or None,
            },
            **values,
        }

    @api.model
    def _pm_payload(self, service):
        pm = service.pm_id
        return {
            "pm_reference": pm.reference,
            "pm_service_reference": service.reference,
            "state": PM_STATES[pm.state],
            "opening_date": _midnight(pm.commercial_date),
        }

    def _building_payloads(self, call, buildings, ptos, is_requested):
        """Return the tree of the buildings: staircases, floors, PBOs and sockets.

        :param is_requested: function: whether a level is one of those requested
        """
        pbos = buildings.pbo_ids | buildings.level_ids.pbo_id | ptos.pbo_id
        free = self.env["oiconnect.mutation"]._free_counts(
            pbos, call.account.operator_id
        )
        return [
            {
                "reference": building.building_name or UNNAMED,
                "state": BUILDING_STATES[building.state],
                "staircases": self._staircase_payloads(
                    building, ptos, free, is_requested
                ),
            }
            for building in buildings
        ]

    @api.model
    def _staircase_payloads(self, building, ptos, free, is_requested):
        """Return the requested staircases, in order."""
        floors_by_staircase = {}
        for level in _levels(building, ptos):
            if is_requested(level):
                floors = floors_by_staircase.setdefault(level.staircase or UNNAMED, [])
                floors.append(self._floor_payload(building, level, ptos, free))
        return [
            {"reference": staircase, "floors": floors}
            for staircase, floors in floors_by_staircase.items()
        ]

    @api.model
    def _floor_payload(self, building, level, ptos, free):
        """Return a floor; of an empty one, what hangs on the building itself."""
        own = ptos.filtered(
            lambda pto: pto.building_id == building and pto.level_id == level
        )
        return {
            "reference": level.floor or UNNAMED,
            "dwelling_count": level.dwelling_count
            if level
            else building.dwelling_count,
            "pbos": [
                self._pbo_payload(pbo, free) for pbo in level.pbo_id or building.pbo_ids
            ],
            "ptos": [self._pto_payload(pto) for pto in own],
        }

    @api.model
    def _pbo_payload(self, pbo, free):
        return {
            "pbo_reference": pbo.reference,
            "kind": pbo.type_id.code or None,
            "connection_kind": pbo.connection_type_id.code or None,
            "is_saturated": NO if free.get(pbo.id) else YES,
        }

    @api.model
    def _pto_payload(self, pto):
        in_use = any(route.state in TAKEN for route in pto.route_ids)
        return {
            "pto_reference": pto.reference,
            "state": PTO_STATES[pto.state],
            "in_use": YES if in_use else NO,
        }


def _levels(building, ptos):
    """Return the levels of a building, and an empty one for what has none."""
    levels = list(building.level_ids)
    loose = any(pto.building_id == building and not pto.level_id for pto in ptos)
    return levels if levels and not loose else [*levels, building.level_ids.browse()]


def _is_requested(level, request):
    """Return whether the request wants a level; one without name is anywhere."""
    return all(
        not request.get(name)
        or normal_level(level[name]) in ("", normal_level(request[name]))
        for name in ("staircase", "floor")
    )


def _address_key(building):
    """Return what tells the address of a building from others."""
    return building.address_code or (
        building.insee_code,
        building.rivoli_code,
        building.street_number,
        building.street_number_suffix,
    )


def _midnight(day):
    """Return the moment at which a day begins, None for no day."""
    return datetime.combine(day, time(), PARIS) if day else None
