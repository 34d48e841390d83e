from prometheus_client import CONTENT_TYPE_LATEST

from odoo import fields, http
from odoo.http import request

# For machines, which bring no session: no user, no lock, nothing written
ROUTE = {
    "type": "http",
    "auth": "none",
    "methods": ["GET"],
    "save_session": False,
    "readonly": True,
}


class Health(http.Controller):
    """Health and metrics endpoints for supervision."""

    @http.route("/oiconnect/health", **ROUTE)
    def health(self):
        """Return each check with its value and its limit, and no data of the trade.

        Status 200 when all goes on, 503 when something is past its limit or when there
        is no database.
        """
        checks = {"database": {"status": "alert"}}
        if request.db:
            checks = request.env["oiconnect.health"].sudo()._health()
        late = any(check["status"] == "alert" for check in checks.values())
        state = {
            "status": "alert" if late else "ok",
            "time": fields.Datetime.to_string(fields.Datetime.now()),
            "checks": checks,
        }
        return request.make_json_response(state, status=503 if late else 200)

    @http.route("/oiconnect/metrics", **ROUTE)
    def metrics(self):
        """Return the figures for Prometheus to whoever has the token that is set."""
        if not request.db:
            return request.make_response("no database\n", status=503)
        health = request.env["oiconnect.health"].sudo()
        if not health._has_token():
            return request.make_response("closed: no token is set\n", status=404)
        header = request.httprequest.headers.get("Authorization", "")
        scheme, _space, token = header.partition(" ")
        if not health._is_token(token if scheme == "Bearer" else ""):
            return request.make_response(
                "wrong token\n", [("WWW-Authenticate", "Bearer")], status=401
            )
        return request.make_response(
            health._figures_text(), [("Content-Type", CONTENT_TYPE_LATEST)]
        )
