from odoo import fields, models

from odoo.addons.oiconnect_infra.models.inventory import prdm


class Prdm(models.Model):
    """A PRDM stays as long as its orders, wherever their links lead by now."""

    _inherit = "oiconnect.prdm"
    _used_by_fields = (*prdm.Prdm._used_by_fields, "link_order_ids")

    link_order_ids = fields.One2many("oiconnect.link.order", "prdm_id", "Link orders")
