from dataclasses import replace

from odoo import api, models

from odoo.addons.oiconnect_infra.models.quick_search import MOST, Kind


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

    @api.model
    def _on_line_of(self, kind, found, model, key):
        """What does not lead there by itself does by the last orders on it."""
        picked = super()._on_line_of(kind, found, model, key)
        orders = self.env["oiconnect.access.order"]
        is_named = {key, kind.key} <= orders._fields.keys()
        if picked or not found or not is_named or not orders.has_access("read"):
            return picked
        named = [(kind.key, "in", found.ids)]
        lines = orders.search(named, order="id desc", limit=MOST)
        return lines.sudo()[key].sudo(False)


def _with_order(kind):
    """Return the kind of what is found; a PTO tells the line on it, too."""
    if kind.model != "oiconnect.pto":
        return kind
    return replace(kind, detail=(*kind.detail, "living_order_id"))
