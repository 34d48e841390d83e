from odoo import models

from ...protocol_time import local_iso
from ..orders.order_mixin import once


class AccessOrder(models.Model):
    """Messages to the operator about its order, with English keys."""

    _inherit = "oiconnect.access.order"

    _ok_states = {
        "AR_CMD": ("ar_ok",),
        "CR_CMD": ("cr_ok",),
        "CR_MAD": ("delivered",),
        "CR_ANNUL": ("cancelled",),
        "CR_RES": ("terminated",),
    }

    def _went_well(self, flow):
        ends_later = flow == "CR_RES" and self.planned_end_date
        return bool(ends_later) or super()._went_well(flow)

    def _payload_ar_cmd(self, values, shared):
        return {**self._result("AR_CMD", values), "date": local_iso(self.receipt_date)}

    def _payload_cr_cmd(self, values, shared):
        payload = {
            **self._result("CR_CMD", values),
            "date": local_iso(self.report_date),
            "retained_type": (self.retained_type or "na").upper(),
            "comment": self.reason_comment or None,
        }
        if payload["result"] == "OK":
            payload |= self._payload_place(shared)
            payload |= once(shared, self._doors, self.pm_id, self.building_id)
            payload["routes"] = self._payload_routes()
        return payload

    def _payload_routes(self):
        """Return the order's routes, and the other fibres of its PTO.

        Who holds the others is never disclosed.
        """
        visible = self._visible_routes()
        own = [route._payload(self.operator_id) for route in visible]
        if self.network_id.socket_fibres == "1":
            return own
        others = self.pto_id.route_ids - visible
        no_operator = self.env["oiconnect.operator"]
        return own + [
            route._payload(no_operator) | {"operator_code": None}
            for route in others.sorted("connector_number")
        ]

    def _payload_place(self, shared):
        """Return the start of the line; many orders of a file share their PBO."""
        return once(shared, self._start, self.pm_id, self.pbo_id) | {
            "pto_reference": self.pto_id.reference,
            "pm_technical_reference": self._technical_reference() or None,
        }

    def _start(self):
        pm, pbo = self.pm_id, self.pbo_id
        return {
            "pm_reference": pm.reference,
            "pm_location": pm.localisation or pm.address or None,
            "pbo_reference": pbo.reference,
            "pbo_location": pbo.localisation or None,
            "pbo_x": pbo.x or None,
            "pbo_y": pbo.y or None,
            "pbo_height": pbo.height,
            "pbo_material": pbo.material_type or None,
            "pbo_type": pbo.type_id.code or None,
            "connection_path_type": pbo.connection_type_id.code or None,
            "pbo_other_info": pbo.other_info or None,
            "long_connection": False,
        }

    def _technical_reference(self):
        """Return the technical PM that the routes start from, or the only one."""
        starts = self._visible_routes().module_id.technical_pm_id
        return starts[:1].reference or self.pm_id.technical_reference

    def _doors(self):
        """Return the access codes of the place."""
        pm, building = self.pm_id, self.building_id
        return {
            "syndic_conditions": building.syndic_conditions or None,
            "syndic_contacts": building.syndic_contacts or pm.syndic_contacts or None,
            "building_access_code": building.access_code or None,
            "building_contacts": building.contacts or None,
            "pm_accessible": {"yes": "O", "no": "N"}.get(pm.accessible),
            "key_info": pm.key_info or None,
            "basement_code": pm.basement_code or None,
            "pm_room_code": pm.room_code or None,
        }

    def _payload_cmd_stoc(self, values, shared):
        key = (self.network_id, self.operator_id, self.report_date)
        deadline = once(shared, self._connection_deadline, *key)
        return {
            "subcontract_reference": self.subcontract_reference,
            "date": local_iso(self.report_date),
            "service_type": (
                "BRASSAGE" if self.existing_socket else "RACCO_CONSTRUCTION"
            ),
            "pto_reference": self.pto_id.reference,
            "existing_socket": self.existing_socket,
            "deadline": deadline.isoformat(),
            "comment": self.comment or None,
        }

    def _payload_cr_mad(self, values, shared):
        result = self._result("CR_MAD", values)
        ok = result["result"] == "OK"
        changed = ok and self.route_changed
        return {
            **result,
            "date": local_iso(self.delivered_date if ok else self.end_date),
            "pto_reference": self.pto_id.reference if ok else None,
            "socket_installed": self.socket_installed,
            "optical_budget": self.optical_budget or None,
            "retained_type": (self.retained_type or "na").upper(),
            "comment": self.reason_comment or None,
            **({"routes": self._payload_routes()} if changed else {}),
        }

    def _payload_cr_annul(self, values, shared):
        return self._payload_ending("CR_ANNUL", "ANNUL", values)

    def _payload_cr_res(self, values, shared):
        return self._payload_ending("CR_RES", "RESIL", values)

    def _payload_ending(self, flow, operation, values):
        return {
            "operation": operation,
            **self._result(flow, values),
            "date": local_iso(self.write_date),
            "comment": values.get("note"),
        }

    # ------------------------------------------------------------------
    # Notices: what the operator is sent without a request
    # ------------------------------------------------------------------

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
