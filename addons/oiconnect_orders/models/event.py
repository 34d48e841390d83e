from odoo import fields, models


class Event(models.Model):
    """Messages may repeat what an operator wrote of its customer."""

    _inherit = "oiconnect.event"

    payload = fields.Json(
        groups="oiconnect_base.group_access_user,oiconnect_base.group_exchange_read"
    )
