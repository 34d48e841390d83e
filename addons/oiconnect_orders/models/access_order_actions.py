from odoo import api, models
from odoo.exceptions import UserError


class AccessOrder(models.Model):
    """Buttons of the form and actions of the list.

    Each checks the right, then fires its event: for all orders, or for none.
    """

    _inherit = "oiconnect.access.order"

    def action_resume(self):
        self._act("resume")

    def action_study(self):
        """Study now; told how it ended when the orders are many."""
        self.check_access("write")
        self._refuse_unless_ready("accept")
        self._study()
        return len(self) > 1 and self._tell_study()

    def action_decide(self):
        """Open the dialog of an event: it tells what follows, and asks for a reason.

        Whatever cannot be undone passes here, for one order as for many.
        """
        self.check_access("write")
        event = self.env.context.get("decision")
        self._refuse_unless_ready(event)
        return {
            "type": "ir.actions.act_window",
            "name": self._event_label(event),
            "res_model": "oiconnect.access.order.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_ids": self.ids, "default_event": event},
        }

    def action_change_route(self):
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.access_order_route_action"
        )
        return action | {"context": {"default_order_id": self.id}}

    def _tell_study(self):
        accepted = self.filtered(lambda order: order.state not in ("ar_ok", "cr_ko"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if accepted == self else "warning",
                "message": self.env._(
                    "Orders studied: %(all)s; accepted: %(accepted)s.",
                    all=len(self),
                    accepted=len(accepted),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _refusal_of_many(self, label, names):
        return self.env._(
            "“%(event)s” is not possible for %(count)s orders, so nothing is "
            "changed. Leave them out:\n%(orders)s",
            event=label,
            count=len(self),
            orders=names,
        )

    # ------------------------------------------------------------------
    # What the order names
    # ------------------------------------------------------------------

    def action_view_routes(self):
        self.ensure_one()
        return self._open_related(
            "oiconnect.route", self.route_ids, self.env._("Optical routes")
        )

    def _open_related(self, model, records, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("id", "in", records.ids)],
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(
            self.env._("An order is kept for ever: cancel or terminate it instead.")
        )
