from functools import partial
from typing import Any, NamedTuple

from odoo import fields, models
from odoo.tools import ormcache

from odoo.addons.oiconnect_base.reception import Reception
from odoo.addons.oiconnect_orders.controls.acknowledgement import Refusal
from odoo.addons.oiconnect_orders.protocol_time import local_iso

from ..flows.flow import FROM_OPERATORS


class Handled(NamedTuple):
    """A line of a file, why it is refused, and the record that it named or made."""

    line: Any
    refusals: list
    record: Any = None


class Inbound(models.AbstractModel):
    """Dispatch of the lines of a file to the models that receive them.

    A model registers itself: ``_received_flows`` names the flows that it takes.
    """

    _name = "oiconnect.inbound"
    _description = "Reception of flows"

    def _takes(self, flow):
        """Tell whether operators send us ``flow``."""
        return flow.direction in FROM_OPERATORS and bool(self._reception(flow)[1])

    def _reception(self, flow):
        """Return the model that takes ``flow`` and its :class:`Reception`, or Nones.

        Flows by which partners tell that they have read a file are taken by files.
        """
        if flow.acknowledged_flow_ids:
            files = self.env["oiconnect.exchange"]
            return files, Reception("_receive_notice", {"flow": flow})
        for model, flows in self._receivers():
            if reception := flows.get(flow.code):
                return self.env[model], reception
        return None, None

    @ormcache()
    def _receivers(self):
        """Return ``[(model, {flow: Reception})]`` of all models that take flows."""
        return [
            (name, model._received_flows)
            for name, model in self.env.registry.items()
            if getattr(model, "_received_flows", None) and not model._abstract
        ]

    def _created_models(self):
        """Return the names of the models whose records operators' lines make."""
        return [
            name
            for name, flows in self._receivers()
            if any(reception.creates for reception in flows.values())
        ]

    def _handle(self, exchange, lines):
        """Hand ``lines`` over; return one :class:`Handled` for each."""
        results = self._hand_over(
            exchange.flow_id,
            self._payloads(exchange._format(), lines),
            operator=exchange.operator_id,
            network=exchange.network_id,
            origin=exchange._event_origin(),
        )
        return [
            Handled(line, refusals, record)
            for line, (record, refusals) in zip(lines, results, strict=True)
        ]

    def _hand_over(self, flow, payloads, **parties):
        """Hand what lines of ``flow`` say over to the model that takes them.

        :param parties: ``operator``, ``network`` and ``origin``
        :return: ``[(record, [Refusal, …])]`` in the order of the lines
        """
        model, reception = self._reception(flow)
        method = getattr(model, reception.method)
        take = partial(method, **parties, **reception.arguments)
        if reception.by_lot:
            return take(payloads)
        return [self._take_line(flow, take, line) for line in payloads]

    def _take_line(self, flow, take, payload):
        """A line that cannot be read is answered where the flow has an answer.

        It changes nothing of the record that it names.
        """
        unread = payload["errors"]
        if unread and not flow.answer_flow_id:
            return None, unread
        record, refusals = take(payload)
        return record, unread or refusals

    def _payloads(self, protocol_format, lines):
        """Return what the lines say, where they stand, and what is wrong with them."""
        fields_of = {column.name: column.field for column in protocol_format.columns}
        return [
            line.payload
            | {"line": line.number, "errors": self._line_refusals(line, fields_of)}
            for line in lines
        ]

    def _line_refusals(self, line, fields_of):
        flow = self.env["oiconnect.flow"]
        return [
            Refusal(
                error.code, fields_of.get(error.column), flow._error_text(error)
            ).with_given(error.value)
            for error in line.errors
        ]

    # ------------------------------------------------------------------
    # Answers that no record gives
    # ------------------------------------------------------------------

    def _answer_file(self, exchange, message):
        """Answer a file refused as a whole: one line, no reference, FIMP16."""
        key = exchange.flow_id.key_field
        self._answer(exchange, {key: None} if key else {}, "FIMP16", message)

    def _answer_line(self, exchange, line, refusal):
        """Answer a line that reached no record: the answer has a line for each."""
        flow = exchange.flow_id
        names = (flow.key_field, *self._reception(flow)[1].repeated)
        payload = {name: line.payload.get(name) for name in names if name}
        payload["line"] = line.number
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
                "group_key": exchange._event_origin().group,
                "payload": names
                | {
                    "result": "KO",
                    "reason_code": code,
                    "date": local_iso(fields.Datetime.now()),
                    "comment": message,
                },
            }
        )
