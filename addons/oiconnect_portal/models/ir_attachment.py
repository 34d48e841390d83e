from odoo import api, models

from .portal_mixin import PORTAL


class IrAttachment(models.Model):
    """Files attached to what operators see are ours: the space gives theirs."""

    _inherit = "ir.attachment"

    @api.model
    def _customer_models(self):
        hidden = super()._customer_models()
        if self.env.su or not self.env.user._is_portal():
            return hidden
        shown = self.pool.descendants([PORTAL], "_inherit")
        return sorted({*hidden, *shown})
