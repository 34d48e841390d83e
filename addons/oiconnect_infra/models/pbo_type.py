from odoo import fields, models


class PboType(models.Model):
    """Type of a branching point (TypePBO of the files)."""

    _name = "oiconnect.pbo.type"
    _inherit = "oiconnect.code"
    _description = "PBO type"
    _used_by_fields = ("pbo_ids", "building_ids")

    pbo_ids = fields.One2many("oiconnect.pbo", "type_id", "PBOs")
    building_ids = fields.One2many("oiconnect.building", "pbo_type_id", "Buildings")
