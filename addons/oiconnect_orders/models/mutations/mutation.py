from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.exceptions import BusyError, WorkflowError

from ...references import fibre_identifier, fibre_number
from ...states import LIVE_STATES
from ..access.routes import EVENTS

# Codes of E-mutation 1.2 (Interop'Fibre Accès §9)
NO_ACCESS = "S02"
UNKNOWN_PBO = "I01"
UNKNOWN_FIBRE = "S03"
UNKNOWN_ADDRESS = "C01"
WRONG_STATE = "C03"
# Fibres or branching points of one answer
MOST = 500
# States that come before a reference is the order's own, or that give it back
NOT_YET = ("received", "ar_ko")
# EtatFibre
FIBRE_STATES = {
    "free": "disponible",
    "reserved": "réservée",
    "used": "occupée",
    "out_of_service": "hors service",
    "incomplete": "hors service",
}
UNNAMED = "-"


class Mutation(models.AbstractModel):
    """E-mutation: an operator looks at fibres of a PBO, and changes its route.

    Single entry point; what comes out are plain dicts, and the code that refuses. All
    that is looked for is looked for among what is the operator's: what is another's is
    as unknown as what does not exist, by the same query. Of a fibre, the state is
    given; its holder is not, nor its socket unless that is the operator's own.

    References are a dict: ``oc_reference``, ``service_reference``, ``pm_reference``,
    ``pbo_reference``; a page is ``(offset, limit)``, each of which may be None.
    """

    _name = "oiconnect.mutation"
    _description = "Change of route by an operator"

    # ------------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _pbos(self, operator, network, references, page):
        """Return ``([PBO, …], code)``: those that may serve the operator's access."""
        order = self._order_of(operator, network, references)
        if order.state not in LIVE_STATES:
            return [], NO_ACCESS
        offset, limit = _bounds(page)
        pbos = self._pbos_of(order)[offset : offset + limit]
        return self._pbo_values(pbos, operator), None

    @api.model
    @api.private
    def _fibres(self, operator, network, references, page):
        """Return ``({"pbo": …, "fibres": […]}, code)`` of a PBO.

        It is named by its reference and that of its PM, or it is that of an access.
        """
        if references.get("pbo_reference") or references.get("pm_reference"):
            pbo = self._named_pbo(operator, network, references)
            refused = UNKNOWN_PBO
        else:
            order = self._order_of(operator, network, references)
            is_live = order.state in LIVE_STATES
            pbo = self._pbos_of(order)[:1] if is_live else order.pbo_id.browse()
            refused = NO_ACCESS
        if not pbo:
            return {}, refused
        offset, limit = _bounds(page)
        routes = self.env["oiconnect.route"].sudo()
        found = routes.search(
            [("pbo_id", "=", pbo.id)], offset=offset, limit=limit, order="sequence, id"
        )
        [values] = self._pbo_values(pbo, operator)
        fibres = [self._fibre_values(route, operator) for route in found]
        return {"pbo": values, "fibres": fibres}, None

    @api.model
    @api.private
    def _change(self, operator, network, references, request):
        """Give the operator's access the route that it asks for, at once.

        Sent again, it is answered the same and changes nothing.

        :param request: ``fibre_identifier``, ``mutation_reason`` (a name), ``address``
            and ``note``, both optional
        :return: ``({"discharge_number": …, "routes": […], …}, code)``
        """
        order = self._order_of(operator, network, references)
        if not order:
            return {}, NO_ACCESS
        route = self._route_named(network, order, request["fibre_identifier"])
        if not route:
            return {}, UNKNOWN_FIBRE
        if route in order.route_ids and order.discharge_number:
            return self._change_values(order), None
        address = request.get("address")
        buildings = self.env["oiconnect.building"]
        if address and not buildings._found_at(network, address):
            return {}, UNKNOWN_ADDRESS
        if not order._can_fire(EVENTS["hot"]):
            return {}, WRONG_STATE
        if not self._is_free(route, operator):
            return {}, UNKNOWN_FIBRE
        return self._reprovision(order, route, request)

    @api.model
    def _reprovision(self, order, route, request):
        reasons = self.env["oiconnect.mutation.reason"].sudo()
        reason = reasons.search([("name", "=", request["mutation_reason"])], limit=1)
        note = " – ".join(filter(None, (reason.name, request.get("note"))))
        try:
            with self.env.cr.savepoint():
                order._reprovision("hot", reason, route, note)
        except BusyError:
            raise
        except WorkflowError:
            return {}, WRONG_STATE
        except UserError:
            # Taken since a moment ago, or dedicated to another
            return {}, UNKNOWN_FIBRE
        return self._change_values(order), None

    # ------------------------------------------------------------------
    # Of the operator
    # ------------------------------------------------------------------

    @api.model
    def _order_of(self, operator, network, references):
        """Return the operator's order of these references, empty if it has none."""
        orders = self.env["oiconnect.access.order"].sudo()
        named = {
            name: references[name]
            for name in ("oc_reference", "service_reference")
            if references.get(name)
        }
        if not named:
            return orders
        return orders.search(
            Domain("operator_id", "=", operator.id)
            & Domain("network_id", "=", network.id)
            & Domain("state", "not in", NOT_YET)
            & Domain.AND(Domain(name, "=", value) for name, value in named.items()),
            limit=1,
        )

    @api.model
    def _pbos_of(self, order):
        """Return the PBOs that may serve the order, its own first."""
        others = order.building_id.pbo_ids - order.pbo_id
        same_pm = others.filtered(lambda pbo: pbo.pm_id == order.pm_id)
        return order.pbo_id | same_pm.sorted("reference")

    @api.model
    def _named_pbo(self, operator, network, references):
        """Return the PBO of that PM, where the operator is present."""
        services = self.env["oiconnect.pm.service"]._running(operator, network)
        return (
            self.env["oiconnect.pbo"]
            .sudo()
            .search(
                Domain("network_id", "=", network.id)
                & Domain("reference", "=", references.get("pbo_reference") or False)
                & Domain(
                    "pm_id.reference", "=", references.get("pm_reference") or False
                )
                & Domain("pm_id", "in", services.pm_id.ids)
            )
        )

    @api.model
    def _route_named(self, network, order, identifier):
        """Return the route of that name, if it may serve the order at all."""
        routes = self.env["oiconnect.route"].sudo()
        number = fibre_number(identifier)
        if number is None or identifier != fibre_identifier(network.oi_code, number):
            return routes
        return routes.search(
            Domain("id", "=", number)
            & Domain("network_id", "=", network.id)
            & Domain("pbo_id", "in", self._pbos_of(order).ids)
        )

    @api.model
    def _is_free(self, route, operator):
        dedicated = route.dedicated_operator_id
        is_ours = not dedicated or dedicated == operator
        return route.state == "free" and not route.pto_id and is_ours

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _free_counts(self, pbos, operator):
        """Return ``{PBO id: fibres}`` that the operator may still have, in one query.

        Served by the index of free routes of a PBO.
        """
        for name in ("route", "pm.position", "pm.module"):
            self.env[f"oiconnect.{name}"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT route.pbo_id, count(*) FROM oiconnect_route route
                LEFT JOIN oiconnect_pm_position position
                    ON position.id = route.position_id
                LEFT JOIN oiconnect_pm_module module ON module.id = position.module_id
                WHERE route.pbo_id = ANY(%(pbos)s) AND route.state = 'free'
                    AND route.pto_id IS NULL
                    AND COALESCE(position.dedicated_operator_id,
                                 module.dedicated_operator_id,
                                 %(operator)s) = %(operator)s
                GROUP BY route.pbo_id
                """,
                pbos=pbos.ids,
                operator=operator.id,
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _pbo_values(self, pbos, operator):
        free = self._free_counts(pbos, operator)
        return [
            {
                "pm_reference": pbo.pm_id.reference,
                "pbo_reference": pbo.reference,
                "location": pbo.localisation or pbo.building_ids[:1].address or UNNAMED,
                "free_fibre_count": free.get(pbo.id, 0),
                "kind": pbo.type_id.code or None,
            }
            for pbo in pbos
        ]

    @api.model
    def _fibre_values(self, route, operator):
        is_own = route.operator_id == operator
        # Read for any holder: the answer takes as long.
        pto_reference = route.pto_id.reference or None
        return {
            "fibre_identifier": fibre_identifier(route.network_id.oi_code, route.id),
            "cable_reference": route.cable_id.reference or None,
            "tube": route.tube or UNNAMED,
            "fibre": route.fibre or UNNAMED,
            "state": self._fibre_state(route, operator),
            "pto_reference": pto_reference if is_own else None,
        }

    @api.model
    def _fibre_state(self, route, operator):
        """Return the state of a fibre, the same for any holder.

        One that is dedicated to another is not to be had: it is given as one in use.
        One that waits at a socket is reserved for that socket.
        """
        dedicated = route.dedicated_operator_id
        if dedicated and dedicated != operator:
            return "fibre occupée"
        is_reserved = route.state == "free" and route.pto_id
        state = FIBRE_STATES["reserved" if is_reserved else route.state]
        return f"fibre dédiée {state}" if dedicated else f"fibre {state}"

    @api.model
    def _change_values(self, order):
        pm = order.pm_id
        technical = order.pbo_id.technical_pm_id.reference or pm.technical_reference
        return {
            "discharge_number": order.discharge_number,
            "routes": [route._payload(order.operator_id) for route in order.route_ids],
            "pto_reference": order.pto_id.reference,
            "pm_reference": pm.reference,
            # A PM that groups no others is its own technical PM.
            "technical_pm_reference": technical or pm.reference,
            "pbo_reference": order.pbo_id.reference,
        }


def _bounds(page):
    offset, limit = page
    return min(offset or 0, 10**6), min(limit or MOST, MOST)
