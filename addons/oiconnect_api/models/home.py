from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.home import DANGER, Number


class Home(models.AbstractModel):
    """Webhooks in trouble, beside the other connections."""

    _inherit = "oiconnect.home"

    @api.model
    def _account_numbers(self):
        return (
            *super()._account_numbers(),
            Number(
                "webhooks",
                self.env._("Webhooks that fail"),
                "oiconnect.webhook",
                Domain("failure_count", ">", 0) | Domain("is_stopped", "=", True),
                "oiconnect_api.webhook_action",
                DANGER,
            ),
        )
