from odoo import http
from odoo.http import request

from odoo.addons.oiconnect_base.models.network.network import SANDBOX


class MapController(http.Controller):
    """RPC routes of the map: see the model ``oiconnect.map``."""

    @http.route("/oiconnect/map/view", type="jsonrpc", auth="user", readonly=True)
    def view(self, bounds, zoom, kinds=(), filters=None, sandbox=False):
        return _map(sandbox)._view(bounds, zoom, kinds, filters)

    @http.route("/oiconnect/map/card", type="jsonrpc", auth="user", readonly=True)
    def card(self, model, id, sandbox=False):  # noqa: A002
        return _map(sandbox)._card(model, id)

    @http.route("/oiconnect/map/search", type="jsonrpc", auth="user", readonly=True)
    def search(self, text, sandbox=False):
        return _map(sandbox)._search_place(text)

    @http.route("/oiconnect/map/addresses", type="jsonrpc", auth="user", readonly=True)
    def addresses(self, text, sandbox=False):
        return _map(sandbox)._search_addresses(text)

    @http.route("/oiconnect/map/settings", type="jsonrpc", auth="user", readonly=True)
    def settings(self, sandbox=False):
        return _map(sandbox)._settings()

    @http.route("/oiconnect/map/zone", type="jsonrpc", auth="user")
    def zone(self, pm_id, geometry=None, sandbox=False):
        return _map(sandbox)._save_zone(pm_id, geometry)

    @http.route("/oiconnect/map/communes", type="jsonrpc", auth="user", readonly=True)
    def communes(self, bounds, zoom, sandbox=False):
        return _map(sandbox)._communes(bounds, zoom)


def _map(sandbox):
    """Return the map of real networks, or that of sandboxes."""
    return request.env["oiconnect.map"].with_context(**{SANDBOX: bool(sandbox)})
