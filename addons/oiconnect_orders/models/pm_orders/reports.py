from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.reception import QUIET

from ...controls.acknowledgement import Refusal


class PmOrder(models.Model):
    """Reports of operators on a PM that they have: report, works, adduction, end."""

    _inherit = "oiconnect.pm.order"

    @api.model
    @api.private
    def _receive_report_receipt(self, line, operator, network, origin):
        """ARMAD: the operator has read the report, or cannot."""
        return self._receive_verdict(
            line, operator, network, origin, "receive_report", "refuse_report"
        )

    @api.model
    @api.private
    def _receive_works(self, line, operator, network, origin):
        """INTERP: the operator announces its works at the PM."""
        order, refusal = self._order_of_line(line, operator, network, origin)
        if refusal:
            return order, [refusal]
        order = order._holding(origin)
        return order._fire_or_refuse(
            "announce",
            origin,
            date=line.get("date"),
            planned_date=line.get("planned_date"),
            note=line.get("comment"),
        )

    @api.model
    @api.private
    def _receive_adduction(self, line, operator, network, origin):
        """ADDU: the operator's cable is at the PM, or is not; answered by CrADDU."""
        answer_values = {
            name: line.get(name) for name in ("pm_reference", "service_reference")
        }
        order, refusal = self._order_to_end(
            line, operator, network, origin, "CrADDU", answer_values
        )
        if not order:
            return order, [refusal]
        order = order._holding(origin)
        named = line.get("oc_reference")
        done = line.get("result") == "OK"
        if done and not refusal:
            text = self.env._("The adduction is dated in the future.")
            refusal = self._future_refusal(line, "adduction_date", text)
        if refusal:
            return order._refuse_ending("adduct", origin, refusal, oc_reference=named)
        fired, refusals = order._fire_or_refuse(
            "adduct" if done else "fail_adduction",
            origin,
            oc_reference=named,
            adduction_date=line.get("adduction_date"),
            note=None if done else line.get("reason_code"),
        )
        if refusals:
            refusal = refusals[0]
            return order._refuse_ending("adduct", origin, refusal, oc_reference=named)
        return fired, []

    @api.model
    @api.private
    def _receive_end(self, line, operator, network, origin):
        """AnnRes: cancellation before the report, termination after it."""
        event = line.get("operation")
        event = event if event in ("cancel", "terminate") else "cancel"
        answer_values = {
            name: line.get(name)
            for name in ("operation", "pm_reference", "service_reference")
        }
        return self._receive_ending(
            line, operator, network, origin, event, "CrAnnRes", **answer_values
        )

    def _ending_refusal(self, line, answer_values):
        if self.kind == "unit":
            return None
        text = self.env._("An order of a co-financing operator has no end of its own.")
        return Refusal("FIMP06", "operation", text)

    # ------------------------------------------------------------------
    # The order that a line names: by the PM service, or by its reference
    # ------------------------------------------------------------------

    @api.model
    def _order_of_line(self, line, operator, network, origin):
        """Return ``(order, refusal)`` of the order that made the service available.

        A line with the reference of an order is about that order. For a PM that
        it did not order, an operator has the reference of its service only.
        """
        if line.get("oc_reference"):
            order, refusal = super()._order_of_line(line, operator, network, origin)
        else:
            order, refusal = self._holder_of_service(line, operator, network, origin)
        return order, refusal or order._other_refusal(line)

    def _holding(self, origin):
        """Return the order that works are about: none are about information.

        A co-financing operator has no other reference to name than that of such an
        order.
        """
        if self.state != "answered":
            return self
        return self.browse(self.service_id._ensure_orders(origin).ids) or self

    def _holder_of_service(self, line, operator, network, origin):
        here = Domain("reference", "=", line.get("service_reference") or False)
        services = self.env["oiconnect.pm.service"].sudo()
        service = services.with_context(active_test=False).search(
            here
            & Domain("operator_id", "=", operator.id)
            & Domain("network_id", "=", network.id),
            limit=1,
        )
        held = service._ensure_orders(origin)
        order = self.with_context(**QUIET).sudo().browse(held.ids)
        if order:
            return order, None
        text = self.env._("The operator has no PM service of this reference.")
        return order, Refusal("FIMP04", "service_reference", text)
