"""Dispatcher: hands a call of Odoo to the application, and answers its failures."""

import logging
from contextlib import suppress

from a2wsgi.asgi import build_scope
from fastapi.exceptions import RequestValidationError
from psycopg2 import DataError, IntegrityError, InterfaceError, OperationalError
from starlette.exceptions import HTTPException as StarletteException
from werkzeug.exceptions import HTTPException

from odoo import SUPERUSER_ID
from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    LockError,
    MissingError,
    UserError,
)
from odoo.http import Dispatcher
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.fastapi.context import odoo_env_ctx
from odoo.addons.oiconnect_base.exceptions import BusyError, WorkflowError
from odoo.addons.oiconnect_base.log_redaction import redacted_traceback
from odoo.addons.oiconnect_base.odoo_internals import connection_of

from . import ROOT, application
from .problem import CONTENT_TYPE, Problem, of_validation
from .runner import run
from .stream import sent_whole

_logger = logging.getLogger(__name__)
#: what Odoo tries again, or tells in words of the model
_LEFT_TO_ODOO = (IntegrityError, OperationalError, ConcurrencyError)
#: refused before anything was done
_NOT_BEGUN = (401, 429)
_KINDS = {404: "unknown", 405: "wrong-method", 413: "too-large"}


class RestDispatcher(Dispatcher):
    """Dispatcher of the REST API: one application for each registry.

    That of the library makes one for each address that is called, keeps it, and runs
    it in another thread. Here a call stays in the thread that Odoo gave it.
    """

    routing_type = "oiconnect_rest"

    @classmethod
    def is_compatible_with(cls, request):
        return True

    def dispatch(self, endpoint, args):
        """Answer by the application, in the transaction of the call.

        :raises Problem: any failure that is foreseen; what was done is rolled back
        """
        self.request.params = {}
        # Until the key is known, and for records that no user may read
        self.request.update_env(user=SUPERUSER_ID, context={}, su=True)
        token = odoo_env_ctx.set(self.request.env)
        # Where the application leaves who calls (request.state)
        state = {}
        try:
            scope = {**self._scope(), "state": state}
            answer = run(self._application(), scope, self._body())
            self._note_conformance(state.get("caller"), answer.status)
            self.request.env.flush_all()
        except _LEFT_TO_ODOO:
            raise
        except Exception as error:
            problem = problem_of(error)
            problem.caller = state.get("caller")
            if problem.code in _NOT_BEGUN or problem.is_committed:
                return self.handle_error(problem)
            # Undone before it is noted (`handle_error`) that it failed
            self.request.env.cr.rollback()
            raise problem from None
        finally:
            odoo_env_ctx.reset(token)
        body = answer.body
        if answer.stream:
            body = sent_whole(answer.stream, connection_of(self.request))
        return self.request.make_response(body, answer.headers, status=answer.status)

    def _application(self):
        """Return the application of this registry.

        It lives as long as that, and as the columns that operators send.
        """
        env = self.request.env
        mark = env["oiconnect.flow"]._newest_mark()
        made = vars(env.registry).get("oiconnect_rest_application")
        if made is None or made[0] != mark:
            made = (mark, application.build(env))
            env.registry.oiconnect_rest_application = made
        return made[1]

    def _scope(self):
        environ = dict(self.request.httprequest.environ)
        path = environ["PATH_INFO"].removeprefix(ROOT)
        return build_scope(environ | {"SCRIPT_NAME": ROOT, "PATH_INFO": path})

    def _note_conformance(self, caller, status, problem=None):
        """Note the call of an operator that shows its conformance.

        Where it failed, in a transaction of its own: what it did was rolled back.
        """
        if not caller or not caller.conformance_run_id:
            return
        request = self.request.httprequest
        values = {
            "method": request.method,
            "path": request.path.removeprefix(ROOT),
            "parameters": " ".join(sorted(request.args)),
            "status": status,
            "problem": problem,
            "idempotency_key": request.headers.get("Idempotency-Key"),
        }
        calls = self.request.env["oiconnect.conformance.call"].sudo()
        if problem:
            note = ("_note_refused", caller.conformance_run_id, values)
            calls._in_own_transaction(*note)
        else:
            calls._note(caller.conformance_run_id, **values)

    def _body(self):
        """Return the body: read once, and there again when Odoo tries again.

        :raises RequestEntityTooLarge: it is larger than the route allows
        """
        return self.request.httprequest.get_data()

    def handle_error(self, exc):
        problem = problem_of(exc)
        with suppress(OperationalError):
            self._note_conformance(problem.caller, problem.code, problem.kind)
        headers = [("Content-Type", CONTENT_TYPE), *problem.headers.items()]
        return self.request.make_response(problem.body(), headers, status=problem.code)


def problem_of(error):
    """Return the :class:`Problem` that reports ``error``."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return _of_request(error)
    if isinstance(error, StarletteException | HTTPException):
        return _of_status(error)
    if isinstance(error, UserError):
        return _of_user_error(error)
    if isinstance(error, DataError):
        return Problem(422, "invalid")
    if isinstance(error, (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)):
        return Problem(409, "busy", headers={"Retry-After": 1})
    if isinstance(error, OperationalError | InterfaceError):
        return Problem(503, "unavailable", headers={"Retry-After": 5})
    _logger.error("REST call failed: %s", redacted_traceback(error))
    return Problem(500, "failed")


def _of_request(error):
    errors = error.errors()
    if any(one["type"] == "json_invalid" for one in errors):
        return _of_no_json()
    return of_validation(errors)


def _of_no_json():
    return Problem(422, "invalid", errors=[{"pointer": "#", "detail": "not JSON"}])


def _of_status(error):
    status = getattr(error, "status_code", None) or getattr(error, "code", None) or 500
    if status == 400 and isinstance(error, StarletteException):
        # All that the library says of a body that it cannot even decode
        return _of_no_json()
    kind = _KINDS.get(status, "wrong-request" if status < 500 else "failed")
    return Problem(status, kind, headers=dict(getattr(error, "headers", None) or {}))


def _of_user_error(error):
    """Return what people read on screens, by the status that says the same."""
    text = str(error)
    if isinstance(error, BusyError | LockError):
        return Problem(409, "busy", text, headers={"Retry-After": 1})
    if isinstance(error, WorkflowError):
        return Problem(409, "refused", text, protocol_code=error.code)
    if isinstance(error, MissingError):
        return Problem(404, "unknown")
    if isinstance(error, AccessError):
        return Problem(403, "no-right")
    return Problem(422, "refused", text)


def is_rest(path):
    """Tell whether an address is one of the REST API."""
    return path == ROOT or path.startswith(f"{ROOT}/")
