from odoo.fields import Domain
from odoo.http import Controller, request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..pages import PAGES
from . import common


class Home(Controller):
    """First page of the space: what goes on, list by list."""

    @common.route(readonly=True)
    def home(self):
        space = common.space()
        cards = [
            (page, request.env._(page.title), space._open_count(page))
            for page in PAGES.values()
        ]
        moves = request.env["account.move"].sudo()
        awaited = request.env["oiconnect.appointment"].search_count(
            Domain("awaits", "=", "operator")
        )
        return common.render(
            "home",
            cards=cards,
            invoices=moves.search_count(space._invoices_domain()),
            awaited=awaited,
            resolved=request.env["oiconnect.ticket"].search_count(
                Domain("state", "=", "resolved")
            ),
        )


class Portal(CustomerPortal):
    """The portal's own first page leads to the space."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "oiconnect_order_count" in counters:
            space = common.space()
            is_known = bool(space._operator())
            values["oiconnect_order_count"] = (
                space._open_count(PAGES["acces"]) if is_known else 0
            )
        return values
