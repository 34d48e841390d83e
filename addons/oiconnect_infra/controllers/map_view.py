from odoo import http
from odoo.http import request


class MapController(http.Controller):
    """RPC routes of the map: see the model ``oiconnect.map``."""

    @http.route("/oiconnect/map/view", type="jsonrpc", auth="user", readonly=True)
    def view(self, bounds, zoom, kinds=(), filters=None):
        return request.env["oiconnect.map"]._view(bounds, zoom, kinds, filters)

    @http.route("/oiconnect/map/card", type="jsonrpc", auth="user", readonly=True)
    def card(self, model, id):  # noqa: A002
        return request.env["oiconnect.map"]._card(model, id)

    @http.route("/oiconnect/map/search", type="jsonrpc", auth="user", readonly=True)
    def search(self, text):
        return request.env["oiconnect.map"]._search_place(text)

    @http.route("/oiconnect/map/addresses", type="jsonrpc", auth="user", readonly=True)
    def addresses(self, text):
        return request.env["oiconnect.map"]._search_addresses(text)

    @http.route("/oiconnect/map/settings", type="jsonrpc", auth="user", readonly=True)
    def settings(self):
        return request.env["oiconnect.map"]._settings()

    @http.route("/oiconnect/map/zone", type="jsonrpc", auth="user")
    def zone(self, pm_id, geometry=None):
        return request.env["oiconnect.map"]._save_zone(pm_id, geometry)

    @http.route("/oiconnect/map/communes", type="jsonrpc", auth="user", readonly=True)
    def communes(self, bounds, zoom):
        return request.env["oiconnect.map"]._communes(bounds, zoom)
