from odoo import fields, models

from odoo.addons.oiconnect_infra.models.inventory import pm


class Pm(models.Model):
    _name = "oiconnect.pm"
    _inherit = ["oiconnect.pm", "oiconnect.ordered.place"]
    _access_order_field = "pm_id"
    # Orders of all kinds: each kind adds its field
    _used_by_fields = (
        *pm.Pm._used_by_fields,
        "service_ids",
        "pm_order_ids",
        "pb_order_ids",
        "link_order_ids",
    )

    service_ids = fields.One2many("oiconnect.pm.service", "pm_id", "PM services")
