import logging

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.apart import apart
from odoo.addons.oiconnect_base.bulk import put
from odoo.addons.oiconnect_base.workflow import JOB, SCREEN

from ..controls.receipt import Refusal
from ..controls.referential import Referential
from ..controls.study import study
from ..discreet import trace
from ..wire import local_now
from .access_order_receive import QUIET

_logger = logging.getLogger(__name__)

STUDY_BATCH = 1000
# What waits for a person is studied again when that person says so.
TO_STUDY = Domain("state", "=", "ar_ok") & Domain("proposed_reason_id", "=", False)


class AccessOrder(models.Model):
    """The study: controls of level 2, then the reservation of a fibre."""

    _inherit = "oiconnect.access.order"

    @api.model
    def _cron_study(self):
        """Study acknowledged orders, operators in turn, one transaction a batch."""
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(TO_STUDY))
        for batch in self._study_batches(TO_STUDY, STUDY_BATCH):
            held = batch.try_lock_for_update(allow_referencing=True)
            held._study_apart(JOB)
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break

    def _study_apart(self, origin):
        """Study the orders; one that breaks us keeps no other waiting."""
        with apart(self.env.cr) as attempt:
            self._study(origin)
        if not attempt.error:
            return
        if len(self) == 1:
            _logger.error(
                "%s cannot be studied: %s", self.display_name, trace(attempt.error)
            )
        else:
            half = len(self) // 2
            self[:half]._study_apart(origin)
            self[half:]._study_apart(origin)

    def _study(self, origin=SCREEN):
        """Answer acknowledged orders: each is accepted or rejected."""
        orders = self.with_context(**QUIET)
        orders = orders.sudo()._can_fire("accept")
        groups = orders.grouped(lambda order: (order.network_id, order.operator_id))
        for (_network, operator), group in groups.items():
            # Reasons are told to the operator, in its language.
            group = group.with_context(lang=operator.lang)
            group._answer(*group._control_network(), origin)

    def _control_network(self):
        """Run the controls: return ``{order: place}`` and ``{order: refusal}``."""
        referential = Referential(self)
        today = local_now().date()
        places, refused = {}, {}
        for order in self:
            places[order], refusal = study(order, referential, today)
            if refusal:
                refused[order] = refusal
        return places, refused

    def _answer(self, places, refused, origin):
        """Accept the orders that have passed and get a fibre; reject the others."""
        passed = {order: p for order, p in places.items() if order not in refused}
        routes = self._reserve(passed)
        self._note_places(places)
        accepted = {order: route for order, route in routes.items() if route}
        unserved = self.browse([o.id for o in passed if o not in accepted])
        takeovers = unserved._lines_to_take_over()
        for order in unserved:
            if order not in takeovers:
                refused[order] = order._saturation(places[order].explain)
        self._reject(refused, places, origin)
        self._accept(accepted, takeovers, places, origin)

    def _note_places(self, places):
        """Keep what was found, for whoever reads a rejected order too."""
        found = places.values()
        put(
            self.browse([order.id for order in places]),
            {
                "building_id": [
                    p.building.id if len(p.building or ()) == 1 else None for p in found
                ],
                "pm_id": [p.pm and p.pm.id for p in found],
                "pto_id": [p.pto and p.pto.id for p in found],
                "pm_service_id": [p.service and p.service.id for p in found],
            },
        )

    # ------------------------------------------------------------------
    # Reservation
    # ------------------------------------------------------------------

    def _reserve(self, passed):
        """Return ``{order: route}``, empty where there is none."""
        requests = self._route_requests(passed)
        self._ask_sockets(passed, requests)
        routes = self.env["oiconnect.route"]
        route_ids = routes._reserve_batch(requests)
        given = tuple(filter(None, route_ids))
        for place, request in zip(passed.values(), requests, strict=True):
            place.explain = request["explain"]
            place.pto_id = request["pto_id"]
        self.browse([o.id for o in passed]).invalidate_recordset(
            ["route_ids"], flush=False
        )
        return {
            order: routes.browse(route_id or ()).with_prefetch(given)
            for order, route_id in zip(passed, route_ids, strict=True)
        }

    def _ask_sockets(self, passed, requests):
        """Have a socket made for the orders that have none, as the report tells it."""
        lacking = [
            (place, request)
            for place, request in zip(passed.values(), requests, strict=True)
            if not place.pto
        ]
        lots = self.env["oiconnect.pto.lot"].sudo()
        references = lots._new_references(self.network_id, len(lacking))
        for (place, request), reference in zip(lacking, references, strict=True):
            request["socket"] = {
                "reference": reference,
                "building_id": place.building.id,
                "level_id": place.level and place.level.id,
            }

    def _saturation(self, explain):
        """Return why no fibre was given."""
        if explain.get("reason") == "no_connector":
            text = self.env._("All connectors of the socket are in use.")
        elif explain.get("free"):
            text = self.env._("The fibres left at the building's PBO are kept aside.")
            return Refusal("FINT02", None, text)
        else:
            text = self.env._("No fibre is free at the building's PBO.")
        return Refusal("FINT01", None, text)

    def _accept(self, accepted, takeovers, places, origin):
        for order, route in accepted.items():
            why = places[order].explain
            why.pop("pbo_id", None)
            why |= {"route": route.name, "pbo": route.pbo_id.reference}
        self._attach(accepted, places)
        self._attach_takeovers(takeovers, places)
        orders = self.browse([order.id for order in (*accepted, *takeovers)])
        unrefused = dict.fromkeys(orders)
        orders._note_study("accepted", unrefused, places, origin)
        orders._fire("accept", origin)
        orders._go_on(origin)

    def _attach(self, accepted, places):
        """Bind each accepted order to its fibre, its PBO and its socket."""
        orders = self.browse([order.id for order in accepted])
        put(
            orders,
            {
                "pbo_id": [route.pbo_id.id for route in accepted.values()],
                "retained_type": [o._retained_type(places[o]) for o in orders],
                "pto_id": [places[o].pto_id for o in orders],
            },
        )

    def _retained_type(self, place):
        kind = self.requested_type
        if kind != "auto":
            return kind
        return place.service.kind if place.service else "loca"

    def _attach_takeovers(self, takeovers, places):
        """Bind each order to the line that it will take over."""
        for order, holder in takeovers.items():
            order.write(
                {
                    "pbo_id": holder.route_ids[:1].pbo_id.id,
                    "retained_type": order._retained_type(places[order]),
                    "takeover_of_id": holder.id,
                }
            )
