from odoo import fields, models

from odoo.addons.oiconnect_base.bulk import read_columns

from ...webhook import without_customer


class SubjectMixin(models.AbstractModel):
    """What happens to a record is frozen for each receiver, in the same transaction."""

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
        owners, rows = self._subject_owners(), []
        columns = read_columns(self, "network_id", "company_id")
        for record, (network_id, company_id) in zip(self, columns, strict=True):
            concerned = owners[record.id]
            hearers = [
                (webhook_id, operator_id)
                for webhook_id, of_network, operator_id in heard
                if of_network == network_id
                and (not operator_id or operator_id in concerned)
            ]
            if not hearers:
                continue
            payload = record._subject_payload(event, before, messages)
            only = concerned[0] if len(concerned) == 1 else None
            rows += [
                {
                    "webhook_id": webhook_id,
                    "operator_id": operator_id or only,
                    "network_id": network_id,
                    "company_id": company_id,
                    "res_id": record.id,
                    "payload": payload,
                }
                for webhook_id, operator_id in hearers
            ]
        if rows:
            self.env["oiconnect.event"]._append(
                rows,
                flow=f"{self._subject}.{event}",
                channel="webhook",
                res_model=self._name,
                next_try_date=fields.Datetime.now(),
            )

    def _subject_payload(self, event, before, messages):
        """Return what receivers hear: no end customer is named in it."""
        names = (*getattr(self, "_payload_fields", ()), *self._subject_fields)
        told = {name: _plain(self[name]) for name in names}
        operator = "operator_id" in self and self.operator_id.interop_code
        return {
            "event": event,
            "before": before.get(self.id) or None,
            "after": self.state or None,
            "record": told
            | {
                "type": self._subject,
                "id": self.id,
                "network": self.network_id.oi_code,
                "operator": operator or None,
            },
            "messages": [
                {"flow": flow, "content": without_customer(payloads[self.id])}
                for flow, payloads in messages.items()
                if self.id in payloads
            ],
        }


def _plain(value):
    """Return a value of a field as JSON has it; moments are UTC."""
    if value and hasattr(value, "isoformat"):
        return f"{value.isoformat()}Z" if hasattr(value, "hour") else value.isoformat()
    return value or (value if value == 0 and value is not False else None)
