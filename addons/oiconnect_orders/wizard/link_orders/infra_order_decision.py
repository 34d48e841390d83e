from odoo import api, fields, models
from odoo.exceptions import UserError


class InfraOrderDecision(models.TransientModel):
    """The termination of a link order may be of some of its fibres only."""

    _inherit = "oiconnect.infra.order.decision"

    held_fibre_ids = fields.Many2many(
        "oiconnect.link.order.fibre", compute="_compute_held_fibre_ids"
    )
    fibre_ids = fields.Many2many(
        "oiconnect.link.order.fibre",
        string="Fibres to give back",
        help="None chosen: all fibres of the service",
    )

    @api.depends("res_model", "res_ids", "event")
    def _compute_held_fibre_ids(self):
        for decision in self:
            ends_one = decision.event == "terminate" and decision.order_count == 1
            is_link = decision.res_model == "oiconnect.link.order"
            order = decision._orders() if is_link and ends_one else None
            decision.held_fibre_ids = order and order._given_fibres()

    def action_confirm(self):
        self.ensure_one()
        if self.res_model != "oiconnect.link.order" or not self.fibre_ids:
            return super().action_confirm()
        order = self._orders()
        order.check_access("write")
        # Those that are left may be all of the service: nobody chose to end it.
        if self.fibre_ids - self.held_fibre_ids:
            raise UserError(
                self.env._(
                    "Some of these fibres are not of the service, or not any more: "
                    "open the order again and choose among those it has."
                )
            )
        order.sudo()._terminate(self.sudo().fibre_ids, self.comment or None)
        return {"type": "ir.actions.act_window_close"}
