from odoo import api, models

from ...controls.acknowledgement import Refusal
from ...protocol_time import from_local

# What a report says in words of its own
REPORT_TEXTS = ("discharge_number", "optical_budget")


class AccessOrder(models.Model):
    """Reports and requests of operators on existing orders.

    CR_STOC and CR_RACCO tell how a connection went, CR_MES that the line is in
    service; ANNUL_ACCES and RES_ACCES end the order. A refused line changes nothing;
    it is answered where the protocol has an answer.
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
        return order._fire_or_refuse("activate", origin, date=date)

    @api.model
    @api.private
    def _receive_cancellation(self, line, operator, network, origin):
        """ANNUL_ACCES: answered by CR_ANNUL, OK or KO."""
        answer_values = {"operation": "ANNUL"}
        return self._receive_ending(
            line, operator, network, origin, "cancel", "CR_ANNUL", **answer_values
        )

    @api.model
    @api.private
    def _receive_termination(self, line, operator, network, origin):
        """RES_ACCES: answered by CR_RES, OK or KO."""
        answer_values = {"operation": "RESIL"}
        return self._receive_ending(
            line, operator, network, origin, "terminate", "CR_RES", **answer_values
        )

    def _ending_refusal(self, line, answer_values):
        if line.get("operation") in (None, answer_values["operation"]):
            return None
        return Refusal(
            "FIMP16",
            "operation",
            self.env._("The operation is not that of this flow."),
        )

    # ------------------------------------------------------------------
    # Connection
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _receive_stoc_report(self, line, operator, network, origin):
        """CR_STOC: the sub-contractor tells how the connection went."""
        return self._receive_connection(
            line, operator, network, origin, "_check_stoc_report"
        )

    @api.model
    @api.private
    def _receive_racco_report(self, line, operator, network, origin):
        """CR_RACCO: an operator that connects by itself tells how it went."""
        return self._receive_connection(
            line, operator, network, origin, "_check_racco_report"
        )

    def _receive_connection(self, line, operator, network, origin, check):
        order, refusal = self._named_order(line, operator, network)
        refusal = refusal or getattr(order, check)(line)
        refusal = refusal or order._check_connection(line)
        if refusal:
            return order, [refusal]
        done = line.get("result") == "OK"
        # A line that was delivered before its report is measured only.
        if done and order.state == "delivered" and order._needs_no_work({}):
            order._keep_connection(line)
            return order, []
        # The report of a visit tells that it began, too.
        order._can_fire("start")._fire("start", origin)
        event = "connected" if done else "connection_failed"
        if order._can_fire(event):
            order._keep_connection(line)
        return order._fire_or_refuse(
            event,
            origin,
            note=None if done else line.get("comment"),
            reported_date=from_local(line.get("connection_date")),
        )

    def _check_stoc_report(self, line):
        if line.get("subcontract_reference") == self.subcontract_reference:
            return None
        return Refusal(
            "FIMP16",
            "subcontract_reference",
            self.env._("This is not the sub-contract reference of this order."),
        )

    def _check_racco_report(self, line):
        if self.connection_type == "oc":
            return None
        return Refusal(
            "FIMP16",
            None,
            self.env._("The operator does not connect the line of this order itself."),
        )

    def _check_connection(self, line):
        if too_long := self._length_refusals(line, REPORT_TEXTS):
            return too_long[0]
        if line.get("hotline_reprovisioning") and not line.get("discharge_number"):
            return Refusal(
                "FIMP15",
                "discharge_number",
                self.env._(
                    "A route that was changed with the hotline has its discharge "
                    "number: give it."
                ),
            )
        if line.get("result") == "OK":
            return self._check_reported_pto(line)
        if not self.env["oiconnect.reason"].sudo()._of(line.get("reason_code")):
            return Refusal(
                "FIMP15",
                "reason_code",
                self.env._(
                    "A failed connection needs a reason of the protocol's list."
                ),
            )
        return None

    def _check_reported_pto(self, line):
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
        return self._check_line_taken_over() or self._check_free_connectors(pto)

    def _check_line_taken_over(self):
        """A line that is taken over stays at its PTO."""
        if self.route_ids or not self.takeover_of_id:
            return None
        return Refusal(
            "FIMP16",
            "pto_reference",
            self.env._(
                "This order takes over the line of socket %s: report that socket.",
                self.pto_id.reference,
            ),
        )

    def _check_free_connectors(self, pto):
        """A PTO that is wired to another line cannot be the one of this order."""
        connectors = self.route_ids.mapped("connector_number")
        taken = (pto.route_ids - self.route_ids).filtered(
            lambda route: route.connector_number in connectors
        )
        if not taken:
            return None
        return Refusal(
            "FIMP16",
            "pto_reference",
            self.env._(
                "This PTO serves another line: read the reference on the socket again."
            ),
        )

    def _find_pto(self, reference):
        return self.env["oiconnect.pto"].search(
            [("network_id", "=", self.network_id.id), ("reference", "=", reference)],
            limit=1,
        )

    def _keep_connection(self, line):
        """Keep what was measured; a KO line keeps its reason too."""
        vals = {
            "socket_installed": bool(line.get("socket_installed")),
            "optical_budget": line.get("optical_budget"),
            "reason_comment": line.get("comment"),
        }
        if line.get("discharge_number"):
            # A route changed before keeps the number that its change had.
            vals["discharge_number"] = line["discharge_number"]
        if line.get("result") != "OK":
            reason = self.env["oiconnect.reason"].sudo()._of(line.get("reason_code"))
            vals["reason_id"] = reason.id
        else:
            vals["connection_date"] = from_local(line.get("connection_date"))
            vals["reason_id"] = False
            self._move_pto(line.get("pto_reference"))
        self.write(vals)

    def _move_pto(self, reference):
        """The installer used another PTO of the building, for all its fibres."""
        ordered = self.pto_id
        if not reference or reference == ordered.reference:
            return
        self.pto_id = self._find_pto(reference)
        self.route_ids.write({"pto_id": self.pto_id.id})
        ordered._unwire_unless_laid()
        self.env.flush_all()
        unlaid = self.pto_id.filtered(lambda pto: pto.state == "to_build")
        self.route_ids._fill_ptos(set(unlaid.ids))
