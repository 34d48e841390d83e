from odoo import fields, models

from odoo.addons.oiconnect_orders.controls.receipt import Refusal
from odoo.addons.oiconnect_orders.wire import local_iso

# Flow → what takes its lines in. Flows of several lines at once first.
BATCH_HANDLERS = {"CMD_ACCES": "_handle_orders"}
LINE_HANDLERS = {
    "CR_STOC": "_receive_stoc_report",
    "CR_MES": "_receive_activation",
    "ANNUL_ACCES": "_receive_cancellation",
    "RES_ACCES": "_receive_termination",
}


class Inbound(models.AbstractModel):
    """From the lines of a file to the workflow of an order."""

    _name = "oiconnect.inbound"
    _description = "Reception of flows"

    def _handle(self, exchange, lines):
        """Hand ``lines`` over; return ``[(line, [Refusal])]``."""
        code = exchange.flow_id.code
        if code in BATCH_HANDLERS:
            return getattr(self, BATCH_HANDLERS[code])(exchange, lines)
        return [
            (line, self._handle_line(exchange, line, LINE_HANDLERS[code]))
            for line in lines
        ]

    def _handle_orders(self, exchange, lines):
        fields_of = self._fields_by_column(exchange)
        results = self.env["oiconnect.access.order"]._receive(
            [
                line.payload | {"errors": self._line_refusals(line, fields_of)}
                for line in lines
            ],
            exchange.operator_id,
            exchange.network_id,
            origin=exchange.name,
            version=exchange.version,
        )
        return [
            (line, refusals)
            for line, (_order, refusals) in zip(lines, results, strict=True)
        ]

    def _handle_line(self, exchange, line, method):
        """A line that cannot be read is refused without a look at its order."""
        refusals = self._line_refusals(line, self._fields_by_column(exchange))
        if refusals:
            return refusals
        orders = self.env["oiconnect.access.order"]
        _order, refusals = getattr(orders, method)(
            line.payload, exchange.operator_id, exchange.network_id
        )
        return refusals

    def _fields_by_column(self, exchange):
        return {column.name: column.field for column in exchange._format().columns}

    def _line_refusals(self, line, fields_of):
        flow = self.env["oiconnect.flow"]
        return [
            Refusal(error.code, fields_of.get(error.column), flow._error_text(error))
            for error in line.errors
        ]

    def _answer_refusal(self, exchange, message):
        """Answer a file refused as a whole: one line, no reference, FIMP16."""
        answer = exchange.flow_id.answer_flow_id
        if not answer or exchange.duplicate_of_id:
            return
        now = local_iso(fields.Datetime.now())
        self.env["oiconnect.event"].sudo().create(
            {
                "flow": answer.code,
                "operator_id": exchange.operator_id.id,
                "network_id": exchange.network_id.id,
                "group_key": f"exchange:{exchange.id}",
                "payload": {
                    "oc_reference": None,
                    "result": "KO",
                    "reason_code": "FIMP16",
                    "date": now,
                    "comment": message,
                },
            }
        )
