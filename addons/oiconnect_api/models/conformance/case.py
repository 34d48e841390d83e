from odoo import fields, models

CHANNEL = ("rest", "REST API")


class ConformanceCase(models.Model):
    """Cases that an operator shows by REST calls."""

    _inherit = "oiconnect.conformance.case"

    channel = fields.Selection(
        selection_add=[CHANNEL], ondelete={CHANNEL[0]: "cascade"}
    )
