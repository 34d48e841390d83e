import io
import posixpath
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, NamedTuple

from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from ...related_counts import count_related
from ...transport import TransportError

_lt = LazyTranslate(__name__)
# What is wrong with one file or its folder, not with the account
FILE_LEVEL_ERRORS = ("failed", "short_write")
#: by what is sent: which exchanges they are. Each has its own jobs: a publication
#: that takes an hour must not keep the answers to orders waiting.
QUEUES = {
    "send": [("publication_id", "=", False)],
    "deliver": [("publication_id", "!=", False)],
}


class OutgoingFile(NamedTuple):
    """File to send; ``tried``: an earlier attempt may have delivered it."""

    exchange_id: int
    folder: str
    name: str
    size: int
    tried: bool
    content: Any


class Endpoint(models.Model):
    """Account where an operator drops its files and finds ours."""

    _name = "oiconnect.endpoint"
    _description = "Connection"
    _created_text = _lt("Connection created")
    _inherit = "oiconnect.account.mixin"
    _free_fields = ("operator_id", "out_folder", "publication_folder")
    _order = "operator_id, name"
    _job_prefix = "oiconnect"

    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    out_folder = fields.Char("Our files", default="out", required=True)
    publication_folder = fields.Char(
        "Our publications", default="publication", required=True
    )
    exchange_ids = fields.One2many("oiconnect.exchange", "endpoint_id", "Exchanges")
    exchange_count = fields.Integer(
        "Number of exchanges", compute="_compute_exchange_count"
    )

    # One account serves one operator of one network: a file of ours has one way.
    _account_uniq = models.UniqueIndex(
        "(network_id, operator_id) WHERE active",
        "This operator already has a connection: change it, or archive it first.",
    )

    def _compute_exchange_count(self):
        count_related(self, "exchange_count", "oiconnect.exchange", "endpoint_id")

    def _staff_language(self):
        """Language of the person in charge, else the operator's."""
        return self.responsible_id.lang or self.operator_id.lang

    def _folders(self):
        return [
            self.in_folder,
            self.archive_folder,
            self.error_folder,
            self.out_folder,
            self.publication_folder,
        ]

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _store(self, transfer, claim, earlier=None):
        exchanges = self.env["oiconnect.exchange"]
        content = io.BytesIO()
        try:
            found = transfer.fetch(claim.here, content, exchanges._size_limit())
        except TransportError as error:
            if error.reason != "too_big":
                raise
            self._refuse_unread(transfer, claim, earlier, error)
            return
        taken = (self, claim.name, content.getvalue(), claim.token, found.stat)
        if earlier:
            earlier._receive_again(*taken)
        else:
            exchanges._receive_file(*taken)

    def _refuse_unread(self, transfer, claim, earlier, error):
        if earlier:
            earlier._hand_over()
        exchanges = self.env["oiconnect.exchange"]
        exchange = exchanges._receive_unread(self, claim.name, claim.token)
        exchange.claim_stat = transfer.entry(claim.here).stat
        exchange._refuse(error.translated(exchange.env))

    def _stored(self, tokens):
        return self.env["oiconnect.exchange"].search([("claim_token", "in", tokens)])

    def _stored_since(self, start):
        domain = [
            ("endpoint_id", "=", self.id),
            ("direction", "=", "in"),
            ("create_date", ">=", start),
        ]
        exchanges = self.env["oiconnect.exchange"]
        [found] = exchanges._read_group(domain, aggregates=["__count", "size:sum"])
        return found[0], found[1] or 0

    def _file_limit(self):
        return self.env["oiconnect.exchange"]._size_limit()

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    def _plan_send(self, when=None, purpose="send"):
        self.with_delay(
            eta=when or fields.Datetime.now(),
            identity_key=self._job_identity_key(purpose),
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
                outgoing = endpoint._take_out(purpose, stack)
            if not outgoing:
                return
            error = self._transmit(outgoing)
        with self._own_transaction() as endpoint:
            when = endpoint._note_end(purpose, outgoing.exchange_id, error)
        if when:
            # With the end of this job, which holds the account until then.
            self._plan_send(when, purpose)

    def _take_out(self, purpose, stack):
        """Return the next file, open; None when nothing waits."""
        exchange = self._next_to_send(purpose)
        while exchange and not exchange._is_file_available():
            exchange._give_up()
            exchange = self._next_to_send(purpose)
        if not exchange:
            return None
        try:
            content = stack.enter_context(exchange._open_content())
        except FileNotFoundError as error:
            raise exchange._absent_file_error() from error
        attempts = exchange.attempt_count
        exchange.attempt_count += 1
        return OutgoingFile(
            exchange.id,
            self.publication_folder if purpose == "deliver" else self.out_folder,
            exchange.name,
            exchange.size,
            attempts > 0,
            content,
        )

    def _next_to_send(self, purpose):
        domain = [("endpoint_id", "=", self.id), ("state", "=", "out_ready")]
        return self.env["oiconnect.exchange"].search(
            domain + QUEUES[purpose], order="id", limit=1
        )

    def _transmit(self, outgoing):
        """Return what went wrong, None when the file has arrived."""
        path = posixpath.join(outgoing.folder, outgoing.name)
        try:
            with self._open() as transfer:
                if not outgoing.tried or transfer.size(path) != outgoing.size:
                    transfer.write(outgoing.folder, outgoing.name, outgoing.content)
        except TransportError as error:
            return error
        return None

    def _note_end(self, purpose, exchange_id, error):
        """Return when to go on, nothing when no file is left."""
        exchange = self.env["oiconnect.exchange"].browse(exchange_id)
        if not error:
            self._note_success()
            exchange._note_sent()
            return self._next_to_send(purpose) and fields.Datetime.now()
        message = error.translated(self.env)
        is_file_level = error.reason in FILE_LEVEL_ERRORS
        if not is_file_level:
            # Looks too wait for an account that cannot be opened.
            self._note_failure(message)
        notified = self.responsible_id and not is_file_level
        exchange._note_send_failure(message, notified)
        return self._next_try(exchange.attempt_count)
