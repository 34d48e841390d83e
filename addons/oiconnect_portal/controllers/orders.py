import secrets

from odoo.http import Controller, request

from ..models.space_order import FORM
from . import common

KEY = "acces"


class Orders(Controller):
    """Accesses are ordered by form, without a file or a system."""

    @common.route(f"/{KEY}/nouveau", methods=["GET", "POST"])
    def new(self, place="", building="", **given):
        """Find the building, then say for whom, and order."""
        space, messages = common.space(), []
        places = space._places(place)
        chosen = places if len(places) == 1 else None
        if building:
            chosen = space._place(common.number(building, 2**31))
        if chosen and request.httprequest.method == "POST":
            with common.refusals() as messages:
                order = space._order_access(chosen, given)
            if not messages:
                done = request.env._("The order is taken: follow it here.")
                return common.go(f"/{KEY}/{order.id}", done)
        # That of this form: sent twice, it orders once.
        given.setdefault("key", f"PORTAIL-{secrets.token_hex(8)}")
        return common.render(
            "order_new",
            KEY,
            place=place,
            places=places,
            is_unknown=bool(place) and not places,
            building=chosen,
            visits=space._visits_without_order(chosen) if chosen else (),
            given={name: given.get(name, "") for name in FORM},
            refusals=messages[0].splitlines() if messages else [],
        )

    @common.route(
        f"/{KEY}/<int:record_id>/<any(annuler,resilier,activer):ask>", methods=["POST"]
    )
    def ask(self, record_id, ask):
        _page, order = common.find(KEY, record_id)
        with common.refusals() as messages:
            common.space()._ask_of_order(order, ask)
        place = f"/{KEY}/{order.id}"
        if messages:
            return common.go(place, messages[0], "danger")
        return common.go(place, request.env._("It is done."))
