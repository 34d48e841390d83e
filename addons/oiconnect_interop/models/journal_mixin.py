from datetime import timedelta

from odoo import api, fields, models

from ..parameters import number

BATCH = 2000


class JournalMixin(models.AbstractModel):
    """Lines that are only added, and erased when they are old: they have a ``date``."""

    _name = "oiconnect.journal.mixin"
    _description = "Journal"

    # System parameter, and its default: days for which lines are retained
    _days_parameter = None
    _default_days = None

    @api.model
    def _cron_erase(self):
        """Erase the lines older than their retention, by batches."""
        days = int(number(self.env, self._days_parameter, self._default_days))
        if days <= 0:
            return
        limit = fields.Datetime.now() - timedelta(days=days)
        while old := self.search([("date", "<", limit)], limit=BATCH, order="date"):
            count = len(old)
            old.unlink()
            if not self.env["ir.cron"]._commit_progress(count):
                return
