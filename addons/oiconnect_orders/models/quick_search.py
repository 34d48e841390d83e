from dataclasses import replace

from odoo import api, models

from odoo.addons.oiconnect_infra.models.quick_search import Kind


class QuickSearch(models.AbstractModel):
    """Orders, appointments and services, by their references or their customer."""

    _inherit = "oiconnect.quick.search"

    @api.model
    def _kinds(self):
        return [
            *map(_with_order, super()._kinds()),
            Kind(
                "oiconnect.access.order",
                exact=("service_reference",),
                typed=("oc_reference",),
                loose=("oc_reference",),
                own_search=("customer",),
                detail=("customer", "operator_id", "service_reference", "state"),
                key="order_id",
                on_line=True,
            ),
            Kind(
                "oiconnect.link.order",
                typed=("oc_reference",),
                loose=("oc_reference", "service_reference"),
                detail=("operator_id", "link_id", "order_type", "state"),
            ),
            Kind(
                "oiconnect.appointment",
                exact=("reference",),
                loose=("reference",),
                own_search=("customer",),
                detail=("customer", "operator_id", "commune_id", "state"),
                on_line=True,
            ),
            Kind(
                "oiconnect.pm.order",
                loose=("oc_reference",),
                detail=("operator_id", "pm_id", "service_reference", "state"),
            ),
            Kind(
                "oiconnect.pm.service",
                exact=("reference",),
                loose=("reference",),
                detail=("operator_id", "pm_id"),
            ),
            Kind(
                "oiconnect.pb.order",
                typed=("oc_reference",),
                loose=("oc_reference",),
                detail=("operator_id", "building_id", "state"),
            ),
        ]


def _with_order(kind):
    """Return the kind of what is found; a PTO tells the line on it, too."""
    if kind.model != "oiconnect.pto":
        return kind
    return replace(kind, detail=(*kind.detail, "living_order_id"))
