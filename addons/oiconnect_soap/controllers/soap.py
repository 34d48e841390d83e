from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..models.services.ir_http import PREFIX, fault_response, service_at
from ..soap import CONTENT_TYPE, codes, document
from ..soap.safe_xml import LIMITS

READING = ("GET", "HEAD")


class SoapServices(http.Controller):
    """Web services of operators: their contracts, and their calls.

    Odoo tries a call again that another transaction overtook: its body, read once and
    stored by the request, is there again.
    """

    @http.route(
        f"{PREFIX}<path:path>",
        type="http",
        auth="none",
        csrf=False,
        save_session=False,
        # Odoo takes a route without user for one that only reads.
        readonly=False,
        # One byte more: a body in chunks is read up to there, and seen to be too large.
        max_content_length=LIMITS.size + 1,
    )
    def soap(self, path, **_parameters):
        """Answer a call (POST), or send a file of the contract (``?wsdl``, ``?xsd=``).

        A fault has status 500, of an unknown service 404, of too large a body 413.
        """
        service = service_at(f"{PREFIX}{path}")
        if not service:
            return fault_response(codes.NO_SERVICE, 404)
        if request.httprequest.method in READING:
            return self._send_contract(service)
        if request.httprequest.method != "POST":
            return self._refuse_method()
        if not request.db:
            return fault_response(codes.UNREACHABLE)
        return self._serve(service)

    def _serve(self, service):
        http_request = request.httprequest
        # Records that follow are made by the system, as those of files are.
        request.update_env(user=SUPERUSER_ID, context={}, su=True)
        status, content = request.env["oiconnect.soap.server"]._serve(
            service.key,
            http_request.get_data(),
            http_request.headers.get("Content-Type", ""),
            http_request.headers.get("SOAPAction", ""),
            http_request.remote_addr,
            http_request.headers.get("Authorization", ""),
        )
        return request.make_response(
            content, [("Content-Type", CONTENT_TYPE)], status=status
        )

    def _send_contract(self, service):
        """Send the WSDL or one of its schemas, as this server publishes them."""
        http_request = request.httprequest
        query = {name.lower(): value for name, value in http_request.args.items()}
        if not query.keys() & {"wsdl", "xsd"}:
            return self._refuse_method()
        text = document(service, query.get("xsd", ""), http_request.base_url)
        if text is None:
            return request.make_response("no such schema\n", status=404)
        return request.make_response(
            text.encode(), [("Content-Type", CONTENT_TYPE), ("X-Robots-Tag", "noindex")]
        )

    def _refuse_method(self):
        return request.make_response(
            "POST an envelope here, or GET the contract by ?wsdl.\n",
            [("Allow", "GET, HEAD, POST"), ("Content-Type", "text/plain")],
            status=405,
        )
