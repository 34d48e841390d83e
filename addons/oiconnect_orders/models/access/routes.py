from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.bulk import next_numbers

from ...references import discharge_number

EVENTS = {"hot": "reprovision_hot", "cold": "reprovision_cold"}


class AccessOrder(models.Model):
    """Routes and positions of an order that is accepted or served.

    Reprovisioning: another route, hot (at once, during the visit) or cold (after the
    failure that reported the bad one); the operator gets it and a discharge number.
    Position: where the line is patched in the operator's own bay at the PM.
    """

    _inherit = "oiconnect.access.order"

    reprovision_kind = fields.Selection(
        [("hot", "At once (hot)"), ("cold", "After a failure (cold)")],
        "Last new route",
        readonly=True,
        copy=False,
    )
    reprovision_reason_id = fields.Many2one(
        "oiconnect.mutation.reason",
        "Reason of the new route",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    route_changed = fields.Boolean(
        "Other route than reported",
        readonly=True,
        copy=False,
        help="The operator is told its route again when the line is made available",
    )

    oc_position_id = fields.Many2one(
        "oiconnect.operator.position",
        "Operator's position",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    oc_position_told = fields.Char(
        "Position told by the operator",
        compute="_compute_oc_position_told",
        compute_sudo=True,
    )

    # Two live orders are never patched to one position. Also the orders of a position.
    _oc_position_uniq = models.UniqueIndex(
        "(oc_position_id) WHERE oc_position_id IS NOT NULL AND state IN"
        " ('cr_ok', 'connecting', 'connect_ko', 'delivered', 'in_service')",
        "Another order uses this position of the operator at the PM.",
    )

    @api.depends("info", "operator_id")
    def _compute_oc_position_told(self):
        for order in self:
            parts = order._position_sent()
            order.oc_position_told = " / ".join(parts) or False

    def _reprovision(self, kind, reason, route=None, note=None):
        """Give the access another route, and tell the operator.

        :param kind: ``hot`` or ``cold``
        :param route: the free route to give; the network chooses one else
        :return: the discharge number
        :raises UserError: no other route is free
        """
        self.ensure_one()
        if not self._can_fire(EVENTS[kind]):
            raise self._refusal(EVENTS[kind])
        self._lock_for_workflow()
        left = self.route_ids
        self._change_route(route, reason)
        self.write(
            {
                "reprovision_kind": kind,
                "reprovision_reason_id": reason.id,
                "discharge_number": self._discharge_number(kind),
                "route_changed": True,
            }
        )
        self.taken_over_by_ids.write({"route_changed": True})
        self._fire(EVENTS[kind], note=note or reason.name)
        routes = f"{left[:1].name or '–'} → {self.route_ids[:1].name}"
        summary = ". ".join(filter(None, (reason.name, routes, note)))
        self._note_decision("route", "changed", summary)
        return self.discharge_number

    def _discharge_number(self, kind):
        """Return the number that the hotline gave, else a new one.

        A cold change answers the failure that gave its number.
        """
        if kind == "cold" and self.discharge_number:
            return self.discharge_number
        [number] = next_numbers(self.env, "oiconnect_discharge_number", 1)
        return discharge_number(self.network_id.oi_code, number)

    def _change_route(self, route, reason):
        """Leave the present route for ``route``, or for the one the network gives.

        It comes on the same connector, and before the old one is given back: a PTO
        that is not laid yet would lose its other fibres with the last that is held.
        """
        old = self.route_ids
        in_use = old.filtered(lambda r: r.state == "used")
        number = old[:1].connector_number or 1
        given = self._reserve_another(route)
        old.sudo().write({"pto_id": False, "connector_number": False})
        given._hold(self)
        given.sudo().write({"pto_id": self.pto_id.id, "connector_number": number})
        # The old one is free again, or set aside when it is broken.
        old._release()
        if reason.breaks_route:
            old.sudo().write({"state": "out_of_service"})
        if in_use:
            given._use()
        self.write({"pbo_id": given.pbo_id.id})

    def _reserve_another(self, route):
        routes = self.env["oiconnect.route"].sudo()
        pbos = self.pbo_id | self.building_id.pbo_ids
        if route:
            given = routes._reserve_this(route, self.operator_id)
        else:
            given = routes._reserve_free(pbos, self.operator_id)
        if not given:
            raise UserError(
                self.env._(
                    "%(order)s: no other route is free at %(pbos)s.",
                    order=self.display_name,
                    pbos=", ".join(pbos.mapped("display_name")),
                )
            )
        return given

    def _position_sent(self):
        return self.operator_id._position_sent(self.info)

    def _keep_positions(self, transition, values, origin):
        if transition.event == "accept":
            self._take_positions()

    def _take_positions(self):
        """Keep the position that each accepted order named, when it is free."""
        orders = self.filtered("info")
        named = self.env["oiconnect.operator.position"]._named_by(orders)
        for order in orders if named else ():
            # Taken out: of two orders that name one position, the first has it.
            place = (order.pm_service_id.id, *order._position_sent())
            position = named.pop(place, None)
            if position and not position.order_ids:
                order.oc_position_id = position
