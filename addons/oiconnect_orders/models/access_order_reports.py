from odoo import api, models
from odoo.fields import Domain

from ..controls.receipt import Refusal
from ..wire import from_local, local_iso
from .access_order_receive import QUIET


class AccessOrder(models.Model):
    """What an operator reports or asks on an order it already has.

    A refused line changes nothing but, where the protocol has an answer for it, the
    answer.
    """

    _inherit = "oiconnect.access.order"

    @api.model
    @api.private
    def _receive_activation(self, line, operator, network, origin):
        """CR_MES: the operator put the line in service."""
        order, refusal = self._named_order(line, operator, network)
        if refusal:
            return order, [refusal]
        date = from_local(line.get("in_service_date"))
        return order._try("activate", origin, date=date)

    @api.model
    @api.private
    def _receive_cancellation(self, line, operator, network, origin):
        """ANNUL_ACCES: answered by CR_ANNUL, OK or KO."""
        return self._receive_ending(line, operator, network, origin, "ANNUL", "cancel")

    @api.model
    @api.private
    def _receive_termination(self, line, operator, network, origin):
        """RES_ACCES: answered by CR_RES, OK or KO."""
        return self._receive_ending(
            line, operator, network, origin, "RESIL", "terminate"
        )

    # ------------------------------------------------------------------
    # The order that a line names
    # ------------------------------------------------------------------

    def _named_order(self, line, operator, network):
        """Return ``(order, refusal)``: both references must agree."""
        orders = self.with_context(**QUIET).sudo()
        named = line.get("oc_reference")
        own = Domain("operator_id", "=", operator.id) & Domain(
            "network_id", "=", network.id
        )
        wanted = Domain("oc_reference", "=", named) & Domain("state", "!=", "ar_ko")
        order = orders.search(own & wanted, limit=1) if named else orders.browse()
        if not order:
            return order, Refusal(
                "FIMP14",
                "oc_reference",
                self.env._("No order of the operator has this reference."),
            )
        return order, order._check_service_reference(line)

    def _check_service_reference(self, line):
        wanted = line.get("service_reference")
        if wanted and wanted != self.service_reference:
            return Refusal(
                "FIMP16",
                "service_reference",
                self.env._("This is not the service reference of this order."),
            )
        return None

    # ------------------------------------------------------------------
    # Ends
    # ------------------------------------------------------------------

    def _receive_ending(self, line, operator, network, origin, operation, event):
        order, refusal = self._named_order(line, operator, network)
        # What the border could not read is told before what it names.
        refusal = next(iter(line.get("errors") or ()), refusal)
        if not order:
            self._answer_unknown(line, operator, network, origin, operation, refusal)
            return order, [refusal]
        if not refusal and line.get("operation") not in (None, operation):
            refusal = Refusal(
                "FIMP16",
                "operation",
                self.env._("The operation is not that of this flow."),
            )
        if refusal:
            return order._refuse_ending(event, origin, refusal)
        date = from_local(line.get("date"))
        done, refusals = order._try(
            order._end_event(event, date), origin, date=date, note=line.get("comment")
        )
        if refusals:
            return order._refuse_ending(event, origin, refusals[0])
        return done, []

    def _refuse_ending(self, event, origin, refusal):
        """Answer KO where the order may be told so; its state stays."""
        if self._can_fire(f"refuse_{event}"):
            self._fire(
                f"refuse_{event}",
                origin,
                code=refusal.code,
                note=str(refusal.message),
            )
        return self, [refusal]

    def _answer_unknown(self, line, operator, network, origin, operation, refusal):
        flow = "CR_ANNUL" if operation == "ANNUL" else "CR_RES"
        self.env["oiconnect.event"].sudo().create(
            {
                "flow": flow,
                "channel": self._event_channel(flow),
                "operator_id": operator.id,
                "network_id": network.id,
                "version": origin.version,
                "group_key": origin.group,
                "payload": self._payload_unknown(line, operation, refusal),
            }
        )

    def _payload_unknown(self, line, operation, refusal):
        return {
            "oc_reference": line.get("oc_reference"),
            "service_reference": None,
            "operation": operation,
            "result": "KO",
            "reason_code": refusal.code,
            "date": local_iso(self.env.cr.now()),
            "comment": str(refusal.message),
            "line": line.get("line"),
        }
