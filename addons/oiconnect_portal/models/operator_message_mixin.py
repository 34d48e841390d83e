from odoo import models

from ..pages import PAGES

PLACES = {page.model: page.key for page in PAGES.values()}
PLACES["oiconnect.billing.dispute"] = "contestations"


class OperatorMessageMixin(models.AbstractModel):
    """Messages to operators: each leads to the page of its record."""

    _inherit = "oiconnect.operator.message.mixin"

    def _operator_page(self):
        self.ensure_one()
        place = PLACES.get(self._name)
        return place and f"{self.get_base_url()}/my/oiconnect/{place}/{self.id}"
