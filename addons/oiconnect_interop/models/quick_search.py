from odoo import api, models

from odoo.addons.oiconnect_infra.models.quick_search import Kind


class QuickSearch(models.AbstractModel):
    """Files: those exchanged, those published."""

    _inherit = "oiconnect.quick.search"

    @api.model
    def _kinds(self):
        named = {"typed": ("name",), "loose": ("name",)}
        return [
            *super()._kinds(),
            Kind("oiconnect.exchange", **named, detail=("operator_id", "state")),
            Kind("oiconnect.publication", **named, detail=("plan_id", "state")),
        ]
