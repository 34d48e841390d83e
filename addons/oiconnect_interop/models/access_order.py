from odoo import fields, models


class AccessOrder(models.Model):
    """The files by which an order came and was changed."""

    _inherit = "oiconnect.access.order"

    exchange_line_ids = fields.One2many(
        "oiconnect.exchange.line",
        "res_id",
        "Lines received",
        domain=[("res_model", "=", "oiconnect.access.order")],
        bypass_search_access=True,
        groups="oiconnect_base.group_exchange_read",
        copy=False,
    )
