from odoo import fields, models

from odoo.addons.oiconnect_infra.models.inventory import pbo


class Pbo(models.Model):
    """A PBO that was laid for an order stays as long as the order."""

    _name = "oiconnect.pbo"
    _inherit = ["oiconnect.pbo", "oiconnect.ordered.place"]
    _access_order_field = "pbo_id"
    _used_by_fields = (*pbo.Pbo._used_by_fields, "pb_order_ids")

    pb_order_ids = fields.One2many("oiconnect.pb.order", "pbo_id", "PB orders")
