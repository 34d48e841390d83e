"""A server of mails that takes everything and keeps it, for tests."""

import email
import socketserver
import threading
from email import policy

HELLO, BYE, GO_ON, DONE = b"250 ok", b"221 bye", b"354 go on", b"250 taken"


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self._say(b"220 test")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self._say(GO_ON)
                self.server.keep(self._message())
                self._say(DONE)
            elif word == b"QUIT":
                self._say(BYE)
                return
            else:
                self._say(HELLO)

    def _say(self, text):
        self.wfile.write(text + b"\r\n")

    def _message(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)


class SmtpReceiver(socketserver.ThreadingTCPServer):
    """`with SmtpReceiver() as server: …` then `server.mails`, in their order."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails = []
        self.port = self.server_address[1]

    def keep(self, content):
        self.mails.append(email.message_from_bytes(content, policy=policy.default))

    def start(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def stop(self):
        self.shutdown()
        self.server_close()

    def bodies(self, address):
        """Return the text in HTML of all that an address was sent."""
        return [
            mail.get_body(("html",)).get_content()
            for mail in self.mails
            if address in mail["To"]
        ]
