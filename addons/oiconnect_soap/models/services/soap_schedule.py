from odoo import api, fields, models

from odoo.addons.oiconnect_base.workflow import Origin
from odoo.addons.oiconnect_orders.appointment_states import LIVE_STATES, OPEN_STATES
from odoo.addons.oiconnect_orders.planning import slot_reference

from ...soap import SoapFault, codes
from ...soap.contract import leaves
from ...soap.services import schedule

KEY = schedule.SERVICE.key
ORIGIN = Origin("soap")
#: after-sales visits and joint expertise are made by the same teams; connections are
#: booked otherwise since version 5.0
REPAIR = "repair"
REPAIRS = ("S", "E")
WIRE_STATES = dict.fromkeys(OPEN_STATES, "CREE") | {"confirmed": "CONFIRME"}
#: natureReport: states of the appointments that it is about. One that was confirmed
#: and moved is both until it is confirmed again.
MOVED = {
    "REPORT_RDV_RESERVE": OPEN_STATES,
    "REPORT_RDV_CONFIRME": ("confirmed", "postponed"),
    "NOUVEAU_RDV": ("customer_absent", "done"),
}
# Refusals of the engine: return code, and key of the value to blame
REFUSALS = {
    "FRDV01": (codes.NOT_ALLOWED, ""),
    "FRDV02": (codes.NO_APPOINTMENT, ""),
    "FRDV03": (codes.UNKNOWN, "appointment_reference"),
    "FRDV04": (codes.UNEXPECTED, "move_kind"),
    "FRDV05": (codes.UNEXPECTED, "product"),
}


class SoapServer(models.AbstractModel):
    """PlanChargeFtthSav: operators look for slots, book, consult and move visits.

    Interop'Fibre SAV 3.0 §7.2, on the appointments of the access protocol. Slots are
    those of a commune: the line that a search may name changes nothing, and is not
    looked at. A search and a consultation change nothing; a move to the slot that a
    visit has already is answered as done. A booking has no key in the protocol: sent
    twice it takes two seats, and the one that no ticket names is given back.
    """

    _inherit = "oiconnect.soap.server"

    @api.model
    def _handlers(self):
        return super()._handlers() | {
            (KEY, "rechercheCreneauxLibres"): "_search_slots",
            (KEY, "reservationCreneau"): "_book_visit",
            (KEY, "consultationRdv"): "_tell_visit",
            (KEY, "reportRDV"): "_move_visit",
        }

    # ------------------------------------------------------------------
    # Operations
    # ------------------------------------------------------------------

    def _search_slots(self, call):
        """Return the free slots between two moments; none is no error."""
        request = self._open_schedule(call)
        self._check_repair(call, request)
        if request["start"] > request["end"]:
            raise SoapFault(codes.BAD_CRITERIA, operation=call.operation)
        offers = self.env["oiconnect.appointment"]._search_slots(
            call.account.network_id,
            self._commune(call, request),
            request["start"],
            request["end"],
            REPAIR,
        )
        return {
            "slots": [
                {
                    "start": offer.start,
                    "end": offer.stop,
                    "slot_reference": offer.reference,
                }
                for offer in offers
            ]
        }

    def _book_visit(self, call):
        request = self._open_schedule(call)
        visit, refusals = self.env["oiconnect.appointment"]._book(
            call.account.operator_id,
            call.account.network_id,
            self._commune(call, request),
            request["slot_reference"],
            ORIGIN,
            kind=REPAIR,
            product=request["product"],
            segment=request["market"],
        )
        self._refuse_visit(call, refusals)
        call.record = visit
        return {"appointment_reference": visit.reference}

    def _tell_visit(self, call):
        self._open_schedule(call)
        visit = self._own_visit(call)
        if visit.state not in WIRE_STATES:
            # Over: the protocol has no state to tell it
            raise SoapFault(codes.NO_APPOINTMENT, operation=call.operation)
        is_expertise = visit.ticket_task_id.kind == "expertise"
        return {
            "appointment_reference": visit.reference,
            "start": visit.start,
            "end": visit.stop,
            "insee_code": visit.commune_id.insee_code,
            "visit_kind": "E" if is_expertise else "S",
            "product": visit.product,
            "market": visit.segment,
            "state": WIRE_STATES[visit.state],
            "service_reference": visit.ticket_id.service_reference or None,
        }

    def _move_visit(self, call):
        request = self._open_schedule(call)
        self._check_repair(call, request)
        visit = self._own_visit(call)
        if self._commune(call, request) != visit.commune_id:
            self._blame(call, codes.UNEXPECTED, "insee_code")
        slot = request["slot_reference"]
        is_there = slot == slot_reference(visit.team_id.id, visit.start)
        if is_there and visit.state in LIVE_STATES:
            return {}
        if visit.state not in MOVED[request["move_kind"]]:
            self._blame(call, codes.UNEXPECTED, "move_kind")
        _visit, refusals = visit._move(slot, origin=ORIGIN)
        self._refuse_visit(call, refusals)
        return {}

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------

    def _open_schedule(self, call):
        """Check the parties of the header and prepare that of the answer.

        :return: payload of the request
        """
        header, account = call.envelope.header, call.account
        self._check_parties(call, header)
        call.answer_header = {
            "version": header["version"],
            "request_date": header["request_date"],
            "answer_date": fields.Datetime.now(),
            "oc_siren": account.operator_id.siren or header["oc_siren"],
            "oi_siren": account.network_id.siren or header["oi_siren"],
        }
        return call.envelope.payload

    def _check_repair(self, call, request):
        if request["visit_kind"] not in REPAIRS:
            self._blame(call, codes.UNEXPECTED, "visit_kind")

    def _commune(self, call, request):
        insee_code = request["insee_code"]
        found = self.env["oiconnect.commune"].sudo()._by_insee([insee_code])
        if insee_code not in found:
            self._blame(call, codes.UNKNOWN, "insee_code")
        return found[insee_code]

    def _own_visit(self, call):
        """Return the after-sales visit of the caller on its network.

        Another operator's is as unknown as one that does not exist (code 8).
        """
        reference = call.envelope.payload["appointment_reference"]
        visit, refusals = self.env["oiconnect.appointment"]._look_up(
            reference, call.account.operator_id
        )
        self._refuse_visit(call, refusals)
        if visit.kind != REPAIR or visit.network_id != call.account.network_id:
            self._blame(call, codes.UNKNOWN, "appointment_reference")
        call.record = visit
        return visit

    def _refuse_visit(self, call, refusals):
        if refusals:
            self._blame(call, *REFUSALS[refusals[0].code])

    def _blame(self, call, code, key):
        """Raise the fault that blames the value of ``key``, by its name on the wire."""
        names = {field.key: field.name for field in leaves(call.operation.request)}
        raise SoapFault(code, names.get(key, ""), call.operation)
