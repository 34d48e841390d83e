import time
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.outgoing import way_out
from odoo.addons.oiconnect_interop.transport import http_client
from odoo.addons.oiconnect_interop.transport.http_client import CallError

from ... import soap
from ...soap import codes
from ...soap.contract import Operation
from ...soap.services import sav

#: length of the one line that shows the label that a partner sends
LABEL_SIZE = 200
#: answers that are no SOAP, of what stands before a server that is down
GATEWAY_ERRORS = (502, 503, 504)
#: failures of a call that one message may be the cause of
OF_MESSAGE = ("broken", "too_large")


def _lt(template):
    """Mark ``template`` for the export of terms to translate."""
    return template


#: return code that stops an account → what a person has to do
STOPPED_TEXTS = {
    codes.BAD_CREDENTIALS: _lt(
        "The operator refuses our log-in or password (%s): ask for them, then test "
        "the connection."
    ),
    codes.NO_ACCESS: _lt(
        "The operator gives us no access to this service (%s): ask for it, then test "
        "the connection."
    ),
    codes.DISABLED: _lt(
        "The operator has disabled our access (%s): ask for it, then test the "
        "connection."
    ),
}


class Call(NamedTuple):
    """A call that is ready, to be made without any transaction.

    :param event_id: message of the outbox that it tells, 0 for none
    """

    address: str
    operation: Operation
    body: bytes
    seconds: int
    event_id: int = 0


class CallEnd(NamedTuple):
    """Result of a call.

    ``outcome`` is ``done``, ``known`` (the partner knew it already), ``retry``,
    ``stop`` (a person has to act) or ``refused`` (this call, by any caller).
    ``text`` says to people why it is not done. ``is_answered``: the server was reached
    and failed, so the message itself may be the cause.
    """

    outcome: str
    text: str
    code: int | None
    is_fault: bool
    answer: bytes
    content_type: str
    milliseconds: int
    is_answered: bool = False


class SoapAccount(models.Model):
    """Calls of the operator's server: made, read and noted in the journal.

    Our wire layer writes and reads the envelopes (``soap``), so that the contract of
    each version is in one place.
    """

    _inherit = "oiconnect.soap.account"

    def _prepare_call(self, operation, payload, lists=codes.LISTS, event_id=0):
        """Return the call of ``operation`` with ``payload``.

        :raises UserError: the account has no address, log-in or password to call with
        :raises PayloadError: the contract does not allow the payload
        """
        self.ensure_one()
        header = {"login": self.remote_login, "password": self._remote_password()}
        body = soap.request(
            sav.SERVICE, operation, payload, header, self.value_namespace or "", lists
        )
        return Call(self.url, operation, body, self.timeout_seconds, event_id)

    def _remote_password(self):
        """Return the password for the operator's server.

        :raises UserError: something is missing to call it
        """
        try:
            http_client.check_address(self.url)
        except CallError as error:
            raise UserError(error.translated(self.env)) from error
        password = self._secret("remote_password")
        if not (self.remote_login and password):
            raise UserError(
                self.env._(
                    "Enter the log-in and the password that the operator gave us for "
                    "its server."
                )
            )
        return password

    def _make_call(self, call):
        """Make a call; return its ``CallEnd``. Nothing is read from the database."""
        start = time.monotonic()
        answered, failed = http_client.HttpAnswer(0, "", b""), False
        headers = soap.http_headers(call.operation)
        try:
            with way_out("SOAP", call.seconds, http_client.check_peer):
                answered = http_client.send(
                    call.address, call.body, headers, call.seconds
                )
            reply = soap.read_reply(
                answered.content, sav.SERVICE, call.operation, answered.content_type
            )
        except CallError as error:
            result = "retry", error.translated(self.env), None, False
            failed = error.reason in OF_MESSAGE
        except soap.SoapFault:
            # A page of a proxy or of a server under repair: it passes.
            result = "retry", self._unreadable_text(answered.status), None, False
            failed = answered.status not in GATEWAY_ERRORS
        else:
            outcome, text = self._outcome(reply)
            result = outcome, text, reply.code, reply.is_fault
            failed = outcome == "retry" and reply.code == codes.INTERNAL
        milliseconds = round((time.monotonic() - start) * 1000)
        return CallEnd(
            *result, answered.content, answered.content_type, milliseconds, failed
        )

    def _unreadable_text(self, status):
        return self.env._(
            "The answer of the server is not a SOAP answer (HTTP %s).", status
        )

    # ------------------------------------------------------------------
    # What an answer means
    # ------------------------------------------------------------------

    def _outcome(self, reply):
        """Return ``(outcome, text)`` of an answer or a fault (SAV 3.0 §5).

        An answer without return code, which the contract allows, is an agreement; a
        fault without one is no failure that is known to pass.
        """
        if reply.code is None:
            return self._outcome_without_code(reply)
        if reply.code == codes.SUCCESS and not reply.is_fault:
            return "done", ""
        known = codes.RETURN_CODES.get(reply.code)
        outcome = (known and known.on_reply) or "refused"
        return outcome, "" if outcome == "known" else self._reply_text(reply)

    def _outcome_without_code(self, reply):
        return_code = (reply.payload.get("answer") or {}).get("return_code")
        if not return_code and not reply.is_fault:
            return "done", ""
        text = self.env._(
            "The operator's server answers without a return code: %s",
            _one_line(reply.label or return_code) or "–",
        )
        return "refused", text

    def _reply_text(self, reply):
        known = codes.RETURN_CODES.get(reply.code)
        label = _one_line(reply.label) or (known.label if known else "")
        text = f"{reply.code} - {label}" if label else str(reply.code)
        if reply.code in STOPPED_TEXTS:
            return self.env._(STOPPED_TEXTS[reply.code], text)
        return text

    # ------------------------------------------------------------------
    # Journal
    # ------------------------------------------------------------------

    def _log_call(self, call, end):
        """Put a call in the journal, passwords and end customers masked."""
        event = self.env["oiconnect.event"].browse(call.event_id or ())
        self.env["oiconnect.soap.call"]._log(
            account=self,
            direction="out",
            service=sav.SERVICE.key,
            operation=call.operation.name,
            res_model=event.res_model or None,
            res_id=event.res_id or None,
            duration=end.milliseconds,
            code=end.code,
            is_fault=end.is_fault,
            request=soap.redacted(call.body, sav.SERVICE),
            answer=self._redacted_answer(end),
            error=end.text or None,
        )

    def _redacted_answer(self, end):
        if not end.answer:
            return None
        return soap.redacted(end.answer, sav.SERVICE, end.content_type)


def _one_line(text):
    """Return what a partner wrote, in one line that is not too long."""
    return " ".join((text or "").split())[:LABEL_SIZE]
