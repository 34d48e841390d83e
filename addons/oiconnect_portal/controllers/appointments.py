from urllib.parse import urlencode

from odoo.http import Controller, request

from . import common


class Appointments(Controller):
    """Appointments are booked, moved, accepted and given back."""

    @common.route("/rendez-vous/nouveau", readonly=True)
    def choose(self, commune="", kind="production", reference="", network=""):
        """Show the free slots of a commune."""
        space = common.space()
        networks, communes = space._networks(), space._communes(commune)
        chosen = space._network(network, communes)
        days = []
        if len(communes) == 1 and chosen:
            days = space._slots(chosen, communes, kind)
        return common.render(
            "slots",
            "rendez-vous",
            visit=None,
            networks=networks,
            network=chosen,
            commune=commune,
            communes=communes,
            kind=kind,
            reference=reference,
            days=days,
        )

    @common.route("/rendez-vous/reserver", methods=["POST"])
    def book(self, slot="", insee="", kind="", reference="", network=""):
        space = common.space()
        with common.refusals() as messages:
            communes = space._communes(insee)[:1]
            chosen = space._network(network, communes)
            visit = space._book(chosen, communes, kind, slot, reference)
        if messages:
            back = urlencode(
                {"commune": communes.insee_code or "", "kind": kind}
                | {"reference": reference, "network": network}
            )
            return common.go(f"/rendez-vous/nouveau?{back}", messages[0], "danger")
        return common.go(
            f"/rendez-vous/{visit.id}",
            request.env._("The appointment is booked: we confirm it soon."),
        )

    @common.route("/rendez-vous/<int:record_id>/deplacer", methods=["GET", "POST"])
    def move(self, record_id, slot="", seen=""):
        _page, visit = common.find("rendez-vous", record_id)
        known, space = visit.sudo(), common.space()
        if request.httprequest.method == "POST":
            with common.refusals() as messages:
                space._move(visit, slot, seen)
            if messages:
                back = f"/rendez-vous/{visit.id}/deplacer"
                return common.go(back, messages[0], "danger")
            return common.go(
                f"/rendez-vous/{visit.id}", request.env._("The appointment is moved.")
            )
        days = space._slots(known.network_id, known.commune_id, known.kind, known)
        return common.render(
            "slots", "rendez-vous", visit=known, days=days, seen=space._seen(visit)
        )

    @common.route(
        "/rendez-vous/<int:record_id>/<any(accepter,annuler):ask>", methods=["POST"]
    )
    def answer(self, record_id, ask, seen=""):
        _page, visit = common.find("rendez-vous", record_id)
        event = {"accepter": "confirm", "annuler": "cancel"}[ask]
        done = {
            "accepter": request.env._("The appointment is confirmed."),
            "annuler": request.env._("The appointment is called off."),
        }[ask]
        with common.refusals() as messages:
            common.space()._answer(visit, event, seen)
        if messages:
            return common.go(f"/rendez-vous/{visit.id}", messages[0], "danger")
        return common.go(f"/rendez-vous/{visit.id}", done)
