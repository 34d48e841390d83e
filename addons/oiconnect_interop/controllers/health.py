from odoo import fields, http
from odoo.http import request

# A file that waits longer than this means that something is stuck.
LATE_MINUTES = 15


class Health(http.Controller):
    """For whoever watches the server: what it tells holds no data of the trade."""

    @http.route(
        "/oiconnect/health",
        type="http",
        auth="none",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def health(self):
        """Return the state of the database, jobs, files and scheduled actions.

        Status 200 when all goes on, 503 when files wait for too long or when there
        is no database.
        """
        if not request.db:
            return request.make_json_response({"status": "no database"}, status=503)
        state = request.env["oiconnect.exchange"].sudo()._health()
        late = (state["files"]["oldest_minutes"] or 0) > LATE_MINUTES
        state["status"] = "late" if late else "ok"
        state["time"] = fields.Datetime.to_string(fields.Datetime.now())
        return request.make_json_response(state, status=503 if late else 200)
