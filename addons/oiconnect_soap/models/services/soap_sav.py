from odoo import api, models, tools
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain

from odoo.addons.oiconnect_base.exceptions import BusyError, WorkflowError
from odoo.addons.oiconnect_base.isolated_savepoint import isolated_savepoint
from odoo.addons.oiconnect_base.workflow import Origin
from odoo.addons.oiconnect_sav.message_types import WIRE_TYPES
from odoo.addons.oiconnect_sav.models.tickets.payloads import GTR_RANGES

from ...soap import (
    SoapFault,
    codes,
    is_metadata,
    metadata,
    missing,
    return_answer,
    selected,
)
from ...soap.contract import leaves
from ...soap.services import sav

KEY = sav.SERVICE.key
CREATE_EVENT = "CASE CREATE REQUEST"
#: what an operator may say of its ticket; the other events are ours
OPERATOR_EVENTS = (None, "CASE CANCELATION REQUEST", "SP CASE INFORMATION NOTIFICATION")
#: lists that are stored as data, in the order of ``oiconnect.ticket.code``
EDITED_LISTS = ("type", "defect", "defect_class", "location")
# Values that a creation hands over by the same key
SAME = (
    "oc_key",
    "type",
    "service_reference",
    "pto_reference",
    "pm_reference",
    "prdm_reference",
    "defect",
    "defect_class",
    "prelocation",
    "detection_date",
    "description",
    "already_operated",
    "customer_name",
    "customer_firstname",
    "customer_contact1",
    "customer_contact2",
    "customer_hours",
    "appointment_reference",
    "critical_level",
    "escalation",
    "gtr_delay",
    "gtr_days",
    "gtr_hours",
)
# Facts of the contract, stored with the ticket and sent back
CONTRACT = (
    "oc_name",
    "oc_unit",
    "oc_phone",
    "offer",
    "appointment_mode",
    "critical_level",
    "link_length",
    "prdm_delivery_point",
    "pm_delivery_point",
    "offer_link",
    "offer_option",
    "olt_rank",
    "working_pto_reference",
    "impacted_service_references",
    "impacted_pto_references",
)
SUGGESTIONS = ("suggestion1", "suggestion2", "suggestion3")
_TYPES = {wire: key for key, wire in WIRE_TYPES.items()}
_RANGES = {wire: key for key, wire in GTR_RANGES.items()}
#: key of a payload → name on the wire, to say which value is at fault
_NAMES = {field.key: field.name for field in leaves(sav.TICKET_VALUE)}


class SoapServer(models.AbstractModel):
    """SAV 3.0: operators open, change and fetch their tickets.

    Refusals of the trade are return codes in the answer, an unknown ticket is a fault
    (Interop'Fibre SAV 3.0 §5, proposed). The ticket of another operator is as unknown
    as one that does not exist. When a ticket was opened is when it came here, whatever
    ``interactionDate`` says: delays run from it.
    """

    _inherit = "oiconnect.soap.server"

    @api.model
    def _handlers(self):
        getters = {
            (KEY, operation.name): "_tell_metadata"
            for operation in sav.OPERATIONS
            if is_metadata(operation)
        }
        return (
            super()._handlers()
            | getters
            | {
                (KEY, sav.CREATE.name): "_create_ticket",
                (KEY, sav.SET.name): "_set_ticket",
                (KEY, sav.GET.name): "_get_ticket",
            }
        )

    # ------------------------------------------------------------------
    # Operations
    # ------------------------------------------------------------------

    def _create_ticket(self, call):
        """Open a ticket; a key that is known is answered with the same ticket."""
        value = call.envelope.payload["ticket"]
        self._check_parties(call, value)
        event = value.get("event") or CREATE_EVENT
        if event != CREATE_EVENT:
            return self._refuse(call, None, codes.UNEXPECTED, "event")
        for problem in missing(value | {"event": event}):
            return self._refuse(call, None, problem.code, problem.path[-1])
        ticket, refusals = self._open_ticket(call, value)
        return self._answer_ticket(call, ticket, refusals)

    def _open_ticket(self, call, value):
        """Return the ticket that is opened, or known already, and the refusals.

        :raises ConcurrencyError: the same key came on another connection; the ticket
            that it opened is seen, and answered, by the next try
        """
        account = call.account
        try:
            return self.env["oiconnect.ticket"]._receive_creation(
                self._line_of_creation(value),
                account.operator_id,
                account.network_id,
                self._origin(call),
            )
        except BusyError as error:
            raise ConcurrencyError(str(error)) from error

    def _set_ticket(self, call):
        """Apply what an operator says of its ticket; what changes nothing is code 6."""
        value = call.envelope.payload["ticket"]
        self._check_parties(call, value)
        if not value.get("reference"):
            return self._refuse(call, None, codes.MISSING, "reference")
        ticket = self._own_ticket(call, value["reference"])
        if value.get("event") not in OPERATOR_EVENTS:
            return self._refuse(call, ticket, codes.UNEXPECTED, "event")
        if call.envelope.payload.get("resync_required"):
            self._check_version(call, ticket, value.get("version"))
        with isolated_savepoint(
            self.env.cr, (SoapFault, BusyError, ConcurrencyError)
        ) as attempt:
            ticket, refusals = ticket._receive_update(
                self._line_of_update(value), self._origin(call)
            )
        if isinstance(attempt.error, WorkflowError):
            code = int(attempt.error.code or codes.NOT_ALLOWED)
            return self._refuse(call, ticket, code, "wire_state")
        if attempt.error:
            raise attempt.error
        return self._answer_ticket(call, ticket, refusals)

    def _get_ticket(self, call):
        """Return the ticket as it is now, or the elements that are requested."""
        query = call.envelope.payload
        ticket = self._own_ticket(call, query["reference"])
        version = call.account.operator_id.ticket_version
        value = sav.known_in(ticket._payload_whole(), version)
        value = selected(sav.TICKET_VALUE, value, query.get("names") or [])
        answer = return_answer(ticket.reference, codes.SUCCESS)
        return {"answer": answer, "ticket": value}

    def _tell_metadata(self, call):
        return metadata(call.operation, self._lists(call.service))

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------

    def _check_parties(self, call, value):
        """Refuse SIRENs that are not those of the two parties of the connection.

        Older specifications swap the two: both orders are read (§2). Those of another
        operator and unknown ones are refused alike.
        """
        given = value.get("oc_siren"), value.get("oi_siren")
        own = call.account.operator_id.siren, call.account.network_id.siren
        if not any(_agree(given, parties) for parties in (own, own[::-1])):
            raise SoapFault(codes.NO_ACCESS, operation=call.operation)

    def _own_ticket(self, call, reference):
        """Return the ticket of the caller with our ``reference``.

        :raises SoapFault: it has none, code 8
        """
        account = call.account
        ticket, refusals = self.env["oiconnect.ticket"]._look_up(
            account.operator_id, account.network_id, reference
        )
        if refusals:
            name = _NAMES["reference"]
            raise SoapFault(codes.UNKNOWN, name, call.operation)
        call.record = ticket
        return ticket

    def _check_version(self, call, ticket, version):
        """Refuse a change of a copy that is no longer the present one (OSS/J).

        Without a version there is nothing to compare.
        """
        if version is not None and version != ticket._payload_version():
            code = codes.UNEXPECTED
            raise SoapFault(
                code,
                ticket.reference,
                call.operation,
                sav.RESYNC,
                codes.label(code, sav.VERSION.name),
            )

    # ------------------------------------------------------------------
    # What comes in
    # ------------------------------------------------------------------

    def _origin(self, call):
        return Origin("soap", version=call.account.operator_id.ticket_version)

    def _line_of_creation(self, value):
        line = {name: value[name] for name in SAME if name in value}
        line["contract"] = {name: value[name] for name in CONTRACT if name in value}
        line["gtr_range"] = _RANGES.get(value.get("gtr_range"))
        return line | {"message": self._message(value)}

    def _line_of_update(self, value):
        # The whole value travels each time: what has a meaning here is taken.
        return value | {"message": self._message(value)}

    def _message(self, value):
        """Return the values of the message that travels with a ticket, if any."""
        message = {name: value[name] for name in SUGGESTIONS if value.get(name)}
        if value.get("message_content"):
            message["content"] = value["message_content"]
        if not message and not value.get("message_type"):
            return None
        return message | {"message_type": _TYPES.get(value.get("message_type"), "info")}

    # ------------------------------------------------------------------
    # What goes out
    # ------------------------------------------------------------------

    def _answer_problem(self, call, problem):
        if call.operation in (sav.CREATE, sav.SET):
            call.code = problem.code
            reference = call.envelope.payload.get("ticket", {}).get("reference")
            known = reference if call.operation is sav.SET else None
            answer = return_answer(known, problem.code, problem.field)
            return {"answer": answer}
        if call.service.key == KEY:
            raise SoapFault(problem.code, problem.field, call.operation, sav.ILLEGAL)
        return super()._answer_problem(call, problem)

    def _answer_ticket(self, call, ticket, refusals):
        """Return the answer to a create or a set: one code, the first refusal's."""
        call.record = ticket
        if refusals:
            refusal = refusals[0]
            return self._refuse(call, ticket, int(refusal.code), refusal.field)
        return {"answer": return_answer(ticket.reference, codes.SUCCESS)}

    def _refuse(self, call, ticket, code, key):
        """Return the answer that refuses a call for the value of ``key``."""
        call.code = code
        reference = ticket.reference if ticket else None
        return {"answer": return_answer(reference, code, _NAMES.get(key, ""))}

    # ------------------------------------------------------------------
    # Lists
    # ------------------------------------------------------------------

    @api.model
    def _lists(self, service, archived=False):
        lists = super()._lists(service, archived)
        return self._ticket_lists(archived) if service.key == KEY else lists

    @api.model
    @tools.ormcache("archived")
    def _ticket_lists(self, archived):
        """Return all lists, with the values that administrators keep of some."""
        env = self.env(su=True, context={"active_test": not archived})
        lists = dict(codes.LISTS) | {name: () for name in EDITED_LISTS}
        for value in env["oiconnect.ticket.code"].search(Domain.TRUE):
            lists[value.code_list] = (*lists.get(value.code_list, ()), value.code)
        closures = env["oiconnect.ticket.closure.code"].search(Domain.TRUE)
        lists["closure_code"] = tuple(closures.mapped("code"))
        lists["closure_label"] = tuple(closures.mapped("label"))
        return lists


def _agree(given, parties):
    """Tell whether the SIRENs that are given are those of ``parties``.

    What one of the two sides leaves out is not compared.
    """
    return all(
        not one or not other or one == other
        for one, other in zip(given, parties, strict=True)
    )
