from odoo import api, models

from odoo.addons.oiconnect_infra.models.quick_search import Kind


class QuickSearch(models.AbstractModel):
    """Invoices, by their numbers."""

    _inherit = "oiconnect.quick.search"

    @api.model
    def _kinds(self):
        return [
            *super()._kinds(),
            Kind(
                "account.move",
                typed=("name",),
                loose=("name",),
                detail=("oiconnect_operator_id", "state"),
                label=self.env._("Invoices"),
            ),
        ]
