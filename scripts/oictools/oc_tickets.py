"""A commercial operator's side of tickets: it calls the OI's service SAV 3.0.

Envelopes are written by hand, as a partner's system would write them.
"""

import html
import urllib.error
import urllib.request
from typing import NamedTuple
from xml.etree import ElementTree

PATH = "/oiconnect/soap/sav/3.0"
TIMEOUT = 60
ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:tt="http://ossj.org/xml/TroubleTicket/v1-2"
    xmlns:cbt="http://ossj.org/xml/TroubleTicket-CBETrouble/v1-2"
    xmlns:bi="http://ossj.org/xml/Common-CBEBi/v1-5"
    xmlns:f="http://interop-fibre.fr/xml/TroubleTicketValue/v3-0"
    xmlns:h="http://interop-fibre.fr/xml/TroubleTicketHeader/v1-0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <soapenv:Header>
    <h:TroubleTicketHeaderRequest>
      <h:LoginName>{login}</h:LoginName>
      <h:Password>{password}</h:Password>
    </h:TroubleTicketHeaderRequest>
  </soapenv:Header>
  <soapenv:Body>
    <tt:{operation}Request>{body}</tt:{operation}Request>
  </soapenv:Body>
</soapenv:Envelope>"""
VALUE = """<tt:troubleTicketValue>
<bi:description>{event}</bi:description>{key}
<cbt:troubleTicketState>{state}</cbt:troubleTicketState>
<cbt:FTTHMUTTroubleTicket>{block}</cbt:FTTHMUTTroubleTicket>
</tt:troubleTicketValue>"""
NO_RESYNC = "<tt:resyncRequired>false</tt:resyncRequired>"
INFORMATION = "SP CASE INFORMATION NOTIFICATION"
CANCEL = "CASE CANCELATION REQUEST"
# Order of the block of Interop'Fibre, of the elements that are used here
ORDER = (
    "serviceProviderID",
    "supplierID",
    "troubleTicketType",
    "commercialId",
    "serviceProviderTroubleTicketKey",
    "customerLastName",
    "defectClassId",
    "defectDescription",
    "defectPrelocalization",
    "alreadyOperated",
    "messageType",
    "messageContent",
)


class Refused(Exception):
    """The OI answers with another code than 0, or with a fault."""


class Answer(NamedTuple):
    """`key` is the OI's number of the ticket; `values` texts by name on the wire."""

    key: str
    code: str
    label: str
    values: dict


class TicketClient:
    """`TicketClient("http://localhost:8069", "ocaa", "demo-ocaa", siren, oi)`."""

    def __init__(self, base, login, password, siren, oi_siren):
        self.url = base + PATH
        self.credentials = {"login": login, "password": password}
        self.parties = {"serviceProviderID": siren, "supplierID": oi_siren}

    def create(self, oc_key, service_reference, **values):
        """Open a ticket on a line; return the OI's key."""
        block = {
            "troubleTicketType": "1",
            "commercialId": service_reference,
            "serviceProviderTroubleTicketKey": oc_key,
            "customerLastName": "EXEMPLE",
            "defectClassId": "1",
            "defectDescription": "PAS DE SIGNAL",
            "defectPrelocalization": "PBO",
            "alreadyOperated": "false",
            **values,
        }
        body = self._value("CASE CREATE REQUEST", None, "QUEUED", block)
        return self._call("createTroubleTicketByValue", body).key

    def tell(self, key, oc_key, state, event=INFORMATION, **block):
        """Change a ticket: a message, or the state of a resolution."""
        block["serviceProviderTroubleTicketKey"] = oc_key
        body = self._value(event, key, state, block) + NO_RESYNC
        return self._call("setTroubleTicketByValue", body)

    def accept(self, key, oc_key):
        """Validate a resolution."""
        return self.tell(key, oc_key, "CLOSED")

    def reject(self, key, oc_key, reason):
        """Refuse a resolution: the work goes on."""
        message = {"messageType": "INFO", "messageContent": reason}
        return self.tell(key, oc_key, "OPENACTIVE", **message)

    def fetch(self, key):
        """Return the answer with all that the OI tells of the ticket."""
        named = f"<tt:troubleTicketKey>{html.escape(key)}</tt:troubleTicketKey>"
        return self._call("getTroubleTicketByKey", named + "<tt:attrNames/>")

    # -- envelopes ---------------------------------------------------------------------

    def _value(self, event, key, state, block):
        name = "cbt:troubleTicketKey"
        known = f"<{name}>{html.escape(key or '')}</{name}>"
        values = self.parties | block
        fields = "".join(
            f"<f:{name}>{html.escape(values[name])}</f:{name}>"
            for name in ORDER
            if name in values
        )
        return VALUE.format(
            event=event,
            key=known if key else f'<{name} xsi:nil="true"/>',
            state=state,
            block=fields,
        )

    def _call(self, operation, body):
        content = ENVELOPE.format(operation=operation, body=body, **self.credentials)
        headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{operation}"',
        }
        request = urllib.request.Request(self.url, content.encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
                return _read(response.read())
        except urllib.error.HTTPError as error:
            raise Refused(" ".join(_texts(error.read()).values())) from error


def _texts(content):
    """Texts of the leaves of an envelope, by their local names."""
    nodes = ElementTree.fromstring(content).iter()
    return {
        node.tag.rpartition("}")[2]: node.text.strip()
        for node in nodes
        if not len(node) and (node.text or "").strip()
    }


def _read(content):
    values = _texts(content)
    answer = Answer(
        values.get("troubleTicketKey", ""),
        values.get("returnCode", ""),
        values.get("returnLabel", ""),
        values,
    )
    if answer.code != "0":
        raise Refused(f"{answer.code} {answer.label}")
    return answer
