from odoo import api, models

from ...personal import CUSTOMER_GROUPS


class IrAttachment(models.Model):
    """Attachments of tickets and of their tasks need the right to read customers."""

    _inherit = "ir.attachment"

    @api.model
    def _customer_models(self):
        hidden = super()._customer_models()
        if self.env.su or self.env.user.has_group(CUSTOMER_GROUPS):
            return hidden
        about = self.pool.descendants(["oiconnect.ticket.thread"], "_inherit")
        return sorted({*hidden, *about, "oiconnect.ticket.message"})
