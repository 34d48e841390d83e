from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...parameters import number

# How long, unless the parameter tells, and how many go at once
DEFAULT_DAYS = 365
BATCH = 100


class PmReport(models.Model):
    _inherit = "oiconnect.pm.report"

    @api.autovacuum
    def _gc_old(self):
        """Delete the content of old reports: the archives that left hold it too.

        The last one of each PM stays, and what has still to leave.
        """
        days = int(number(self.env, "pm_report_days", DEFAULT_DAYS))
        if days <= 0:
            return 0, 0
        limit = fields.Datetime.now() - timedelta(days=days)
        self.flush_model()
        self.env["oiconnect.event"].flush_model()
        query = SQL(
            """
            SELECT id FROM oiconnect_pm_report report
             WHERE create_date < %s
               AND EXISTS (SELECT FROM oiconnect_pm_report later
                            WHERE later.pm_id = report.pm_id AND later.id > report.id)
               AND id NOT IN (SELECT (payload->>'pm_report_id')::integer
                                FROM oiconnect_event
                               WHERE state IN ('pending', 'error')
                                 AND payload->>'pm_report_id' IS NOT NULL)
             LIMIT %s
            """,
            limit,
            BATCH,
        )
        old = self.browse(found for (found,) in self.env.execute_query(query))
        count = len(old)
        old.unlink()
        return count, int(count == BATCH)
