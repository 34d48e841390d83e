from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.models.workflow.workflow import MAX_NAMES

NEEDS_REASON = ("reject", "connection_failed", "abandon")
CONSEQUENCES = (
    "start",
    "deliver",
    "connected",
    "activate",
    "cancel",
    "terminate",
    "restore",
)
# Events by which a line goes from its holder to who takes it over
DELIVERS = ("deliver", "connected")


class AccessOrderDecision(models.TransientModel):
    """Ask before what cannot be undone, and for its reason; for one order or many."""

    _name = "oiconnect.access.order.decision"
    _description = "Decision on access orders"
    _events = NEEDS_REASON + CONSEQUENCES

    order_ids = fields.Many2many("oiconnect.access.order", required=True)
    order_count = fields.Integer("Orders", compute="_compute_orders")
    event = fields.Selection("_selection_event", required=True)
    reason_id = fields.Many2one("oiconnect.reason")
    comment = fields.Char(compute="_compute_comments", store=True, readonly=False)
    # A line that is given back: its taker hears of it in words of its own.
    taker_comment = fields.Char(compute="_compute_comments", store=True, readonly=False)
    give_up = fields.Boolean(
        "Give the production up",
        help="No other visit is awaited, and the operator is told so",
    )
    needs_reason = fields.Boolean(compute="_compute_orders")
    takeover_text = fields.Text("Lines taken over", compute="_compute_takeover_text")

    @api.model
    def _selection_event(self):
        return self.env["oiconnect.access.order"]._event_labels()

    @api.model
    def _needed_fields(self, orders, event):
        """Return the fields that ``event`` requires for orders of this model."""
        return ("reason_id",) if event in NEEDS_REASON else ()

    @api.depends("order_ids", "event")
    def _compute_orders(self):
        for decision in self:
            decision.order_count = len(decision.order_ids)
            needed = self._needed_fields(decision.order_ids, decision.event)
            decision.needs_reason = "reason_id" in needed

    @api.depends("event")
    def _compute_comments(self):
        """Propose what each operator reads when a line is given back."""
        orders = self.env["oiconnect.access.order"]
        for decision in self:
            restores = decision.event == "restore"
            decision.comment = restores and orders._restore_text()
            decision.taker_comment = restores and orders._lost_line_text()

    @api.depends("order_ids", "event")
    @api.depends_context("lang")
    def _compute_takeover_text(self):
        """Tell of each line that another operator loses."""
        for decision in self:
            delivers = decision.event in DELIVERS
            takers = decision.order_ids.filtered("takes_over") if delivers else ()
            sentences = [taker.takeover_text for taker in takers[:MAX_NAMES]]
            if left := len(takers) - len(sentences):
                sentences.append(self.env._("Other lines: %s.", left))
            decision.takeover_text = "\n".join(sentences)

    def action_confirm(self):
        self.ensure_one()
        # By sudo: an order that the user may not see must stop the whole.
        orders = self.sudo().order_ids
        orders.sudo(False).check_access("write")
        if self.event not in self._events:
            raise UserError(self.env._("This decision is not taken by this dialog."))
        if self.needs_reason and not self.reason_id:
            raise UserError(self.env._("Choose the reason that the operator is told."))
        self._apply(orders)
        return {"type": "ir.actions.act_window_close"}

    def _apply(self, orders):
        note = self.comment or None
        if self.event == "restore":
            for order in orders:
                order._restore_line(note, self.taker_comment or None)
            return
        if self.needs_reason:
            orders.write(
                {"reason_id": self.reason_id.id, "reason_comment": self.comment}
            )
        orders._fire("abandon" if self.give_up else self.event, note=note)
