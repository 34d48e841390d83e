from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.workflow import JOB

BATCH = 200


class Appointment(models.Model):
    """Slots that nobody ordered for are given back."""

    _inherit = "oiconnect.appointment"

    @api.model
    def _cron_expire(self):
        """Expire what is due, oldest first, one transaction a batch."""
        for held in self._held_batches(self._due(), BATCH):
            held._can_fire("expire")._fire("expire", JOB)

    @api.model
    def _due(self):
        return Domain("expiry_date", "<=", fields.Datetime.now()) & Domain(
            "order_id", "=", False
        )
