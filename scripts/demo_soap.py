"""A small server of tickets, as the demo's commercial operators have one.

`make run` starts it as a program; tests start it in their own process. It is written
apart from the product, by the local names of elements: what the two understand of the
protocol is not the same code.
"""

import contextlib
import html
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from lxml import etree

LOGIN, PASSWORD = "oicn", "demo-oicn"
SET, PROBE = "setTroubleTicketByValueRequest", "getSupportedOptionalOperationsRequest"
LIMIT = 1024 * 1024
LABELS = {
    0: "AUCUNE ERREUR - ACQUITTE",
    6: "AUCUN CHANGEMENT - DESYNCHRONISATION DES SI DETECTEE",
    8: "INFO troubleTicketKey INCONNUE",
    10: "ERREUR SI INTERNE",
    12: "ERREUR AUTHENTIFICATION",
    14: "SI EN MAINTENANCE",
    22: "INTERFACE INCORRECTE",
}
ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>{}</S:Body>\
</S:Envelope>"""
RESPONSE = """<m:setTroubleTicketByValueResponse \
xmlns:m="http://ossj.org/xml/TroubleTicket/v1-2" \
xmlns:t="http://ossj.org/xml/TroubleTicket-CBETrouble/v1-2"><m:troubleTicketResponse>\
<t:troubleTicketKey>{key}</t:troubleTicketKey><t:returnCode>{code}</t:returnCode>\
<t:returnLabel>{label}</t:returnLabel></m:troubleTicketResponse>\
</m:setTroubleTicketByValueResponse>"""
PROBED = """<c:getSupportedOptionalOperationsResponse \
xmlns:c="http://ossj.org/xml/Common/v1-5"><c:strings/>\
</c:getSupportedOptionalOperationsResponse>"""
FAULT = """<S:Fault><faultcode>S:Server</faultcode>\
<faultstring>remoteException</faultstring><detail>\
<m:setTroubleTicketByValueException xmlns:m="http://ossj.org/xml/TroubleTicket/v1-2">\
<m:remoteException><c:message xmlns:c="http://ossj.org/xml/Common/v1-5">\
{code} - {label}</c:message></m:remoteException></m:setTroubleTicketByValueException>\
</detail></S:Fault>"""


class Notification(NamedTuple):
    """A notification to the operator; ``values`` are texts by name on the wire."""

    ticket: str
    event: str
    state: str
    version: int
    values: dict


def answer(code, key=""):
    """The answer to a notification."""
    return ENVELOPE.format(
        RESPONSE.format(key=html.escape(key), **_labelled(code))
    ).encode()


def fault(code):
    """The same as a fault."""
    return ENVELOPE.format(FAULT.format(**_labelled(code))).encode()


def _labelled(code):
    return {"code": code, "label": LABELS.get(code, f"CODE {code}")}


def local(element):
    return etree.QName(element).localname


def texts(element):
    """Texts of the leaves below an element, by their local names."""
    return {
        local(node): (node.text or "").strip()
        for node in element.iter(etree.Element)
        if not len(node) and (node.text or "").strip()
    }


class OcServer:
    """The server in a thread: `with OcServer() as server: server.url`.

    ``notifications`` are in the order in which they came, ``repeated`` are those that
    it had already: they change nothing and are answered with code 6.

    :param tls: an ssl.SSLContext with a certificate, for https
    """

    def __init__(
        self, port=0, host="127.0.0.1", login=LOGIN, password=PASSWORD, tls=None
    ):
        self.host = host
        self.port = port
        self.tls = tls
        self.credentials = {"LoginName": login, "Password": password}
        self.notifications = []
        self.repeated = []
        self.calls = 0
        self._lock = threading.Lock()
        self._server = None

    @property
    def url(self):
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{self.host}:{self.port}/sav"

    @property
    def tickets(self):
        """Last notification of each ticket."""
        return {one.ticket: one for one in self.notifications}

    # -- what it does with a call ------------------------------------------------------

    def respond(self, body):
        """Return (status, content) of the answer to an envelope."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            root = etree.fromstring(body, parser)
        except etree.XMLSyntaxError:
            return 500, fault(22)
        parts = {local(part): part for part in root}
        header = texts(parts["Header"]) if "Header" in parts else {}
        if any(header.get(name) != text for name, text in self.credentials.items()):
            return 500, fault(12)
        [request] = parts["Body"]
        if local(request) == PROBE:
            return 200, ENVELOPE.format(PROBED).encode()
        if local(request) != SET:
            return 500, fault(22)
        return 200, self.take(texts(request))

    def take(self, values):
        """Keep a notification that is new; return the answer."""
        notification = Notification(
            values.get("troubleTicketKey", ""),
            values.get("description", ""),
            values.get("troubleTicketState", ""),
            int(values.get("lastUpdateVersionNumber", 0)),
            values,
        )
        with self._lock:
            known = {one.version for one in self.notifications}
            is_new = notification.version not in known
            (self.notifications if is_new else self.repeated).append(notification)
        return answer(0 if is_new else 6, notification.ticket)

    def handle(self, request):
        """Answer a POST; `request` is the handler of http.server."""
        length = min(int(request.headers.get("Content-Length") or 0), LIMIT)
        self.calls += 1
        self.send(request, *self.respond(request.rfile.read(length)))

    def send(self, request, status, content, content_type="text/xml; charset=utf-8"):
        request.send_response(status)
        request.send_header("Content-Type", content_type)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    # -- the server --------------------------------------------------------------------

    def start(self):
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                with contextlib.suppress(OSError):
                    owner.handle(self)

            def do_GET(self):
                """Send the notifications to the operator played in another process."""
                content = json.dumps(owner.notifications).encode()
                owner.send(self, 200, content, "application/json")

            def log_message(self, *_arguments):
                """The terminal is for the story."""

        self._server = ThreadingHTTPServer((self.host, self.port), Handler)
        self._server.daemon_threads = True
        if self.tls:
            self._server.socket = self.tls.wrap_socket(
                self._server.socket, server_side=True
            )
        self.port = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            daemon=True,
        ).start()
        return self

    def stop(self):
        """Stop listening: who calls now is refused the connection."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    __enter__ = start

    def __exit__(self, *exception):
        self.stop()


def serve(port):
    with OcServer(port) as server:
        print(f"the demo operators' server of tickets: {server.url}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
