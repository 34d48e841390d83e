"""A receiver of webhooks that fails on command, and checks what it gets.

It is written apart from the product, from the documentation of webhooks alone.
"""

import hashlib
import hmac
import json

from oc_server import TIMEOUT, FailingOcServer

LENGTH = 1000


class WebhookReceiver(FailingOcServer):
    """``fails(...)`` says what becomes of the next calls, one each.

    Besides those of its parent:

    ============  ============================================================
    ``"late"``    the event is stored, and the answer comes too late
    ``"half"``    the event is stored; the content of the answer breaks off
    ``"cut"``     the answer breaks off in its first line; nothing is stored
    a number      that HTTP status; nothing is stored unless it is 2xx
    ============  ============================================================

    What answers 2xx has stored the event, whatever the content of the answer.

    ``taken`` are the events in the order in which they came, ``repeated`` those that it
    had already. ``secrets`` are those that it knows, by their ids.
    """

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.secrets = {}
        self.taken = []
        self.repeated = []
        self.forged = []

    @property
    def url(self):
        return f"http://{self.host}:{self.port}/evenements?de=oi"

    def records(self):
        """Return ``{subject: ids of its events, in the order in which they came}``."""
        found = {}
        for event in self.taken:
            found.setdefault(event["subject"], []).append(int(event["id"]))
        return found

    def keep(self, request):
        """Read an event and keep it, once."""
        body = self._read(request)
        if not self._is_signed(request.headers, body):
            self.forged.append(body)
        event = json.loads(body)
        with self._lock:
            known = {one["id"] for one in self.taken}
            events = self.repeated if event["id"] in known else self.taken
            events.append(event)

    def _is_signed(self, headers, body):
        given = headers["OIConnect-Signature"].split(", ")
        text = headers["OIConnect-Timestamp"].encode() + b"." + body
        return any(
            hmac.compare_digest(
                f"{name}={hmac.new(key.encode(), text, hashlib.sha256).hexdigest()}",
                signature,
            )
            for name, key in self.secrets.items()
            for signature in given
        )

    def handle(self, request):
        step = self._steps.popleft() if self._steps else 204
        if not isinstance(step, int):
            getattr(self, f"_{step}")(request)
            return
        if 200 <= step < 300:
            self.keep(request)
        else:
            self._read(request)
        self.send(request, step, b"" if step == 204 else b"non", "text/plain")

    def _lose(self, request):
        self.keep(request)
        self._cut_connection(request)

    def _late(self, request):
        self.keep(request)
        self._released.wait(TIMEOUT)
        self._cut_connection(request)

    def _huge(self, request):
        self.keep(request)
        self.send(request, 200, b" " * (2 * 1024 * 1024), "text/plain")

    def _half(self, request):
        self.keep(request)
        request.send_response(200)
        request.send_header("Content-Length", str(LENGTH))
        request.end_headers()
        request.wfile.write(b"merci")
        request.wfile.flush()
        self._cut_connection(request)

    def _cut(self, request):
        self._read(request)
        request.wfile.write(b"HTTP/1.1 2")
        request.wfile.flush()
        self._cut_connection(request)

    def _drop(self, request):
        self._read(request)
        self._cut_connection(request)

    def _hang(self, request):
        self._read(request)
        self._released.wait(TIMEOUT)
        self._cut_connection(request)

    def _cut_connection(self, request):
        super()._cut(request)
