import base64
import binascii
import logging
import time
from dataclasses import dataclass, field
from typing import Any

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import ConcurrencyError

from odoo.addons.oiconnect_base.exceptions import BusyError
from odoo.addons.oiconnect_base.isolated_savepoint import isolated_savepoint
from odoo.addons.oiconnect_base.log_format import note_operator
from odoo.addons.oiconnect_base.log_redaction import error_kind, redacted_traceback

from ...soap import (
    SERVICES,
    PayloadError,
    Service,
    SoapFault,
    answer,
    codes,
    fault,
    read_request,
    redacted,
)
from ...soap.envelope import Envelope
from ...soap.safe_xml import LIMITS

_logger = logging.getLogger(__name__)


@dataclass
class IncomingCall:
    """One call of an operator, and what becomes of it.

    :param account: connection of the operator, once it is authenticated
    :param record: what the call is about, for the journal
    :param code: return code of the answer
    :param answer_header: payload of the header, for services that answer with one
    :param error: what failed, without any value of the call
    """

    service: Service
    body: bytes
    content_type: str = ""
    action: str = ""
    remote_addr: str = ""
    authorization: str = ""
    # Looked up at each call, as its end is: a test may have stopped the clock.
    start: float = field(default_factory=lambda: time.monotonic())
    envelope: Envelope | None = None
    account: Any = None
    record: Any = None
    code: int | str | None = codes.SUCCESS
    answer_header: dict | None = None
    error: str = ""

    @property
    def operation(self):
        """Operation that is called, None as long as it is not identified."""
        return self.envelope.operation if self.envelope else None


class SoapServer(models.AbstractModel):
    """Dispatcher of all web services that we expose.

    A service extends ``_handlers`` with its operations. Order of a call: size, reading,
    authentication, service open or not, values that are missing or wrong (codes 1 to
    3), handler. A refusal of the trade is an answer, everything else a fault
    (Interop'Fibre SAV 3.0 §5).
    """

    _name = "oiconnect.soap.server"
    _description = "Server of web services"

    @api.model
    @api.private
    def _serve(
        self,
        service_key,
        body,
        content_type="",
        action="",
        remote_addr="",
        authorization="",
    ):
        """Return ``(HTTP status, bytes)`` of the answer to one call.

        What a call that fails has changed is rolled back.

        :param service_key: of the service that is called (``soap.SERVICES``)
        :param action: header SOAPAction
        :param authorization: header Authorization
        :raises OperationalError, ConcurrencyError: the whole transaction is to be tried
            again
        """
        service = SERVICES[service_key]
        call = IncomingCall(
            service, body, content_type, action, remote_addr, authorization
        )
        error = self._admit(call)
        if not error:
            with isolated_savepoint(self.env.cr, (ConcurrencyError,)) as attempt:
                content = self._answer(call)
            error = attempt.error
        status, failure = 200, None
        if error:
            failure = self._fault_for(call, error)
            status = 413 if len(body) > LIMITS.size else 500
            content = fault(service, failure)
        self._log_call(call, content, failure)
        return status, content

    def _admit(self, call):
        """Read the call and authenticate its caller; return what is wrong with it.

        Nothing is changed here but the count of wrong passwords, which stays.
        """
        try:
            self._read(call)
            self._authorize(call)
            if not self._is_service_active(call.service):
                raise SoapFault(codes.SERVICE_DISABLED, operation=call.operation)
        except (OperationalError, ConcurrencyError):
            raise
        except Exception as error:
            return error
        return None

    def _answer(self, call):
        """Return the envelope of the answer.

        :raises SoapFault: any failure that is foreseen
        """
        key = (call.service.key, call.operation.name)
        handler = self._handlers().get(key)
        if not handler:
            raise SoapFault(codes.NO_SERVICE, operation=call.operation)
        if call.envelope.problems:
            payload = self._answer_problem(call, call.envelope.problems[0])
        else:
            # What is written besides is read by the staff of the network.
            server = self.with_context(lang=call.account._staff_language())
            payload = getattr(server, handler)(call)
        # What the database refuses fails here, not after the answer is written.
        self.env.flush_all()
        return self._write(call, payload)

    def _read(self, call):
        if len(call.body) > LIMITS.size:
            raise SoapFault(codes.BAD_INTERFACE)
        call.envelope = read_request(
            call.body,
            call.service,
            call.content_type,
            call.action,
            self._lists(call.service),
        )

    def _write(self, call, payload):
        try:
            return answer(
                call.service,
                call.operation,
                payload,
                call.answer_header,
                self._value_namespace(call),
                self._lists(call.service, archived=True),
            )
        except PayloadError as error:
            # The names of the fields, and no value
            call.error = str(error)
            raise SoapFault(codes.BAD_DATA, operation=call.operation) from error

    # ------------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------------

    @api.model
    def _handlers(self):
        """Hook: return ``{(key of a service, operation): method}``.

        The method takes an ``IncomingCall`` and returns the payload of the answer, or
        raises ``SoapFault``.
        """
        return {}

    @api.model
    def _is_service_active(self, service):
        """Hook: tell whether the service is open (code 19 if not)."""
        return True

    @api.model
    def _lists(self, service, archived=False):
        """Hook: return the values of the code lists of a service.

        :param archived: those that are no longer accepted too, for what we write
        """
        return codes.LISTS

    def _answer_problem(self, call, problem):
        """Hook: return the answer to a call with a value missing or wrong.

        :raises SoapFault: the service tells it by a fault
        """
        raise SoapFault(problem.code, problem.field, call.operation)

    def _value_namespace(self, call):
        """Return the namespace in which the partner wants the block of its version."""
        service = call.service
        if not service.value_namespace:
            return ""
        if call.envelope.value_namespace != service.value_namespace:
            return call.envelope.value_namespace
        return call.account.value_namespace or ""

    # ------------------------------------------------------------------
    # Authentication
    # ------------------------------------------------------------------

    def _authorize(self, call):
        """Authenticate the caller, or raise the fault that it hears.

        A service whose header has no log-in is opened by HTTP Basic: the contracts of
        works, appointments and order help have nothing of the kind [proposed].
        """
        has_login = call.service.header and "loginname" in call.service.header.elements
        if has_login:
            header = call.envelope.header
            login, password = header.get("login"), header.get("password")
        else:
            login, password = _basic_credentials(call.authorization)
        accounts = self.env["oiconnect.soap.account"]
        account, code = accounts._authenticate(login, password, call.remote_addr)
        call.account = account
        note_operator(account.operator_id.interop_code)
        if code is not None:
            raise SoapFault(code, operation=call.operation)

    # ------------------------------------------------------------------
    # Failures
    # ------------------------------------------------------------------

    def _fault_for(self, call, error):
        """Return the fault that reports ``error``, and log what failed.

        A record that another transaction holds is reported by code 14, like all that
        passes by itself: the caller tries again. An unexpected error is reported by
        code 10, and nothing of it but the place goes to the log.
        """
        operation = call.operation
        if isinstance(error, SoapFault):
            failure = error
        elif isinstance(error, BusyError):
            failure = SoapFault(codes.MAINTENANCE, operation=operation)
        else:
            failure = SoapFault(codes.INTERNAL, operation=operation)
            call.error = error_kind(error)
            _logger.error(
                "SOAP service %s, %s: %s",
                call.service.key,
                operation.name if operation else "unread",
                redacted_traceback(error),
            )
        call.code = failure.code
        call.error = call.error or str(failure)
        # A record that this call had made is gone with all it changed.
        call.record = call.record and call.record.exists()
        return failure

    # ------------------------------------------------------------------
    # Journal
    # ------------------------------------------------------------------

    def _log_call(self, call, content, failure):
        """Write the call in the journal; of an unknown caller, no envelope."""
        request = reply = None
        if call.account:
            request = redacted(call.body, call.service, call.content_type)
            reply = redacted(content, call.service)
        self.env["oiconnect.soap.call"]._log(
            direction="in",
            service=call.service.key,
            operation=call.operation.name if call.operation else None,
            account=call.account,
            record=call.record,
            duration=round((time.monotonic() - call.start) * 1000),
            code=call.code,
            is_fault=failure is not None,
            remote_address=call.remote_addr,
            request=request,
            answer=reply,
            error=call.error,
        )


def _basic_credentials(authorization):
    """Return ``(log-in, password)`` of a header Authorization, empty if it has none."""
    scheme, _blank, token = authorization.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        text = base64.b64decode(token.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return "", ""
    login, _colon, password = text.partition(":")
    # PostgreSQL has no text with a NUL, which XML cannot have either.
    return ("", "") if "\0" in text else (login, password)
