from odoo import api, models

from odoo.addons.oiconnect_base.time_zone import local_today

from ...protocol_time import local_iso
from ..orders.order_mixin import once


class PmOrder(models.Model):
    """Messages to the operator about its PM, with English keys."""

    _inherit = "oiconnect.pm.order"

    _payload_fields = ("oc_reference", "service_reference", "kind")
    _ok_states = {"ARCMD": ("ar_ok",)}

    def _payload_arcmd(self, values, shared):
        return {
            **self._result("ARCMD", values),
            "date": local_iso(self.receipt_date),
            "comment": self.reason_comment or None,
        }

    def _payload_crmad(self, values, shared):
        """Tell of the PM as it is; a KO tells why it is taken back."""
        gone = self.state == "withdrawn"
        service = self.service_id
        report = once(shared, self.pm_id._make_report, self.pm_id)
        return {
            "result": "KO" if gone else "OK",
            "reason_code": self.reason_id.code if gone else None,
            "date": local_iso(self.env.cr.now()),
            "nature": values.get("nature", "update"),
            "technical_choice": service.technical_choice or self._choice(),
            "service_date": service.start_date.isoformat() if service else None,
            "contract_reference": self.contract_reference or None,
            "operator_code": self.operator_id.interop_code,
            "operator_id": self.operator_id.id,
            "pm_report_id": report.id,
            **once(shared, self.pm_id._operator_counts, self.pm_id),
        }

    def _payload_infosy(self, values, shared):
        refused = "INFOSY" if self.state == "announced" else None
        planned = self.planned_adduction_date
        return {
            "planned_date": planned.isoformat() if planned else None,
            "date": local_today().isoformat(),
            "result": "KO" if refused else "OK",
            "reason_code": self.reason_id.code if refused else None,
            "comment": values.get("note"),
        }

    def _payload_craddu(self, values, shared):
        """Answer about the order that was named: works may be about another one."""
        oc_reference = values.get("oc_reference") or self.oc_reference or None
        today = local_today().isoformat()
        return {
            "oc_reference": oc_reference,
            "date": today,
            **self._request_result(values),
        }

    def _payload_crannres(self, values, shared):
        """Tell that the end is firm, or why there is none."""
        code, ended = values.get("code"), self.state in ("cancelled", "terminated")
        operation = values.get("operation") or (
            "cancel" if self.state in ("ar_ok", "cancelled") else "terminate"
        )
        return {
            "operation": operation,
            "date": local_today().isoformat(),
            **self._request_result(values),
            "effect_date": local_iso(self.end_date) if ended and not code else None,
        }

    # ------------------------------------------------------------------
    # In files
    # ------------------------------------------------------------------

    @api.model
    def _message_lines(self, flow, payload):
        """A report has a line for each address, as the PM was then."""
        report = self._report_of(payload)
        if not report:
            return super()._message_lines(flow, payload)
        return report._lines_for(payload)

    @api.model
    def _message_parts(self, flow, payload):
        report = self._report_of(payload)
        if not report:
            return super()._message_parts(flow, payload)
        return report._parts_for(payload)

    @api.model
    def _report_of(self, payload):
        """Return what a report tells; nothing of other messages, or once it is old."""
        report = self.env["oiconnect.pm.report"].sudo()
        return report.browse(payload.get("pm_report_id") or ()).exists()
