from psycopg2 import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from odoo import models
from odoo.exceptions import ConcurrencyError
from odoo.http import Response, request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...soap import CONTENT_TYPE, SERVICES, SoapFault, codes, fault

#: what Odoo tries again
CONFLICTS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)
PREFIX = "/oiconnect/soap/"
#: path → service
PATHS = {service.path: service for service in SERVICES.values()}


def service_at(path):
    """Return the service that is served at ``path``, None if there is none."""
    return PATHS.get(path.rstrip("/"))


def fault_response(code, status=500):
    """Return the answer to a call of which no operation was reached.

    Of an address without service it is a fault of tickets, the first service.
    """
    service = service_at(request.httprequest.path) or SERVICES["sav"]
    content = fault(service, SoapFault(code))
    return Response(content, status=status, content_type=CONTENT_TYPE)


class IrHttp(models.AbstractModel):
    """Failures around a web service: no caller reads a page."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        path = request.httprequest.path
        if path.startswith(PREFIX):
            # Who calls is not known yet: Odoo would read the company's language.
            languages = request.env["res.lang"].get_installed()
            request.update_context(lang=languages[0][0])
        return super()._pre_dispatch(rule, args)

    @classmethod
    def _handle_error(cls, exception):
        path = request.httprequest.path
        if not path.startswith(PREFIX):
            return super()._handle_error(exception)
        status = exception.code if isinstance(exception, HTTPException) else None
        if status == 404:
            return fault_response(codes.NO_SERVICE, status)
        if status and status < 500:
            # A body that is too large (413) or was broken off (400)
            return fault_response(codes.BAD_INTERFACE, status)
        if isinstance(exception, CONFLICTS):
            # Others were faster as often as Odoo tries: it passes by itself.
            return fault_response(codes.MAINTENANCE)
        if isinstance(exception, OperationalError | InterfaceError):
            # The database is gone, is full, or has no connection left.
            return fault_response(codes.UNREACHABLE)
        return fault_response(codes.INTERNAL)
