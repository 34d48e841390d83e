import logging

from odoo import api, models

from odoo.addons.oiconnect_base.apart import apart

from ..controls.receipt import Refusal
from ..controls.referential import Referential
from ..controls.study import study
from ..discreet import trace
from ..references import pto_reference
from ..wire import local_now
from .access_order_receive import QUIET

_logger = logging.getLogger(__name__)

STUDY_BATCH = 200


class AccessOrder(models.Model):
    """The study: controls of level 2, then the reservation of a fibre."""

    _inherit = "oiconnect.access.order"

    @api.model
    def _cron_study(self):
        """Study acknowledged orders, oldest first, one transaction a batch."""
        self.env["ir.cron"]._commit_progress(
            remaining=self.search_count([("state", "=", "ar_ok")])
        )
        last = 0
        while batch := self.search(
            [("state", "=", "ar_ok"), ("id", ">", last)], limit=STUDY_BATCH, order="id"
        ):
            last = batch[-1].id
            held = batch.try_lock_for_update(allow_referencing=True)
            held.with_context(oiconnect_road="job")._study_apart()
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break

    def _study_apart(self):
        """Study the orders; one that breaks us keeps no other waiting."""
        with apart(self.env.cr) as attempt:
            self._study()
        if not attempt.error:
            return
        if len(self) == 1:
            _logger.error(
                "%s cannot be studied: %s", self.display_name, trace(attempt.error)
            )
        else:
            half = len(self) // 2
            self[:half]._study_apart()
            self[half:]._study_apart()

    def _study(self):
        """Answer acknowledged orders: each is accepted or rejected."""
        orders = self.with_context(**QUIET)
        orders = orders.sudo()._can_fire("accept")
        groups = orders.grouped(lambda order: (order.network_id, order.operator_id))
        for (_network, operator), group in groups.items():
            # Reasons are told to the operator, in its language.
            group = group.with_context(lang=operator.lang)
            group._accept(group._control_network())

    def _control_network(self):
        """Run the controls; reject what fails. Return ``{order: place}``."""
        referential = Referential(self)
        today = local_now().date()
        passed, refused = {}, {}
        for order in self:
            place, refusal = study(order, referential, today)
            if refusal:
                refused[order] = refusal
            else:
                passed[order] = place
            order._note_place(place)
        self._reject(refused)
        return passed

    def _note_place(self, place):
        """Keep what was found, for whoever reads a rejected order too."""
        building = place.building
        self.write(
            {
                "building_id": len(building or ()) == 1 and building.id,
                "pm_id": place.pm and place.pm.id,
                "pto_id": place.pto and place.pto.id,
                "pm_service_id": place.service and place.service.id,
            }
        )

    def _reject(self, refused):
        """Reject the orders of ``{order: refusal}``."""
        for order, refusal in refused.items():
            order.write(
                {
                    "reason_id": self._reason(refusal.code).id,
                    "reason_comment": refusal.told(self.env).message,
                }
            )
        self.browse([order.id for order in refused])._fire("reject")

    # ------------------------------------------------------------------
    # Reservation
    # ------------------------------------------------------------------

    def _accept(self, passed):
        routes = self._reserve(passed)
        unserved = self.browse(
            [order.id for order, route in routes.items() if not route]
        )
        takeovers = unserved._lines_to_take_over()
        saturated = Refusal(
            "FINT01", None, self.env._("No fibre is free at the building's PBO.")
        )
        self._reject({order: saturated for order in unserved if order not in takeovers})
        accepted = {order: route for order, route in routes.items() if route}
        self._attach(accepted, passed)
        self._attach_takeovers(takeovers, passed)
        orders = self.browse([order.id for order in (*accepted, *takeovers)])
        orders._fire("accept")
        orders._go_on()

    def _reserve(self, passed):
        requests = self._route_requests(passed)
        route_ids = self.env["oiconnect.route"]._reserve_batch(requests)
        given = self.env["oiconnect.route"].browse(filter(None, route_ids))
        by_id = {route.id: route for route in given}
        return {
            order: by_id.get(route_id, given.browse())
            for order, route_id in zip(passed, route_ids, strict=True)
        }

    def _attach(self, accepted, passed):
        """Bind each accepted order to its fibre, its PBO and its socket."""
        sockets = self._make_sockets(accepted, passed)
        for order, route in accepted.items():
            vals = order._vals_accepted(passed[order], route)
            if order in sockets:
                vals["pto_id"] = sockets[order].id
            order.write(vals)
        routes = self.env["oiconnect.route"].concat(*accepted.values())
        routes._hold(self.browse([order.id for order in accepted]))

    def _vals_accepted(self, place, route):
        kind = self.requested_type
        return {
            "pbo_id": route.pbo_id.id,
            "retained_type": place.service.kind if kind == "auto" else kind,
        }

    def _attach_takeovers(self, takeovers, passed):
        """Bind each order to the line that it will take over."""
        for order, holder in takeovers.items():
            vals = order._vals_accepted(passed[order], holder.route_ids[:1])
            order.write(vals | {"takeover_of_id": holder.id})

    def _make_sockets(self, accepted, passed):
        """Give the reference of the socket to build, as the report needs it.

        :return: ``{order: socket}`` of the orders that had none
        """
        lacking = [order for order in accepted if not order.pto_id]
        references = self._new_pto_references(lacking)
        ptos = self.env["oiconnect.pto"].create(
            [
                {
                    "reference": reference,
                    "network_id": order.network_id.id,
                    "building_id": order.building_id.id,
                    "pbo_id": accepted[order].pbo_id.id,
                    "level_id": passed[order].level and passed[order].level.id,
                    "state": "to_build",
                    "connector_count": int(order.network_id.socket_fibres),
                }
                for order, reference in zip(lacking, references, strict=True)
            ]
        )
        routes = self.env["oiconnect.route"].concat(*(accepted[o] for o in lacking))
        routes._wire(ptos)
        return dict(zip(lacking, ptos, strict=True))

    def _new_pto_references(self, orders):
        """Return one new reference per order; those already known are skipped."""
        if not orders:
            return []
        prefix = orders[0].network_id.pto_prefix
        made = []
        while len(made) < len(orders):
            numbers = self._next_numbers(
                "oiconnect_pto_reference", len(orders) - len(made)
            )
            fresh = [pto_reference(prefix, number) for number in numbers]
            known = self.env["oiconnect.pto"].search([("reference", "in", fresh)])
            taken = set(known.mapped("reference"))
            made += [reference for reference in fresh if reference not in taken]
        return made
