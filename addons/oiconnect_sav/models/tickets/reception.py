from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import create_rows, fetch_columns
from odoo.addons.oiconnect_base.exceptions import BusyError
from odoo.addons.oiconnect_base.odoo_internals import cache_values
from odoo.addons.oiconnect_base.reception import QUIET, Message, Refusal
from odoo.addons.oiconnect_base.workflow import Transition
from odoo.addons.oiconnect_orders.appointment_states import LIVE_STATES

from ...message_types import MESSAGE_TYPES
from ...states import AWAITED_TASK_STATES, TASKED_STATES
from ..codes.ticket_code import ACCESS_TYPE

# The creation of a ticket whose line is found before its row is written
RECEPTION = Transition("create", (), None)
# Fields that a creation gives as they are
GIVEN = (
    "oc_key",
    "service_reference",
    "pto_reference",
    "pm_reference",
    "prdm_reference",
    "detection_date",
    "opened_date",
    "description",
    "already_operated",
    "customer_name",
    "customer_firstname",
    "customer_contact1",
    "customer_contact2",
    "customer_hours",
    "appointment_reference",
    "contract",
    "gtr_delay",
    "gtr_days",
    "gtr_hours",
    "gtr_range",
)
# Values of code lists: key of the message, field of the ticket, list
CODED = (
    ("type", "type_id", "type"),
    ("defect", "defect_id", "defect"),
    ("defect_class", "defect_class_id", "defect_class"),
    ("prelocation", "prelocation_id", "location"),
)
MANDATORY = ("oc_key", "type", "defect", "defect_class", "prelocation")
# What a ticket is about: a key that comes again names the same
SUBJECT = ("service_reference", "pto_reference", "pm_reference", "prdm_reference")
# criticalLevel, a free text of the protocol: priorities that are proposed for it
PRIORITY_OF = {"PRIORITAIRE": "1", "CRITIQUE": "2"}
# What an operator may correct while its ticket is open (SAV 3.0 §3.2, T5)
CORRECTED = (
    "customer_name",
    "customer_firstname",
    "customer_contact1",
    "customer_contact2",
    "customer_hours",
)
# Values of a message that say whether it is the one that was heard last
SAID = ("message_type", "content", "suggestion1", "suggestion2", "suggestion3")
MESSAGE_KINDS = {
    "message_type": tuple(key for key, _label in MESSAGE_TYPES),
    "content": "text",
    **dict.fromkeys(("suggestion1", "suggestion2", "suggestion3"), "datetime"),
}
# What an operator says of a ticket that it opens, by its key
OPENED = (
    *(name for name in GIVEN if name not in ("opened_date", "contract", "order_id")),
    *(key for key, _field, _list in CODED),
    *("critical_level", "escalation"),
    *SAID,
)
OPENED_KINDS = {
    **MESSAGE_KINDS,
    **dict.fromkeys((key for key, _field, _list in CODED), "char"),
    "critical_level": "char",
    "escalation": "boolean",
}
# What an update of the operator fires, by its event or by the state that it asks
REQUESTED_EVENTS = {
    "CASE CANCELATION REQUEST": "request_cancel",
    "CLOSED": "accept",
    "OPENACTIVE": "reject",
}
# States in which what an event asks for is done or requested already
ALREADY_REQUESTED = {
    "accept": ("closed",),
    "request_cancel": ("cancelled", "cancel_requested"),
}


class Ticket(models.Model):
    """Single entry point of what operators ask: open, look up, update.

    Nothing here knows what carries a message. A method returns ``(ticket, [Refusal])``;
    a refusal changes nothing, and has the code of Interop'Fibre SAV 3.0 §5.
    """

    _inherit = "oiconnect.ticket"

    _messages = (
        Message("_receive_opening", OPENED, None, OPENED_KINDS),
        Message(
            "_receive_word",
            (*SAID, *CORRECTED, "appointment_reference", "escalation"),
            "update",
            {**MESSAGE_KINDS, "escalation": "boolean"},
        ),
        *(
            Message("_receive_word", SAID, verb, MESSAGE_KINDS, fixed)
            for verb, fixed in (
                ("request_cancel", {"event": "CASE CANCELATION REQUEST"}),
                ("accept", {"wire_state": "CLOSED"}),
                ("reject", {"wire_state": "OPENACTIVE"}),
            )
        ),
    )

    @api.model
    @api.private
    def _look_up(self, operator, network, reference):
        """Return the ticket of the operator with our ``reference``.

        One of another operator is as unknown as one that does not exist (code 8).
        """
        found = self.sudo().search(
            Domain("reference", "=", reference or False)
            & Domain("operator_id", "=", operator.id)
            & Domain("network_id", "=", network.id)
        )
        if found:
            return found, []
        return found, [self._refuse_field("8", "reference")]

    # ------------------------------------------------------------------
    # Creation
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _receive_creation(self, line, operator, network, origin):
        """Open the ticket that ``line`` asks for; sent again, return the same one.

        :param line: values by the keys of ``GIVEN``, ``CODED`` and ``critical_level``;
            ``message`` (values of a message) and ``escalation`` may come with them
        """
        known = self._known(operator, network, line.get("oc_key"))
        if known and known._is_about_another(line):
            return self.browse(), [self._refuse_code("100")]
        if known:
            return known, []
        refusals = self._missing(line) or self._refused_codes(line)
        probe = self._probe(line, operator, network)
        if not refusals:
            probe.order_id, refusals = probe._named_line(line)
        refusals = refusals or probe._refused_visit(line)
        if refusals:
            return self.browse(), refusals
        try:
            return self._create_received(line, probe, origin), []
        except UniqueViolation as error:
            # The same message, or another one on the same line, was faster on another
            # connection: this transaction does not see its ticket, the next one does.
            text = self.env._("This ticket is being opened: try again.")
            raise BusyError(text) from error

    @api.model
    def _known(self, operator, network, oc_key):
        """Return the ticket of the network that the operator opened with this key.

        Who tries its system on a sandbox begins anew to count on a real network.
        """
        if not oc_key:
            return self.browse()
        return fetch_columns(
            self.sudo(),
            ("oc_key", "operator_id", "network_id", "oc_siren", *SUBJECT),
            SQL(
                "oc_key = %s AND network_id = %s"
                " AND (operator_id = %s OR oc_siren = %s) ORDER BY id DESC LIMIT 1",
                oc_key,
                network.id,
                operator.id,
                operator.siren or None,
            ),
        )

    def _is_about_another(self, line):
        """Tell whether a known key comes with another line: an operator mistook it.

        To answer with the known ticket would leave that line without one, and no one
        would know.
        """
        return any(
            line.get(name) and self[name] and line[name] != self[name]
            for name in SUBJECT
        )

    @api.model
    def _probe(self, line, operator, network):
        """Return a ticket that stays in memory, of the line that is named."""
        names = ("service_reference", "pto_reference", "pm_reference")
        return self.sudo().new(
            {"operator_id": operator.id, "network_id": network.id}
            | {name: line.get(name) for name in names}
        )

    @api.model
    def _create_received(self, line, probe, origin):
        vals = self._received_vals(line, probe) | {"protocol_version": origin.version}
        # One version of the row: its line is known before it is written.
        ticket = create_rows(
            self.sudo().with_context(**QUIET),
            [vals],
            lambda made: made._begin_received(origin),
        ).with_env(self.sudo().env)
        if line.get("message"):
            self.env["oiconnect.ticket.message"]._receive(
                ticket, origin, line["message"]
            )
        if line.get("escalation"):
            ticket._fire("escalate", origin)
        if line.get("appointment_reference"):
            ticket._keep_visit(line["appointment_reference"])
        # An error of the row is raised here, not when something else is read.
        self.env.flush_all()
        return ticket

    @api.model
    def _received_vals(self, line, probe):
        codes = self.env["oiconnect.ticket.code"].sudo()
        vals = {name: line[name] for name in GIVEN if line.get(name)}
        for key, field, code_list in CODED:
            if line.get(key):
                vals[field] = codes._of(code_list, line[key]).id
        [(_probe, found)] = probe._found_lines()
        return (
            vals
            | found
            | {
                "operator_id": probe.operator_id.id,
                "network_id": probe.network_id.id,
                "company_id": probe.network_id.company_id.id,
                "opened_by": "oc",
                "priority": PRIORITY_OF.get(line.get("critical_level"), "0"),
            }
        )

    def _begin_received(self, origin):
        # A ticket that is new has no task: no look is needed.
        cache_values(self._fields["task_ids"], self, [()])
        self._begin(origin, RECEPTION)

    @api.model
    def _missing(self, line):
        missing = [key for key in MANDATORY if not line.get(key)]
        if str(line.get("type")) == ACCESS_TYPE:
            named = line.get("service_reference") or line.get("pto_reference")
            missing += [] if named else ["service_reference"]
        return [self._refuse_field("1", key) for key in missing]

    @api.model
    def _refused_codes(self, line):
        codes = self.env["oiconnect.ticket.code"].sudo()
        return [
            self._refuse_field("2", key)
            for key, _field, code_list in CODED
            if not codes._of(code_list, line[key])
        ]

    def _named_line(self, line):
        """Return ``(order, [])`` of the line that is named, or why no ticket is opened.

        A ticket on a PM or a link names none.
        """
        operator, network = self.operator_id, self.network_id
        nothing = self.env["oiconnect.access.order"]
        if str(line["type"]) != ACCESS_TYPE:
            return nothing, []
        orders = self._named("oiconnect.access.order", "service_reference")
        ptos = self._named("oiconnect.pto", "reference", "pto_reference")
        order = orders.get((network, line.get("service_reference")))
        pto = ptos.get((network, line.get("pto_reference")))
        key = "service_reference" if line.get("service_reference") else "pto_reference"
        if not order and not pto:
            return nothing, [self._refuse_field("8", key)]
        own = self._own_order(order, pto)
        if not own:
            return nothing, [self._refuse_field("9", key)]
        if self._has_open_ticket(own, operator):
            return nothing, [self._refuse_code("100")]
        return own, []

    def _refused_visit(self, line):
        """Return why the appointment that is named cannot be used."""
        reference = line.get("appointment_reference")
        if not reference:
            return []
        visit, _refusals = self.env["oiconnect.appointment"]._look_up(
            reference, self.operator_id
        )
        is_free = visit.state in LIVE_STATES and not visit.ticket_task_id
        # An operator has visits on other networks too, by other teams.
        is_here = visit.network_id == self.network_id
        if visit.kind == "repair" and is_free and is_here:
            return []
        return [self._refuse_code("101")]

    def _keep_visit(self, reference):
        """Rest a task on the visit that the operator booked: it is confirmed by that.

        The task that waits for an appointment, if there is one; its former visit gives
        its slot back. Interop'Fibre SAV 3.0 §7.2, order of the calls inferred.
        """
        visits, tasks = (
            self.env[model].sudo()
            for model in ("oiconnect.appointment", "oiconnect.ticket.task")
        )
        visit, _refusals = visits._look_up(reference, self.operator_id)
        task = self.task_ids.filtered(
            lambda one: one.kind == "appointment" and one.state in AWAITED_TASK_STATES
        )[:1]
        task = task or tasks.create({"ticket_id": self.id, "kind": "appointment"})
        task._attach_visit(visit)

    @api.model
    def _has_open_ticket(self, order, operator):
        """Tell whether a ticket on the line is open: there is one at a time (§3.5)."""
        return bool(
            fetch_columns(
                self.sudo(),
                ("order_id", "operator_id", "is_open"),
                SQL(
                    "order_id = %s AND operator_id = %s AND is_open IS TRUE LIMIT 1",
                    order.id,
                    operator.id,
                ),
            )
        )

    # ------------------------------------------------------------------
    # Updates
    # ------------------------------------------------------------------

    @api.private
    def _receive_update(self, line, origin):
        """Apply what the operator says of its ticket: a message, an event, or both.

        Sent again it changes nothing, which code 6 says.

        :param line: ``event`` and ``wire_state`` as they came, ``message`` (values of a
            message), ``escalation``, ``appointment_reference`` and what is corrected
            (``CORRECTED``)
        """
        self.ensure_one()
        ticket = self.sudo()
        if refusals := ticket._refused_other_subject(line):
            return ticket, refusals
        event = ticket._requested_event(line)
        if ticket.state in ALREADY_REQUESTED.get(event, ()):
            return ticket, [self._refuse_code("6")]
        if not ticket._is_news(line, event):
            return ticket, [self._refuse_code("6")]
        if not ticket.is_open:
            return ticket, [self._refuse_code("11")]
        if event and not ticket._ready_for(event):
            return ticket, [self._refuse_field("13", "wire_state")]
        if refusals := ticket._refused_other_visit(line):
            return ticket, refusals
        ticket._apply_update(line, event, origin)
        return ticket, []

    def _refused_other_subject(self, line):
        """Return why ``line`` is about another ticket or line than it says, if it is.

        Our references follow each other: one wrong digit names another ticket of the
        operator, which a cancellation would end for good.
        """
        known = {
            "oc_key": (self.oc_key,),
            "service_reference": (
                self.service_reference,
                self.order_id.service_reference,
            ),
            "pto_reference": (self.pto_reference, self.pto_id.reference),
        }
        return [
            self._refuse_field("13", name)
            for name, values in known.items()
            if line.get(name) and any(values) and line[name] not in values
        ]

    def _other_visit(self, line):
        """Return the reference of a visit that the ticket does not have yet.

        The whole ticket travels each time, with the visit that we booked as well.
        """
        reference = line.get("appointment_reference")
        known = self.task_ids.appointment_ids.mapped("reference")
        is_new = reference not in (*known, self.appointment_reference)
        return reference if reference and is_new else None

    def _refused_other_visit(self, line):
        reference = self._other_visit(line)
        if reference and self.state not in TASKED_STATES:
            return [self._refuse_field("13", "appointment_reference")]
        visit = {"appointment_reference": reference}
        return self._refused_visit(visit)

    def _is_news(self, line, event):
        """Tell whether an update changes anything of the ticket."""
        message = line.get("message")
        return bool(
            event
            or (message and not self._has_heard(message))
            or (line.get("escalation") and not self.is_escalated)
            or self._other_visit(line)
            or self._corrections(line)
        )

    def _has_heard(self, message):
        """Tell whether ``message`` is the last of the dialogue, sent once more."""
        last = self.message_line_ids.sorted("id")[-1:]
        said = [message.get(name) or False for name in SAID]
        return last.direction == "in" and said == [last[name] for name in SAID]

    def _corrections(self, line):
        """Return ``{field: value}`` of what the operator says otherwise than before."""
        return {
            name: line[name]
            for name in CORRECTED
            if line.get(name) and line[name] != self[name]
        }

    def _apply_update(self, line, event, origin):
        message = line.get("message")
        corrections = self._corrections(line)
        if visit := self._other_visit(line):
            self._keep_other_visit(visit, origin)
        if corrections:
            self.write(corrections)
            self._message_log(
                body=self.env._("The operator changed how the customer is reached.")
            )
        if message and (event or not self._has_heard(message)):
            self.env["oiconnect.ticket.message"]._receive(self, origin, message)
        if line.get("escalation") and not self.is_escalated:
            self._fire("escalate", origin)
        if event:
            self._fire(event, origin, note=(message or {}).get("content"))

    def _keep_other_visit(self, reference, origin):
        """Keep the visit; it ends the freeze that waited for it."""
        self.write({"appointment_reference": reference})
        frozen = self.filtered(lambda one: one.freeze_reason == "appointment")
        frozen._fire("thaw", origin)
        self._keep_visit(reference)

    def _requested_event(self, line):
        """Return the event that an update asks for, None for a message alone.

        The state decides of a resolution only: in all other messages it is the present
        one (Interop'Fibre SAV 3.0, open points).
        """
        event = REQUESTED_EVENTS.get(line.get("event"))
        if event or self.state not in ("resolved", "closed"):
            return event
        return REQUESTED_EVENTS.get(line.get("wire_state"))

    # ------------------------------------------------------------------
    # What an operator says by its key: the message stands among the other values
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _receive_opening(self, line, operator, network, origin):
        return self._receive_creation(
            self._with_message(line), operator, network, origin
        )

    @api.private
    def _receive_word(self, line, origin):
        return self._receive_update(self._with_message(line), origin)

    @api.model
    def _with_message(self, line):
        said = {name: line[name] for name in SAID if line.get(name)}
        return line | {"message": {"message_type": "info", **said} if said else None}

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    @api.model
    def _refuse_field(self, code, key):
        sentences = {
            "1": self.env._("“%s” is missing.", key),
            "2": self.env._("“%s” is not a value of the list.", key),
            "8": self.env._("“%s” is not known here.", key),
            "9": self.env._("“%s” is not a line of the operator.", key),
            "13": self.env._("“%s” is not what is expected now.", key),
        }
        return Refusal(code, key, sentences[code])

    @api.model
    def _refuse_code(self, code):
        sentences = {
            "6": self.env._("Nothing changes."),
            "11": self.env._("The ticket is over: open another one."),
            "100": self.env._("A ticket on this line is in progress."),
            "101": self.env._("This appointment is not available."),
        }
        return Refusal(code, None, sentences[code])
