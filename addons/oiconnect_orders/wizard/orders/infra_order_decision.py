from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.time_zone import local_today


class InfraOrderDecision(models.TransientModel):
    """Ask before what cannot be undone, and for its reason; for one order or many.

    Of PB orders it asks for the day, and the PBO that was laid. The termination of a
    link order may be of some of its fibres only.
    """

    _name = "oiconnect.infra.order.decision"
    _description = "Decision on orders of the network"

    res_model = fields.Char("Kind of orders", required=True)
    res_ids = fields.Json("Chosen orders", required=True)
    event = fields.Char("Decision", required=True)
    order_count = fields.Integer("Orders", compute="_compute_orders")
    reason_id = fields.Many2one("oiconnect.reason")
    comment = fields.Char()
    needs_reason = fields.Boolean(compute="_compute_orders")

    pb_event = fields.Char("Decision on PB orders", compute="_compute_orders")
    pb_pm_ids = fields.Many2many(
        "oiconnect.pm", string="PMs of the PB orders", compute="_compute_orders"
    )
    pb_date = fields.Date("Day", default=lambda self: local_today())
    pbo_id = fields.Many2one(
        "oiconnect.pbo", "PBO", help="Left empty, the one that serves each building"
    )

    held_fibre_ids = fields.Many2many(
        "oiconnect.link.order.fibre", compute="_compute_held_fibre_ids"
    )
    fibre_ids = fields.Many2many(
        "oiconnect.link.order.fibre",
        string="Fibres to give back",
        help="None chosen: all fibres of the service",
    )

    @api.model
    def _needed_fields(self, orders, event):
        """Return the fields that ``event`` requires for orders of this model."""
        return ("reason_id",) if event in orders._reason_events else ()

    @api.depends("res_model", "res_ids", "event")
    def _compute_orders(self):
        """Compute what the dialog asks: it depends on the kind of the orders."""
        for decision in self:
            orders, event = decision._orders(), decision.event
            is_pb = orders._name == "oiconnect.pb.order"
            decision.order_count = len(orders)
            needed = self._needed_fields(orders, event)
            decision.needs_reason = "reason_id" in needed
            decision.pb_event = is_pb and event
            decision.pb_pm_ids = is_pb and orders._present_pm()

    @api.depends("res_model", "res_ids", "event")
    def _compute_held_fibre_ids(self):
        for decision in self:
            orders = decision._orders()
            ends_one = decision.event == "terminate" and len(orders) == 1
            is_link = orders._name == "oiconnect.link.order"
            decision.held_fibre_ids = is_link and ends_one and orders._given_fibres()

    def _orders(self):
        """Return the chosen orders, of a kind that this dialog is for."""
        model = self.env.get(self.res_model)
        decides = getattr(model, "_decision_events", None)
        if not decides or self.event not in decides:
            raise UserError(self.env._("This decision is not taken by this dialog."))
        return model.browse(self.res_ids or ())

    def action_confirm(self):
        self.ensure_one()
        orders = self._orders()
        orders.check_access("write")
        if self.needs_reason and not self.reason_id:
            raise UserError(self.env._("Choose the reason that the operator is told."))
        self._decide(orders.sudo())
        return {"type": "ir.actions.act_window_close"}

    def _decide(self, orders):
        if orders._name == "oiconnect.link.order" and self.fibre_ids:
            # Those that are left may be all of the service: its end was not chosen.
            if self.fibre_ids - self.held_fibre_ids:
                raise UserError(
                    self.env._(
                        "Some of these fibres are not of the service, or not any more: "
                        "open the order again and choose among those it has."
                    )
                )
            orders._terminate(self.sudo().fibre_ids, self.comment or None)
            return
        if self.needs_reason:
            orders.write(
                {"reason_id": self.reason_id.id, "reason_comment": self.comment}
            )
        values = {"note": self.comment or None}
        if self.pb_event:
            values |= {"date": self.pb_date, "pbo": self.sudo().pbo_id}
        orders._fire(self.event, **values)
