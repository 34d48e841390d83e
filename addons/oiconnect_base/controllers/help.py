from werkzeug.exceptions import Forbidden, NotFound

from odoo import http
from odoo.http import request


class Help(http.Controller):
    """Pages of help, and what codes mean, for the operator's own staff."""

    @http.route("/oiconnect/aide", type="http", auth="user", readonly=True)
    def of_screen(self, action="", model=""):
        """Go to the page of a screen.

        :param action: id of its action
        :param model: its model, for a screen without an action of its own
        """
        number = int(action) if action.isdecimal() and len(action) < 10 else 0
        place = self._help()._place_of(number, model)
        return request.redirect(f"/oiconnect/aide/{place}")

    @http.route(
        "/oiconnect/aide/<string:name>", type="http", auth="user", readonly=True
    )
    def page(self, name):
        pages = self._help()._pages()
        if name not in pages:
            raise NotFound
        values = {"page": pages[name], "pages": list(pages.values())}
        return request.render("oiconnect_base.help_page", values)

    @http.route("/oiconnect/codes", type="jsonrpc", auth="user", readonly=True)
    def codes(self):
        """Return what each code of the protocol means, in the user's language."""
        return self._help()._code_meanings()

    def _help(self):
        if not request.env.user._is_internal():
            raise Forbidden
        return request.env["oiconnect.help"]
