from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.home import DANGER, Number


class Home(models.AbstractModel):
    """The border: web services in trouble."""

    _inherit = "oiconnect.home"

    @api.model
    def _account_numbers(self):
        return (
            *super()._account_numbers(),
            Number(
                "soap_accounts",
                self.env._("Web services that fail"),
                "oiconnect.soap.account",
                Domain("failure_count", ">", 0) | Domain("stopped_code", "!=", False),
                "oiconnect_soap.soap_account_action",
                DANGER,
            ),
        )
