from odoo import models


class Operator(models.Model):
    """By which accounts an operator sends us what it orders and reports."""

    _inherit = "oiconnect.operator"

    def _sending_accounts(self, network):
        """Hook: return ``[(label, accounts)]`` with which it sends on a network."""
        own = [("operator_id", "=", self.id), ("network_id", "=", network.id)]
        accounts = self.env["oiconnect.endpoint"].sudo().search(own)
        return [(self.env._("Account for files"), accounts)]
