from datetime import timedelta

from odoo import api, fields, models

BATCH = 100


class Publication(models.Model):
    """Files are kept for a time; what was published stays listed."""

    _inherit = "oiconnect.publication"

    erased_date = fields.Datetime("File erased on", readonly=True)

    @api.model
    def _cron_erase(self):
        """Erase the files that are older than their plan wants."""
        plans = self.env["oiconnect.publication.plan"].with_context(active_test=False)
        for plan in plans.search([("retention_days", ">", 0)]):
            while old := self.search(self._expired(plan), limit=BATCH):
                old._erase()
                self.env["ir.cron"]._commit_progress(len(old))

    def _expired(self, plan):
        limit = fields.Datetime.now() - timedelta(days=plan.retention_days)
        return [
            ("plan_id", "=", plan.id),
            ("state", "=", "done"),
            ("end_date", "<", limit),
            ("erased_date", "=", False),
        ]

    def _erase(self):
        self.write({"file": False, "erased_date": fields.Datetime.now()})
