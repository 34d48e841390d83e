from odoo import api, fields, models


class Event(models.Model):
    _inherit = "oiconnect.event"

    exchange_id = fields.Many2one(
        "oiconnect.exchange",
        "Sent in",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        if any(event.direction == "out" for event in events):
            self._wake_drain()
        return events

    @api.model
    def _append(self, rows):
        super()._append(rows)
        self._wake_drain()

    @api.model
    def _wake_drain(self):
        """Drain as soon as this transaction is committed."""
        cron = self.env.ref("oiconnect_interop.cron_drain", raise_if_not_found=False)
        if cron and not self.env.context.get("oiconnect_drain_awake"):
            cron.sudo()._trigger()
