"""An event as subscribers get it: CloudEvents 1.0 in JSON, structured mode."""

import json
from datetime import datetime

from odoo.addons.oiconnect_orders.personal import tells_customer

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
#: bytes of an event; beyond, the messages to the operator are named only
SIZE = 256 * 1024
# Parts of the keys under which words stand that may name an end customer
_WORDS = ("customer", "comment", "content", "description", "note", "suggestion")


def without_customer(value):
    """Return a value of JSON without the keys that may tell of an end customer."""
    if isinstance(value, dict):
        return {
            key: without_customer(part)
            for key, part in value.items()
            if not (tells_customer(key) or any(word in key for word in _WORDS))
        }
    if isinstance(value, list):
        return [without_customer(part) for part in value]
    return value


def cloud_event(
    number: str, source: str, kind: str, subject: str, when: datetime, data
):
    """Return the bytes of an event.

    :param number: the same each time that the event is sent
    :param source: code of the network
    :param when: naive UTC
    """
    event = {
        "specversion": "1.0",
        "id": number,
        "source": f"urn:oiconnect:{source}",
        "type": f"oiconnect.{kind}",
        "subject": subject,
        "time": f"{when.isoformat(timespec='seconds')}Z",
        "datacontenttype": "application/json",
        "data": data,
    }
    body = _encoded(event)
    if len(body) > SIZE and data.get("messages"):
        named = [{"flow": message["flow"]} for message in data["messages"]]
        body = _encoded(event | {"data": data | {"messages": named}})
    return body


def _encoded(event):
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
