from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.exceptions import WorkflowError

from ..controls.receipt import Refusal
from ..wire import from_local, local_iso
from .access_order_receive import QUIET


class AccessOrder(models.Model):
    """What an operator reports or asks on an order it already has.

    Every ``_receive_*`` takes one line (dict with the English keys of its flow)
    and returns ``(order, [Refusal, …])``; a refused line changes nothing but,
    where the protocol has an answer for it, the answer.
    """

    _inherit = "oiconnect.access.order"

    @api.model
    @api.private
    def _receive_stoc_report(self, line, operator, network):
        """CR_STOC: the sub-contractor tells how the connection went."""
        order, refusal = self._named_order(line, operator, network)
        refusal = refusal or order._check_stoc_report(line)
        if refusal:
            return order, [refusal]
        done = line.get("result") == "OK"
        event = "connected" if done else "connection_failed"
        if order._can_fire(event):
            order._keep_stoc_report(line)
        return order._try(event, note=None if done else line.get("comment"))

    @api.model
    @api.private
    def _receive_activation(self, line, operator, network):
        """CR_MES: the operator put the line in service."""
        order, refusal = self._named_order(line, operator, network)
        if refusal:
            return order, [refusal]
        return order._try("activate", date=from_local(line.get("in_service_date")))

    @api.model
    @api.private
    def _receive_cancellation(self, line, operator, network):
        """ANNUL_ACCES: answered by CR_ANNUL, OK or KO."""
        return self._receive_ending(line, operator, network, "ANNUL", "cancel")

    @api.model
    @api.private
    def _receive_termination(self, line, operator, network):
        """RES_ACCES: answered by CR_RES, OK or KO."""
        return self._receive_ending(line, operator, network, "RESIL", "terminate")

    # ------------------------------------------------------------------
    # The order that a line names
    # ------------------------------------------------------------------

    def _named_order(self, line, operator, network):
        """Return ``(order, refusal)``: both references must agree."""
        orders = self.with_context(**QUIET).sudo()
        own = Domain("operator_id", "=", operator.id) & Domain(
            "network_id", "=", network.id
        )
        order = orders.search(
            own
            & Domain("oc_reference", "=", line.get("oc_reference"))
            & Domain("state", "!=", "ar_ko"),
            limit=1,
        )
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
    # Reports of connection
    # ------------------------------------------------------------------

    def _check_stoc_report(self, line):
        if line.get("subcontract_reference") != self.subcontract_reference:
            return Refusal(
                "FIMP16",
                "subcontract_reference",
                self.env._("This is not the sub-contract reference of this order."),
            )
        if line.get("result") == "OK":
            return self._check_reported_socket(line)
        if not self.env["oiconnect.reason"].sudo()._of(line.get("reason_code")):
            return Refusal(
                "FIMP15",
                "reason_code",
                self.env._(
                    "A failed connection needs a reason of the protocol's list."
                ),
            )
        return None

    def _check_reported_socket(self, line):
        wanted = line.get("pto_reference")
        if not wanted or wanted == self.pto_id.reference:
            return None
        pto = self._find_pto(wanted)
        if not pto:
            return Refusal(
                "FIMP02", "pto_reference", self.env._("This PTO does not exist.")
            )
        if pto.building_id != self.building_id:
            return Refusal(
                "FIMP03",
                "pto_reference",
                self.env._("This PTO is not at the address of the order."),
            )
        return None

    def _find_pto(self, reference):
        return self.env["oiconnect.pto"].search(
            [
                ("network_id", "=", self.network_id.id),
                ("reference", "=", reference),
            ],
            limit=1,
        )

    def _keep_stoc_report(self, line):
        """Keep what was measured; a KO line keeps its reason too."""
        vals = {
            "connection_date": from_local(line.get("connection_date")),
            "socket_installed": bool(line.get("socket_installed")),
            "optical_budget": line.get("optical_budget"),
            "discharge_number": line.get("discharge_number"),
            "reason_comment": line.get("comment"),
        }
        if line.get("result") != "OK":
            reason = self.env["oiconnect.reason"].sudo()._of(line.get("reason_code"))
            vals["reason_id"] = reason.id
        else:
            vals["reason_id"] = False
            self._move_socket(line.get("pto_reference"))
        self.write(vals)

    def _move_socket(self, reference):
        """The installer used another socket of the building."""
        if reference and reference != self.pto_id.reference:
            self.pto_id = self._find_pto(reference)
            self.route_ids.write({"pto_id": self.pto_id.id})

    # ------------------------------------------------------------------
    # Ends
    # ------------------------------------------------------------------

    def _receive_ending(self, line, operator, network, operation, event):
        order, refusal = self._named_order(line, operator, network)
        if not order:
            self._answer_unknown(line, operator, network, operation, refusal)
            return order, [refusal]
        if not refusal and line.get("operation") not in (None, operation):
            refusal = Refusal(
                "FIMP16",
                "operation",
                self.env._("The operation is not that of this flow."),
            )
        if refusal:
            return order._refuse_ending(event, refusal)
        done, refusals = order._try(
            event, date=from_local(line.get("date")), note=line.get("comment")
        )
        return order._refuse_ending(event, refusals[0]) if refusals else (done, [])

    def _refuse_ending(self, event, refusal):
        """Answer KO where the order may be told so; its state stays."""
        if self._can_fire(f"refuse_{event}"):
            self._fire(f"refuse_{event}", code=refusal.code, note=str(refusal.message))
        return self, [refusal]

    def _answer_unknown(self, line, operator, network, operation, refusal):
        flow = "CR_ANNUL" if operation == "ANNUL" else "CR_RES"
        context = self.env.context
        self.env["oiconnect.event"].sudo().create(
            {
                "flow": flow,
                "operator_id": operator.id,
                "network_id": network.id,
                "version": context.get("oiconnect_version"),
                "group_key": context.get("oiconnect_group"),
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
        }

    def _try(self, event, **values):
        """Fire ``event``; a state that refuses it gives a refusal, no error."""
        try:
            self._fire(event, **values)
        except WorkflowError as error:
            return self, [Refusal(error.code, None, str(error))]
        return self, []
