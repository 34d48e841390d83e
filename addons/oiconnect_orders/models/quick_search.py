from odoo import api, models

from odoo.addons.oiconnect_infra.models.quick_search import Kind


class QuickSearch(models.AbstractModel):
    """Orders, appointments and services, by their references."""

    _inherit = "oiconnect.quick.search"

    @api.model
    def _kinds(self):
        return [
            *super()._kinds(),
            Kind(
                "oiconnect.access.order",
                exact=("service_reference",),
                typed=("oc_reference",),
                loose=("oc_reference",),
                detail=("operator_id", "service_reference", "state"),
            ),
            Kind(
                "oiconnect.appointment",
                exact=("reference",),
                loose=("reference",),
                detail=("operator_id", "commune_id", "state"),
            ),
            Kind(
                "oiconnect.pm.service",
                exact=("reference",),
                loose=("reference",),
                detail=("operator_id", "pm_id"),
            ),
        ]
