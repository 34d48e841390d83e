from odoo import api, models

from odoo.addons.oiconnect_infra.models.quick_search import Kind


class QuickSearch(models.AbstractModel):
    """Files that were imported."""

    _inherit = "oiconnect.quick.search"

    @api.model
    def _kinds(self):
        return [
            *super()._kinds(),
            Kind(
                "oiconnect.import",
                typed=("file_name",),
                loose=("file_name",),
                detail=("kind", "state"),
            ),
        ]
