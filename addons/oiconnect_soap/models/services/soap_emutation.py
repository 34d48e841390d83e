from odoo import api, models
from odoo.fields import Domain

from ...soap import SoapFault, codes
from ...soap.services import emutation

KEY = emutation.SERVICE.key
REASONS = "mutation_reason"
REFERENCES = ("oc_reference", "service_reference", "pm_reference", "pbo_reference")
#: what was seen on site, less the door: it may tell of the customer
SEEN = ("seen_building_name", "seen_staircase", "seen_floor")
UNNAMED = "-"
#: code of the service → element of the fault, and wording (Interop'Fibre Accès §9; the
#: pairing of the last three is inferred)
FAULTS = {
    "S02": (
        "FunctionalFault",
        "AUCUN ACCES LIVRE OU EN COURS DE LIVRAISON POUR CETTE REFERENCE",
    ),
    "I01": ("ConsultationFibresFault", "COUPLE PM/PBO INTROUVABLE"),
    "S03": ("MiseAJourFault", "IDENTIFIANT DE FIBRE INCONNU"),
    "C01": ("MiseAJourFault", "ADRESSE INCONNUE DU REFERENTIEL DE L'OI"),
    "C03": ("MiseAJourFault", "ETAT DE LA COMMANDE INCOMPATIBLE AVEC UNE MUTATION"),
}


class SoapServer(models.AbstractModel):
    """E-mutation 1.2: an operator looks at the fibres of a PBO and changes its route.

    Interop'Fibre Accès §9. ``oiconnect.mutation`` knows what is the operator's; of a
    fibre that is taken nothing says by whom.
    """

    _inherit = "oiconnect.soap.server"

    @api.model
    def _handlers(self):
        return super()._handlers() | {
            (KEY, "RecherchePBO"): "_search_pbos",
            (KEY, "ConsultationFibres"): "_tell_fibres",
            (KEY, "MiseAJourRouteOptique"): "_change_route",
        }

    # ------------------------------------------------------------------
    # Operations
    # ------------------------------------------------------------------

    def _search_pbos(self, call):
        """Return the PBOs that may serve an access of the caller, its own first."""
        pbos = self._ask_mutation(call, "_pbos", _page(call.envelope.payload))
        return {"header": self._body_header(call), "pbos": pbos}

    def _tell_fibres(self, call):
        """Return a PBO where the caller is present, and its fibres."""
        found = self._ask_mutation(call, "_fibres", _page(call.envelope.payload))
        return {"header": self._body_header(call), **found}

    def _change_route(self, call):
        """Give an access of the caller another route; sent again, answer the same."""
        payload = call.envelope.payload
        seen = ", ".join(payload[name] for name in SEEN if payload.get(name))
        change = {
            "fibre_identifier": payload["fibre_identifier"],
            "mutation_reason": payload["mutation_reason"],
            "address": payload.get("address"),
            "note": seen or None,
        }
        answer = self._ask_mutation(call, "_change", change)
        routes = [_route(route) for route in answer["routes"]]
        return answer | {"header": self._body_header(call), "routes": routes}

    def _ask_mutation(self, call, method, argument):
        """Ask for what concerns an access of the caller; a refusal is a fault."""
        self._check_operator(call)
        payload, account = call.envelope.payload, call.account
        references = {name: payload.get(name) for name in REFERENCES}
        ask = getattr(self.env["oiconnect.mutation"].sudo(), method)
        answer, code = ask(
            account.operator_id, account.network_id, references, argument
        )
        if code:
            element, label = FAULTS[code]
            raise SoapFault(
                code, operation=call.operation, element=element, label=label
            )
        return answer

    # ------------------------------------------------------------------
    # Lists
    # ------------------------------------------------------------------

    @api.model
    def _lists(self, service, archived=False):
        lists = super()._lists(service, archived)
        return self._mutation_lists(archived) if service.key == KEY else lists

    @api.model
    def _mutation_lists(self, archived):
        """Return all lists, with the reasons that administrators keep."""
        env = self.env(su=True, context={"active_test": not archived})
        reasons = env["oiconnect.mutation.reason"].search(Domain.TRUE)
        return dict(codes.LISTS) | {REASONS: tuple(reasons.mapped("name"))}


def _page(payload):
    return payload.get("offset"), payload.get("limit")


def _route(route):
    """Return an optical route with the keys of the contract."""
    return {
        "operator_code": route["operator_code"],
        "position": {
            "module_name": route["module"] or UNNAMED,
            "module_position": route["position"] or UNNAMED,
            "cable_reference": route["module_cable"],
            "tube": route["module_tube"],
            "fibre": route["module_fibre"],
        },
        "cable_reference": route["pbo_cable"],
        "tube": route["pbo_tube"] or UNNAMED,
        "fibre": route["pbo_fibre"] or UNNAMED,
        "connector_number": route["connector_number"] or 1,
        "connector_colour": route["connector_colour"],
    }
