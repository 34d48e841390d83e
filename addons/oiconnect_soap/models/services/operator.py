from odoo import api, fields, models


class Operator(models.Model):
    """The web service connections of an operator."""

    _inherit = "oiconnect.operator"

    soap_account_count = fields.Integer(
        "Web services", compute="_compute_border_counts"
    )

    @api.model
    def _border_counts(self):
        return super()._border_counts() | {
            "soap_account_count": "oiconnect.soap.account"
        }

    def _sending_accounts(self, network):
        own = [("operator_id", "=", self.id), ("network_id", "=", network.id)]
        accounts = self.env["oiconnect.soap.account"].sudo().search(own)
        label = self.env._("Account of web services")
        return [*super()._sending_accounts(network), (label, accounts)]
