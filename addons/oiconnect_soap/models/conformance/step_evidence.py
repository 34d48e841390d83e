from odoo import models


class ConformanceStep(models.Model):
    """Steps by web service: what the operator called."""

    _inherit = "oiconnect.conformance.step"

    def _look_soap(self):
        """Look for the call that has the reference, or is about what another opened."""
        opened = self._named_step()
        call = self.env["oiconnect.soap.call"]
        if opened != self and opened.evidence_id:
            call = call.browse(opened.evidence_id).exists()
        found = self._one(
            """
            WITH came AS (
                SELECT call.id, call.date,
                       call.operation || ', ' || %(reference)s AS sent,
                       CASE WHEN call.code IN ('0', '6') AND call.is_fault IS NOT TRUE
                            THEN 'accepted' ELSE 'refused' END AS outcome,
                       call.code
                  FROM oiconnect_soap_call call
                 WHERE call.operator_id = %(operator)s
                   AND call.network_id = %(network)s
                   AND call.direction = 'in' AND call.service = 'sav'
                   AND call.operation = %(target)s AND call.date >= %(since)s
                   AND (strpos(call.request, '>' || %(reference)s || '<') > 0
                        OR (call.res_model = %(model)s AND call.res_id = %(record)s))
            )
            SELECT id, date, sent, outcome, code, outcome = %(outcome)s AND (
                   %(codes)s::text[] = '{}' OR code = ANY(%(codes)s)) AS fits
              FROM came %(best)s
            """,
            model=call.res_model or "",
            record=call.res_id or 0,
        )
        return "oiconnect.soap.call", found
