import secrets

from odoo.http import Controller, request

from . import common

FIELDS = (
    "key",
    "line",
    "defect",
    "defect_class",
    "prelocation",
    "description",
    "customer_name",
    "customer_contact1",
)
ASKS = {"dire": "say", "valider": "accept", "refuser": "reject", "annuler": "cancel"}


class Tickets(Controller):
    """Tickets are opened, and spoken about."""

    @common.route("/tickets/nouveau", methods=["GET", "POST"])
    def new(self, **given):
        messages, space = [], common.space()
        if request.httprequest.method == "POST":
            with common.refusals() as messages:
                ticket = space._open_ticket({k: given.get(k, "") for k in FIELDS})
            if not messages:
                done = request.env._("The ticket is open: follow it here.")
                return common.go(f"/tickets/{ticket.id}", done)
        # That of this form: sent twice, it opens one ticket.
        given.setdefault("key", f"PORTAIL-{secrets.token_hex(8)}")
        return common.render(
            "ticket_new",
            "tickets",
            given={name: given.get(name, "") for name in FIELDS},
            lists=space._ticket_lists(),
            refusal=messages[0] if messages else "",
        )

    @common.route(
        "/tickets/<int:record_id>/<any(dire,valider,refuser,annuler):ask>",
        methods=["POST"],
    )
    def tell(self, record_id, ask, text=""):
        _page, ticket = common.find("tickets", record_id)
        with common.refusals() as messages:
            common.space()._tell_ticket(ticket, ASKS[ask], text)
        place = f"/tickets/{ticket.id}"
        if messages:
            return common.go(place, messages[0], "danger")
        return common.go(place, request.env._("We have it: thank you."))
