"""A timestamping service (RFC 3161) on this machine: its own key, real tokens."""

import datetime
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.sign.timestamps import DummyTimeStamper


def _identity():
    """Return ``(certificate, private key)`` of a service that is known here only."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "TSA")])
    year = datetime.timedelta(days=365)
    # The tests may stop the clock at any moment.
    now = datetime.datetime(2026, 1, 1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 10 * year)
        .not_valid_after(now + 10 * year)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return (
        asn1_x509.Certificate.load(
            certificate.public_bytes(serialization.Encoding.DER)
        ),
        keys.PrivateKeyInfo.load(private),
    )


class TimestampServer:
    """Signs the digests of requests, or answers as a service that is down."""

    def __init__(self):
        self.stamper = DummyTimeStamper(*_identity(), include_nonce=True)
        self.requests = []
        self.is_down = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/tsr"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _handler(self):
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                request = tsp.TimeStampReq.load(self.rfile.read(length))
                service.requests.append(request)
                if service.is_down:
                    self.send_error(503)
                    return
                reply = service.stamper.request_tsa_response(request).dump()
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *arguments):
                """Tests print nothing."""

        return Handler

    def imprints(self):
        """Return the digests that requests gave it to sign."""
        return [
            request["message_imprint"]["hashed_message"].native
            for request in self.requests
        ]

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
