from odoo import api, models

from odoo.addons.oiconnect_infra.models.quick_search import Kind


class QuickSearch(models.AbstractModel):
    """Tickets, incidents and works by their references; tickets by customer too."""

    _inherit = "oiconnect.quick.search"

    @api.model
    def _kinds(self):
        return [
            *super()._kinds(),
            Kind(
                "oiconnect.ticket",
                exact=("reference",),
                typed=("oc_key",),
                loose=("reference", "oc_key"),
                own_search=("customer",),
                detail=("customer", "operator_id", "pto_id", "state"),
                on_line=True,
            ),
            Kind(
                "oiconnect.incident",
                exact=("reference",),
                loose=("reference",),
                detail=("name", "state"),
            ),
            Kind(
                "oiconnect.works",
                exact=("reference",),
                loose=("reference",),
                detail=("pm_id", "state"),
            ),
        ]
