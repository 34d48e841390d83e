from odoo import http

from ..rest import LARGEST_BODY, ROOT
from ..rest.dispatcher import RestDispatcher


class RestApi(http.Controller):
    """The REST API: its dispatcher answers every address and method below its root."""

    @http.route(
        [f"{ROOT}/<path:path>"],
        type=RestDispatcher.routing_type,
        # The key of the call is checked by the application.
        auth="none",
        csrf=False,
        save_session=False,
        # Odoo takes a route without user for one that only reads.
        readonly=False,
        # One byte more: a body in chunks is read up to there.
        max_content_length=LARGEST_BODY + 1,
    )
    def rest(self, path):
        """Say where the API is served; it is the dispatcher that answers."""
