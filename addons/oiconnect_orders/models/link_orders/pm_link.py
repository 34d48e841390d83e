from odoo import fields, models

from odoo.addons.oiconnect_infra.models.inventory import pm_link
from odoo.addons.oiconnect_infra.models.mixins.neighbours import neighbour_count


class PmLink(models.Model):
    """Links keep their orders, and open them."""

    _inherit = "oiconnect.pm.link"
    _used_by_fields = (*pm_link.PmLink._used_by_fields, "link_order_ids")

    link_order_ids = fields.One2many("oiconnect.link.order", "link_id", "Link orders")
    link_order_count = neighbour_count("Number of link orders")

    def _references(self):
        """Return the references of the link and of its ends, as a line has them."""
        return {
            "pm_reference": self.pm_id.reference,
            "technical_pm_reference": self.technical_pm_id.reference,
            "prdm_reference": self.prdm_id.reference,
            "nro_reference": self.nro_id.reference,
            "link_reference": self.reference,
        }
