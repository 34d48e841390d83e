from odoo import models


class BillingDispute(models.Model):
    """Shown by pages of its own, which look for it among those of the operator."""

    _inherit = "oiconnect.billing.dispute"

    def _is_read_by(self, user):
        known = self.sudo()
        own = self.env["oiconnect.operator"].with_user(user)._of_user()
        return own == known.operator_id and known.company_id in user.company_ids
