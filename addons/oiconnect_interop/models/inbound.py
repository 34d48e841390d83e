from typing import Any, NamedTuple

from odoo import fields, models

from odoo.addons.oiconnect_orders.controls.receipt import Refusal
from odoo.addons.oiconnect_orders.wire import local_iso

from .flow import FROM_OPERATORS

# Flow → what takes its lines in. Flows of several lines at once first.
BATCH_HANDLERS = {
    "CMD_ACCES": "_handle_orders",
    "NOTIF_AR": "_handle_notices",
    "NOTIF_CR": "_handle_notices",
}
LINE_HANDLERS = {
    "CR_STOC": "_receive_stoc_report",
    "CR_RACCO": "_receive_racco_report",
    "CR_MES": "_receive_activation",
    "ANNUL_ACCES": "_receive_cancellation",
    "RES_ACCES": "_receive_termination",
}


class Handled(NamedTuple):
    """A line of a file, why it is refused, and the record that it named or made."""

    line: Any
    refusals: list
    record: Any = None


class Inbound(models.AbstractModel):
    """From the lines of a file to the workflow of an order."""

    _name = "oiconnect.inbound"
    _description = "Reception of flows"

    def _takes(self, flow):
        """Tell whether operators send us ``flow``."""
        known = flow.code in BATCH_HANDLERS or flow.code in LINE_HANDLERS
        return known and flow.direction in FROM_OPERATORS

    def _handle(self, exchange, lines):
        """Hand ``lines`` over; return one :class:`Handled` for each."""
        code = exchange.flow_id.code
        if code in BATCH_HANDLERS:
            return getattr(self, BATCH_HANDLERS[code])(exchange, lines)
        return [
            self._handle_line(exchange, line, LINE_HANDLERS[code]) for line in lines
        ]

    def _handle_orders(self, exchange, lines):
        results = self.env["oiconnect.access.order"]._receive(
            self._payloads(exchange, lines),
            exchange.operator_id,
            exchange.network_id,
            origin=exchange.name,
            version=exchange.version,
        )
        return [
            Handled(line, refusals, order)
            for line, (order, refusals) in zip(lines, results, strict=True)
        ]

    def _handle_line(self, exchange, line, method):
        """A line that cannot be read is answered where the flow has an answer.

        It changes nothing of the order that it names.
        """
        [payload] = self._payloads(exchange, [line])
        refusals = payload["errors"]
        if refusals and not exchange.flow_id.answer_flow_id:
            return Handled(line, refusals)
        orders = self.env["oiconnect.access.order"]
        order, found = getattr(orders, method)(
            payload, exchange.operator_id, exchange.network_id
        )
        return Handled(line, refusals or found, order)

    def _handle_notices(self, exchange, lines):
        """NOTIF_AR, NOTIF_CR: the operator tells which files of ours it has read."""
        handled = []
        for line in lines:
            refusals = self._refusals_of(exchange, line)
            refusals = refusals or exchange._take_notice(line.payload)
            handled.append(Handled(line, refusals))
        return handled

    def _payloads(self, exchange, lines):
        """Return what the lines say, where they stand, and what is wrong with them."""
        fields_of = self._fields_by_column(exchange)
        return [
            line.payload
            | {"line": line.number, "errors": self._line_refusals(line, fields_of)}
            for line in lines
        ]

    def _refusals_of(self, exchange, line):
        return self._line_refusals(line, self._fields_by_column(exchange))

    def _fields_by_column(self, exchange):
        return {column.name: column.field for column in exchange._format().columns}

    def _line_refusals(self, line, fields_of):
        flow = self.env["oiconnect.flow"]
        return [
            Refusal(
                error.code, fields_of.get(error.column), flow._error_text(error)
            ).with_given(error.value)
            for error in line.errors
        ]

    # ------------------------------------------------------------------
    # Answers that no order gives
    # ------------------------------------------------------------------

    def _answer_file(self, exchange, message):
        """Answer a file refused as a whole: one line, no reference, FIMP16."""
        self._answer(exchange, {"oc_reference": None}, "FIMP16", message)

    def _answer_line(self, exchange, line, refusal):
        """Answer a line that reached no order: the answer has a line for each."""
        names = {name: line.payload.get(name) for name in ("oc_reference", "operation")}
        payload = names | {"line": line.number}
        self._answer(exchange, payload, refusal.code, str(refusal.message))

    def _answer(self, exchange, names, code, message):
        answer = exchange.flow_id.answer_flow_id
        if not answer:
            return
        version = exchange.version
        known = version and answer._has_version(version, exchange.operator_id)
        self.env["oiconnect.event"].sudo().create(
            {
                "flow": answer.code,
                "operator_id": exchange.operator_id.id,
                "network_id": exchange.network_id.id,
                "version": version if known else False,
                "group_key": f"exchange:{exchange.id}",
                "payload": names
                | {
                    "result": "KO",
                    "reason_code": code,
                    "date": local_iso(fields.Datetime.now()),
                    "comment": message,
                },
            }
        )
