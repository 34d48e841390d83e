from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 200


class Appointment(models.Model):
    """Slots that nobody ordered for are given back."""

    _inherit = "oiconnect.appointment"

    @api.model
    def _cron_expire(self):
        """Expire what is due, oldest first, one transaction a batch."""
        due = self._due()
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(due))
        last = 0
        while batch := self.search(
            due & Domain("id", ">", last), limit=BATCH, order="id"
        ):
            last = batch[-1].id
            # Somebody moves or confirms it: it is looked at again next time
            held = batch.try_lock_for_update(allow_referencing=True)
            held.with_context(oiconnect_road="job")._can_fire("expire")._fire("expire")
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break

    @api.model
    def _due(self):
        return Domain("expiry_date", "<=", fields.Datetime.now()) & Domain(
            "order_id", "=", False
        )
