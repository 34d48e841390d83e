from datetime import timedelta

from odoo import api, fields, models

from ...message_types import WIRE_TYPES
from ...states import AWAITED_TASK_STATES

# supplierResolutionState of a task (Interop'Fibre SAV 3.0 §4, order inferred)
RESOLUTION_STATES = {
    "to_plan": "ACTION PREVUE",
    "planned": "ACTION PLANIFIEE",
    "done": "ACTION TERMINEE",
    "to_repeat": "NOUVELLE ACTION A PREVOIR",
    "cancelled": "ACTION ANNULEE",
}
# supplierResolutionAction
RESOLUTION_ACTIONS = {
    "appointment": "INTERVENTION AVEC RDV",
    "visit": "INTERVENTION SANS RDV",
    "expertise": "INTERVENTION SANS RDV",
}
NO_TASK = "ACTION A DEFINIR"
RESPONSIBILITIES = {"oi": "OI", "oc": "OC", "third": "TIERS"}
# GRTRecoveryRange
GTR_RANGES = {"signalling": "SIGNALISATION", "always": "INCONDITIONNELLE"}
# Fields that are sent as they are, by the same key
PLAIN_FIELDS = (
    "reference",
    "oc_key",
    "service_reference",
    "prdm_reference",
    "detection_date",
    "restored_date",
    "description",
    "customer_name",
    "customer_firstname",
    "customer_contact1",
    "customer_contact2",
    "customer_hours",
    "appointment_reference",
    "gtr_delay",
    "gtr_days",
    "gtr_hours",
)
# Code lists: key of the payload, field of the ticket
CODE_FIELDS = (
    ("type", "type_id"),
    ("defect", "defect_id"),
    ("defect_class", "defect_class_id"),
    ("prelocation", "prelocation_id"),
)
# messageContent and troubleTicketClosureComment: string 0..1024
TEXT_SIZE = 1024


class Ticket(models.Model):
    """Messages to the operator about its ticket, with English keys, frozen."""

    _inherit = "oiconnect.ticket"

    _payload_fields = ("reference", "oc_key", "service_reference", "pto_reference")

    def _event_payload(self, flow, values, shared):
        payload = super()._event_payload(flow, values, shared)
        return payload | {
            "state": self.state,
            "wire_state": self._wire_state(),
            "oc_siren": self.oc_siren or None,
            "oi_siren": self.network_id.siren or None,
            "date": fields.Datetime.to_string(fields.Datetime.now()),
        }

    def _wire_state(self):
        """Return the state in the version that the operator speaks.

        A resolution that is not validated is an end already: it is in state closed.
        """
        self.ensure_one()
        states = self.env["oiconnect.ticket.wire.state"]
        return states._wire(self.operator_id.ticket_version, self.state)

    def _payload_sav_solving(self, values, shared):
        return self._payload_resolution() | {"comment": values.get("note")}

    def _payload_sav_information(self, values, shared):
        if "messages" not in shared:
            shared["messages"] = values["message"].grouped("ticket_id")
        return self._payload_message(shared["messages"][self])

    def _payload_sav_solved(self, values, shared):
        return self._payload_resolution() | self._payload_closure()

    def _payload_sav_cancel_agreement(self, values, shared):
        return {"comment": values.get("note")}

    def _payload_sav_cancellation(self, values, shared):
        return self._payload_closure() | {"comment": values.get("note")}

    # ------------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------------

    def _payload_resolution(self):
        """Return where the work is: that of the awaited task, else of the last one."""
        tasks = self.task_ids.filtered(lambda task: not task.is_settled).sorted("id")
        awaited = tasks.filtered(lambda task: task.state in AWAITED_TASK_STATES)
        task = awaited[:1] or tasks[-1:]
        return {
            "resolution_action": RESOLUTION_ACTIONS.get(task.kind),
            "resolution_state": self._resolution_state(task),
            "planned_date": _text(task.planned_date),
            "appointment_reference": task.appointment_id.reference or None,
        }

    def _resolution_state(self, task):
        """Return where ``task`` is; one that the customer missed is over by the end."""
        is_ended = self.state == "resolved" or not self.is_open
        is_last = is_ended and task.state == "to_repeat"
        state = "done" if is_last else task.state
        return RESOLUTION_STATES.get(state, NO_TASK)

    def _payload_closure(self):
        code = self.closure_code_id
        return {
            "closure_code": code.code or None,
            "closure_label": code.label or None,
            "location": self.location_id.code or None,
            "responsibility": RESPONSIBILITIES.get(self.responsibility),
            "reprovision_reference": self.reprovision_reference or None,
            "closure_comment": self.closure_comment or None,
            "restored_date": _text(self.restored_date),
            "repair_hours": self.repair_hours or 0,
        }

    def _payload_message(self, message):
        return {
            "message_type": WIRE_TYPES[message.message_type],
            "message_content": message.content or None,
            "suggestions": [
                _text(date)
                for date in (
                    message.suggestion1,
                    message.suggestion2,
                    message.suggestion3,
                )
                if date
            ],
        }

    # ------------------------------------------------------------------
    # The whole ticket
    # ------------------------------------------------------------------

    @api.private
    def _payload_whole(self):
        """Return all that the operator may fetch of its ticket, with English keys.

        Moments are naive UTC, as such or as JSON keeps them; the length of the repair
        is a timedelta; None for what the ticket does not have.
        """
        self.ensure_one()
        payload = dict(self.contract or {})
        payload |= {name: self[name] or None for name in PLAIN_FIELDS}
        payload |= {key: self[name].code or None for key, name in CODE_FIELDS}
        payload |= {
            "wire_state": self._wire_state(),
            "version": self._payload_version(),
            "date": self.opened_date,
            "closure_date": self.closed_date or None,
            "oc_siren": self.oc_siren or self.operator_id.siren or None,
            "oi_siren": self.network_id.siren or None,
            "pto_reference": self.pto_reference or self.pto_id.reference or None,
            "pm_reference": self.pm_reference or self.pm_id.reference or None,
            "gtr_range": GTR_RANGES.get(self.gtr_range),
            "already_operated": self.already_operated,
            "escalation": self.is_escalated,
        }
        payload |= self._payload_last_message()
        if self.started_date:
            payload |= {k: v for k, v in self._payload_resolution().items() if v}
        if self.closure_code_id:
            payload |= self._payload_whole_closure()
        return payload

    def _payload_version(self):
        """Return the number of the copy that the operator has, which only grows.

        It is that of the last message that the operator was sent; of a ticket that we
        opened, which has no messages, that of its last step.
        """
        lines = self.event_ids if self.opened_by == "oc" else self.step_ids
        return max(lines.ids, default=0)

    def _payload_last_message(self):
        last = self.message_line_ids.sorted("id")[-1:]
        if not last:
            return {}
        payload = self._payload_message(last)
        dates = payload.pop("suggestions")
        return payload | {f"suggestion{n}": date for n, date in enumerate(dates, 1)}

    def _payload_whole_closure(self):
        payload = self._payload_closure()
        hours = payload.pop("repair_hours")
        comment = payload["closure_comment"]
        if self.restored_date:
            payload["closure_duration"] = timedelta(seconds=round(hours * 3600))
        return payload | {"closure_comment": comment and comment[:TEXT_SIZE]}


def _text(moment):
    return fields.Datetime.to_string(moment) or None
