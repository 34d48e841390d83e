import posixpath
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, NamedTuple

from odoo import fields, models

from ..transport import TransportError

# What is wrong with one file or its folder, not with the account
OF_THE_FILE = ("failed", "short_write")
#: by what is sent: which exchanges they are. Each has its own jobs: a publication
#: that takes an hour must not keep the answers to orders waiting.
QUEUES = {
    "send": [("publication_id", "=", False)],
    "deliver": [("publication_id", "!=", False)],
}


class Parcel(NamedTuple):
    """A file on its way; ``tried`` tells that it may have arrived before."""

    exchange_id: int
    folder: str
    name: str
    size: int
    tried: bool
    content: Any


class Endpoint(models.Model):
    """Writing: one file at a time, in the order in which they were made."""

    _inherit = "oiconnect.endpoint"

    def _plan_send(self, when=None, purpose="send"):
        self.with_delay(
            eta=when or fields.Datetime.now(),
            identity_key=self._job_key(purpose),
            priority=self.env["oiconnect.exchange"]._present_priority(),
            channel=f"root.oiconnect_{purpose}",
            description=self.env._("Send files to %s", self.display_name),
            max_retries=0,
        )._send(purpose)

    def _send(self, purpose="send"):
        """Send the oldest waiting file, then plan the next one.

        After a kill, the one file whose end is not known is sent again under the
        same name, which changes nothing. No transaction is open on what is sent
        while the operator's server is waited for.
        """
        self.ensure_one()
        self = self.with_context(lang=self._staff_language())
        if not self._lock(purpose):
            self._plan_send(fields.Datetime.now() + timedelta(seconds=5), purpose)
            return
        with ExitStack() as stack:
            with self._own_transaction() as endpoint:
                parcel = endpoint._take_out(purpose, stack)
            if not parcel:
                return
            error = self._carry(parcel)
        with self._own_transaction() as endpoint:
            when = endpoint._note_end(purpose, parcel.exchange_id, error)
        if when:
            # With the end of this job, which holds the account until then.
            self._plan_send(when, purpose)

    def _take_out(self, purpose, stack):
        """Return the next file, open; None when nothing waits."""
        exchange = self._next_to_send(purpose)
        while exchange and not exchange._is_kept():
            exchange._give_up()
            exchange = self._next_to_send(purpose)
        if not exchange:
            return None
        attempts = exchange.attempt_count
        exchange.attempt_count += 1
        return Parcel(
            exchange.id,
            self.publication_folder if purpose == "deliver" else self.out_folder,
            exchange.name,
            exchange.size,
            attempts > 0,
            stack.enter_context(exchange._open_content()),
        )

    def _next_to_send(self, purpose):
        domain = [("endpoint_id", "=", self.id), ("state", "=", "out_ready")]
        return self.env["oiconnect.exchange"].search(
            domain + QUEUES[purpose], order="id", limit=1
        )

    def _carry(self, parcel):
        """Return what went wrong, None when the file has arrived."""
        try:
            with self._open() as box:
                self._put(box, parcel)
        except TransportError as error:
            return error
        return None

    def _put(self, box, parcel):
        path = posixpath.join(parcel.folder, parcel.name)
        if parcel.tried and box.size(path) == parcel.size:
            return
        box.write(parcel.folder, parcel.name, parcel.content)

    def _note_end(self, purpose, exchange_id, error):
        """Return when to go on, nothing when no file is left."""
        exchange = self.env["oiconnect.exchange"].browse(exchange_id)
        if not error:
            self._note_success()
            exchange._note_sent()
            return self._next_to_send(purpose) and fields.Datetime.now()
        message = error.told(self.env)
        of_the_file = error.reason in OF_THE_FILE
        if not of_the_file:
            # Looks too wait for an account that nobody can open.
            self._note_failure(message)
        told = self.responsible_id and not of_the_file
        exchange._note_send_failure(message, told)
        return self._next_try(exchange.attempt_count)
