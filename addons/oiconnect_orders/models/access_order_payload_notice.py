from odoo import models

from ..wire import local_iso


class AccessOrder(models.Model):
    """What the operator is told without having asked."""

    _inherit = "oiconnect.access.order"

    def _payload_notif_racco_ko(self, values, shared):
        """NOTIF_RACCO_KO: a visit by us failed, another one is needed."""
        return {
            "date": local_iso(self.env.cr.now()),
            "reason_code": self.reason_id.code,
            "appointment_reference": self.appointment_reference or None,
            "expected_action": self.reason_id.expected_action or "NOUVEAU_RDV",
            "comment": self.reason_comment or None,
        }

    def _payload_notif_ecrasement(self, values, shared):
        """NOTIF_ECRASEMENT: the line is another's; never whose."""
        return {
            "pto_reference": self.pto_id.reference,
            "date": local_iso(self.end_date),
            "comment": None,
        }

    def _payload_notif_reprov(self, values, shared):
        """NOTIF_REPROV: the access has another route."""
        return {
            "date": local_iso(self.env.cr.now()),
            "reprovision_type": "COLD" if self.reprovision_kind == "cold" else "HOT",
            "discharge_number": self.discharge_number or None,
            "reprovision_reason": self.reprovision_reason_id.name or None,
            "retained_type": (self.retained_type or "na").upper(),
            "comment": values.get("note"),
            **self._payload_place(shared),
            "routes": self._payload_routes(),
        }
