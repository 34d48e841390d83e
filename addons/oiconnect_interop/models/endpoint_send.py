import posixpath
from datetime import timedelta

from odoo import fields, models

from ..transport import TransportError


class Endpoint(models.Model):
    """Writing: one file at a time, in the order in which they were made."""

    _inherit = "oiconnect.endpoint"

    def _plan_send(self, when=None):
        self.with_delay(
            eta=when or fields.Datetime.now(),
            identity_key=f"oiconnect-send-{self.id}",
            channel="root.oiconnect_send",
            description=self.env._("Send files to %s", self.display_name),
            max_retries=0,
        )._send()

    def _send(self):
        """Send the oldest waiting file, then plan the next one.

        One file a transaction: after a kill, the one file whose end is not
        known is sent again under the same name, which changes nothing.
        """
        self.ensure_one()
        self = self.with_context(lang=self._staff_language())
        exchange = self._next_to_send()
        if not exchange:
            return
        if not self._lock("send"):
            self._plan_send(fields.Datetime.now() + timedelta(seconds=5))
            return
        try:
            with self._open() as box:
                self._put(box, exchange)
        except TransportError as error:
            self._note_failure(error.told(self.env))
            exchange._note_send_failure(error.told(self.env))
            self._plan_send(self.next_try_date)
            return
        self._note_success()
        exchange._note_sent()
        if self._next_to_send():
            self._plan_send()

    def _next_to_send(self):
        return self.env["oiconnect.exchange"].search(
            [("endpoint_id", "=", self.id), ("state", "=", "out_ready")],
            order="id",
            limit=1,
        )

    def _put(self, box, exchange):
        path = posixpath.join(self.out_folder, exchange.name)
        if exchange.attempt_count and box.size(path) == exchange.size:
            return
        box.write(self.out_folder, exchange.name, exchange._content())
