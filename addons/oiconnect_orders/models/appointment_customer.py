from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .customer_mixin import OF_RECORD

BATCH = 1000
FORGOTTEN = ("comment", "address")


class Appointment(models.Model):
    """A visit forgets its customer with its order, or in time when it has none."""

    _name = "oiconnect.appointment"
    _inherit = ["oiconnect.appointment", "oiconnect.customer.mixin"]

    def _erase_customers(self, patterns):
        """Empty what was written about customers; hide them in texts of others.

        :param patterns: ``{order id: expression that finds its customer}``
        """
        own = {
            visit.id: patterns[visit.order_id.id]
            for visit in self
            if visit.order_id.id in patterns
        }
        for place in OF_RECORD:
            self._mask_texts(own, *place)
        self._forget()

    def _forget(self):
        quiet = self.with_context(tracking_disable=True)
        quiet.write(dict.fromkeys(FORGOTTEN, False))

    @api.model
    def _with_old_customers(self, network):
        """Return visits that no order rests on and that are long past."""
        limit = fields.Datetime.now() - timedelta(days=network.customer_days)
        written = Domain.OR(Domain(name, "!=", False) for name in FORGOTTEN)
        return self.search(
            Domain("network_id", "=", network.id)
            & Domain("start", "<", limit)
            & Domain("order_id", "=", False)
            & written,
            limit=BATCH,
        )
