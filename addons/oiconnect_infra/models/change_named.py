from odoo import api, models


class Network(models.Model):
    """The history keeps the networks that it is of."""

    _inherit = "oiconnect.network"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_history(self):
        self.env["oiconnect.change"]._refuse_deletion(self, "network_id")


class Users(models.Model):
    """The history keeps the users whom it names."""

    _inherit = "res.users"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_history(self):
        self.env["oiconnect.change"]._refuse_deletion(self, "user_id")
