from odoo import fields, models

from odoo.addons.oiconnect_base.bulk import read_columns

from ...webhook import without_customer


class SubjectMixin(models.AbstractModel):
    """Record whose events are frozen for each receiver, in the same transaction."""

    _inherit = "oiconnect.subject.mixin"

    def _tell_subscribers(self, event, before, messages=None):
        result = super()._tell_subscribers(event, before, messages)
        if self and self._subject:
            heard = self.env["oiconnect.webhook"]._subscribed(self._subject, event)
            if heard:
                self._append_webhook_events(event, before, messages or {}, heard)
        return result

    def _append_webhook_events(self, event, before, messages, heard):
        """Put one message for each record and receiver in the outbox.

        :param heard: ``((webhook id, network id, operator id or False), …)``
        """
        subscribers = self._subscribers(heard)
        heard_records = self.browse(subscribers)
        if not heard_records:
            return
        payloads = heard_records._subject_payloads(event, before, messages)
        columns = read_columns(heard_records, "network_id", "company_id")
        self.env["oiconnect.event"]._append(
            (
                {
                    "webhook_id": webhook_id,
                    "operator_id": operator_id,
                    "network_id": network_id,
                    "company_id": company_id,
                    "res_id": record_id,
                    "payload": payload,
                }
                for record_id, (network_id, company_id), payload in zip(
                    heard_records.ids, columns, payloads, strict=True
                )
                for webhook_id, operator_id in subscribers[record_id]
            ),
            flow=f"{self._subject}.{event}",
            channel="webhook",
            res_model=self._name,
            next_try_date=fields.Datetime.now(),
        )

    def _subscribers(self, heard):
        """Return ``{record id: [(webhook id, operator of the event)]}``, none empty.

        What we hear of is an operator's if it concerns one only.
        """
        owners, found = self._subject_owners(), {}
        networks = read_columns(self, "network_id")
        for record_id, (network_id,) in zip(self.ids, networks, strict=True):
            concerned = owners[record_id]
            only = concerned[0] if len(concerned) == 1 else None
            subscribers = [
                (webhook_id, operator_id or only)
                for webhook_id, of_network, operator_id in heard
                if of_network == network_id
                and (not operator_id or operator_id in concerned)
            ]
            if subscribers:
                found[record_id] = subscribers
        return found

    def _subject_payloads(self, event, before, messages):
        """Yield what receivers hear of each record: no end customer is named in it."""
        names = (*getattr(self, "_payload_fields", ()), *self._subject_fields)
        values = read_columns(self, "state", *names)
        networks = {one.id: one.oi_code for one in self.network_id}
        places = [network_id for (network_id,) in read_columns(self, "network_id")]
        operators = [None] * len(self)
        if "operator_id" in self._fields:
            codes = {one.id: one.interop_code for one in self.operator_id}
            operators = [codes.get(id_) for (id_,) in read_columns(self, "operator_id")]
        for record_id, (state, *values_read), network_id, operator in zip(
            self.ids, values, places, operators, strict=True
        ):
            yield {
                "event": event,
                "before": before.get(record_id) or None,
                "after": state,
                "record": dict(zip(names, map(_plain, values_read), strict=True))
                | {
                    "type": self._subject,
                    "id": record_id,
                    "network": networks[network_id],
                    "operator": operator or None,
                },
                "messages": [
                    {"flow": flow, "content": without_customer(payloads[record_id])}
                    for flow, payloads in messages.items()
                    if record_id in payloads
                ],
            }


def _plain(value):
    """Return a value of a field as JSON has it; moments are UTC."""
    if value and hasattr(value, "isoformat"):
        return f"{value.isoformat()}Z" if hasattr(value, "hour") else value.isoformat()
    return value or (value if value == 0 and value is not False else None)
