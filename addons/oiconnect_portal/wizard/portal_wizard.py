from odoo import models


class PortalWizardUser(models.TransientModel):
    """Odoo's dialog that lets contacts into the portal."""

    _inherit = "portal.wizard.user"

    def action_grant_access(self):
        self.partner_id._check_lets_in()
        return super().action_grant_access()

    def action_revoke_access(self):
        self.partner_id._check_lets_in()
        return super().action_revoke_access()
