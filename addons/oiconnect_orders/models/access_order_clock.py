from odoo import api, fields, models
from odoo.fields import Domain

from ..delays.kinds import ACCESS_ORDER_DELAYS, after_failure, running


class AccessOrder(models.Model):
    """Delays of an order: that of a production stops while a failure is mended."""

    _inherit = "oiconnect.access.order"

    _delays = ACCESS_ORDER_DELAYS

    # The board: the first cards of each state, what is due first on top.
    _board_idx = models.Index("(state, due_date, id) WHERE is_open")

    def _running_kind(self):
        if self.state != "connect_ko":
            return running(self.state, self.connection_type, self.existing_socket)
        kind = after_failure(self.reason_id.family, self.discharge_number)
        mender, _rule = self._awaited_of(kind)
        # Who is late to connect gains no time by a failure it mends itself.
        keeps = self.due_kind in self._delays.stopping and mender == self.awaited
        return self.due_kind if keeps else kind

    def _connection_deadline(self):
        """Return the day by which the sub-contractor must have connected."""
        start = self.report_date or fields.Datetime.now()
        rule = self._delay_rules().get("connection")
        due = self.env["oiconnect.delay"]._limit(rule, start)[0] if rule else start
        return fields.Datetime.context_timestamp(
            self.with_context(tz="Europe/Paris"), due
        ).date()

    @api.model
    def _todo_domain(self):
        return Domain("is_open", "=", True)
