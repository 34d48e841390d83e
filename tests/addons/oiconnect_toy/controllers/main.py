from odoo import http


class Toys(http.Controller):
    """Addresses that are listed nowhere."""

    @http.route("/toy/public", type="http", auth="public")
    def public(self):
        return "anybody"

    @http.route("/toy/none", type="http", auth="none")
    def none(self):
        return "anybody"

    @http.route("/toy/people", type="http", auth="user")
    def people(self):
        return "who is logged in"
