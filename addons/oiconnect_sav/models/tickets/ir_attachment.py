from odoo import api, models

from ...personal import ATTACHED_TO, CUSTOMER_GROUPS


class IrAttachment(models.Model):
    """Attachments of tickets need the right to read their customers."""

    _inherit = "ir.attachment"

    @api.model
    def _customer_models(self):
        hidden = super()._customer_models()
        if self.env.su or self.env.user.has_group(CUSTOMER_GROUPS):
            return hidden
        return sorted({*hidden, *ATTACHED_TO})
