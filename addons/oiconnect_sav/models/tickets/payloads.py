from odoo import fields, models

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


class Ticket(models.Model):
    """What the operator is told of its ticket, with English keys, frozen."""

    _inherit = "oiconnect.ticket"

    _payload_fields = ("reference", "oc_key", "service_reference", "pto_reference")

    def _event_payload(self, flow, values, shared):
        told = super()._event_payload(flow, values, shared)
        return told | {
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
        return self._payload_message(values["message"])

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
            "resolution_state": RESOLUTION_STATES.get(task.state, NO_TASK),
            "planned_date": _text(task.planned_date),
            "appointment_reference": task.appointment_id.reference or None,
        }

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


def _text(moment):
    return fields.Datetime.to_string(moment) or None
