from odoo import fields, models

from .case import CHANNEL


class ConformanceStep(models.Model):
    """Steps find the REST calls that were noted for their run."""

    _inherit = "oiconnect.conformance.step"

    channel = fields.Selection(
        selection_add=[CHANNEL], ondelete={CHANNEL[0]: "cascade"}
    )

    def _look_rest(self):
        """Look for the calls to the path; where the path has an id, to any record."""
        method, path = self.target.split(" ", 1)
        found = self._one(
            """
            WITH came AS (
                SELECT id, date, method || ' ' || path AS sent, status::text AS code,
                       status::text = ANY(%(codes)s) AS is_expected
                  FROM oiconnect_conformance_call
                 WHERE run_id = %(run)s AND method = %(method)s
                   AND path LIKE %(path)s AND date >= %(since)s
                   AND (%(needs)s = ''
                        OR %(needs)s = ANY(string_to_array(parameters, ' ')))
                   AND (%(times)s = 1 OR idempotency_key = %(reference)s)
            )
            SELECT id, date, sent, CASE WHEN is_expected AND NOT enough THEN NULL
                   ELSE 'answered' END, code, is_expected AND enough AS fits
              FROM (SELECT came.*, count(*) FILTER (WHERE is_expected) OVER ()
                           >= %(times)s AS enough
                      FROM came) counted %(best)s
            """,
            run=self.run_id.id,
            method=method,
            path=path.replace("_", r"\_").replace("{id}", "%"),
            needs=self.needs or "",
            times=self.times,
        )
        return "oiconnect.conformance.call", found
