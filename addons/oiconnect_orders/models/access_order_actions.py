from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.plural import plural

# Names told of the orders that refuse an action, by state
MOST_NAMES = 20


class AccessOrder(models.Model):
    """Buttons of the form and actions of the list.

    Each checks the right, then fires its event: for all orders, or for none.
    """

    _inherit = "oiconnect.access.order"

    def _act(self, event, **values):
        self.check_access("write")
        return self.sudo()._fire(event, **values)

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

    def _refuse_unless_ready(self, event):
        refused = self - self.sudo()._ready_for(event)
        if refused:
            raise refused._refusal(event)

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

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    def _refusal(self, event):
        """Name every order that refuses ``event``, state by state."""
        if len(self) < 2:
            return super()._refusal(event)
        labels = dict(self._fields["state"]._description_selection(self.env))
        lines = [
            self.env._(
                "%(state)s: %(names)s",
                state=labels[state],
                names=orders._refused_names(),
            )
            for state, orders in self.grouped("state").items()
        ]
        return WorkflowError(
            self.env._(
                "“%(event)s” is not possible for %(count)s orders, so nothing is "
                "changed. Leave them out:\n%(orders)s",
                event=self._event_label(event),
                count=len(self),
                orders="\n".join(sorted(lines)),
            ),
            self._workflow.code(event),
        )

    def _refused_names(self):
        names = ", ".join(self[:MOST_NAMES].mapped("display_name"))
        left = len(self) - MOST_NAMES
        if left <= 0:
            return names
        told = {"names": names, "count": left}
        return plural(
            self.env,
            left,
            self.env._("%(names)s and one other", **told),
            self.env._("%(names)s and %(count)s others", **told),
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
