from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.access.routes import EVENTS


class AccessOrderRoute(models.TransientModel):
    """Another route for an access: which, when and why."""

    _name = "oiconnect.access.order.route"
    _description = "New route of an access order"

    order_id = fields.Many2one("oiconnect.access.order", required=True)
    possible_events = fields.Json(related="order_id.possible_events")
    old_route_ids = fields.One2many(
        related="order_id.route_ids", string="Present route"
    )
    kind = fields.Selection(
        [("hot", "At once (hot)"), ("cold", "After a failure (cold)")],
        "When",
        required=True,
        compute="_compute_kind",
        store=True,
        precompute=True,
        readonly=False,
    )
    reason_id = fields.Many2one("oiconnect.mutation.reason")
    pbo_ids = fields.Many2many("oiconnect.pbo", compute="_compute_pbo_ids")
    route_id = fields.Many2one(
        "oiconnect.route", "New route", help="Left empty, the network chooses"
    )
    comment = fields.Char()

    @api.depends("order_id")
    def _compute_kind(self):
        """After a failure, the order goes on with its new route."""
        for change in self:
            possible = change.order_id.possible_events or ()
            change.kind = "cold" if EVENTS["cold"] in possible else "hot"

    @api.depends("order_id")
    def _compute_pbo_ids(self):
        for change in self:
            order = change.order_id
            change.pbo_ids = order.pbo_id | order.building_id.pbo_ids

    def action_change(self):
        """Change the route, tell the operator, show the discharge number."""
        self.ensure_one()
        self.order_id.check_access("write")
        if not self.reason_id:
            raise UserError(self.env._("Choose the reason of the new route."))
        number = self.order_id.sudo()._reprovision(
            self.kind, self.reason_id, self.sudo().route_id, self.comment or None
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("New route"),
                "message": self.env._("Discharge number: %s", number),
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
