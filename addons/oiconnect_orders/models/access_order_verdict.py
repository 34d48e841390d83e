from odoo import models

from odoo.addons.oiconnect_base.bulk import put, read_columns

from ..controls.story import ASKED, refused_form, walked


class AccessOrder(models.Model):
    """A rejection by the study: at once, or left to a person; and why, always."""

    _inherit = "oiconnect.access.order"

    def _reject(self, refused, places, origin):
        """Reject the orders of ``{order: refusal}``, or propose to."""
        if not refused:
            return
        left = {
            order: refusal
            for order, refusal in refused.items()
            if order._left_to_a_person(refusal)
        }
        rejected = {o: refusal for o, refusal in refused.items() if o not in left}
        self._keep_reasons(left, "proposed_reason_id", "proposed_comment")
        self._keep_reasons(rejected, "reason_id", "reason_comment")
        self.browse([order.id for order in left])._sync_todos()
        self._note_study("proposed", left, places, origin)
        self._note_study("rejected", rejected, places, origin)
        self.browse([order.id for order in rejected])._fire("reject", origin)

    def _left_to_a_person(self, refusal):
        return (
            self.network_id.person_decides or self._reason(refusal.code).person_decides
        )

    def _keep_reasons(self, refused, reason_field, comment_field):
        put(
            self.browse([order.id for order in refused]),
            {
                reason_field: [self._reason(r.code).id for r in refused.values()],
                comment_field: [r.told(self.env).message for r in refused.values()],
            },
        )

    def _note_study(self, outcome, refused, places, origin):
        """Keep why: ``refused`` is ``{order: refusal or None}``."""
        known = {}
        orders = self.browse([order.id for order in refused])
        asked = dict(zip(refused, read_columns(orders, *ASKED), strict=True))
        self.env["oiconnect.decision"]._append(
            orders,
            "study",
            [
                {
                    "outcome": outcome,
                    "reason_id": refusal and self._reason(refusal.code).id,
                    "controls": walked(asked[order], places[order], refusal, known),
                    "note": refusal and str(refusal.told(self.env).message),
                }
                for order, refusal in refused.items()
            ],
            origin,
        )

    def _note_receipt(self, refusals, origin):
        """Keep which columns were refused at receipt, and why."""
        if not self:
            return
        self.env["oiconnect.decision"]._append(
            self,
            "receipt",
            [
                {
                    "outcome": "rejected",
                    "reason_id": order.reason_id.id,
                    "controls": [refused_form(refusal) for refusal in refusals[order]],
                }
                for order in self
            ],
            origin,
        )

    def _forget_proposal(self, transition, values, origin):
        """An order that was answered waits for nobody any more."""
        if transition.target not in (None, "ar_ok"):
            self.filtered("proposed_reason_id").write(
                {"proposed_reason_id": False, "proposed_comment": False}
            )
