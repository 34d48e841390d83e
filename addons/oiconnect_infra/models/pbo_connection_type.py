from odoo import fields, models


class PboConnectionType(models.Model):
    """Path from the branching point to the socket (TypeRaccoPBPTO of the files)."""

    _name = "oiconnect.pbo.connection.type"
    _inherit = "oiconnect.code"
    _description = "PBO to PTO path type"
    _used_by_fields = ("pbo_ids", "building_ids")

    pbo_ids = fields.One2many("oiconnect.pbo", "connection_type_id", "PBOs")
    building_ids = fields.One2many(
        "oiconnect.building", "connection_type_id", "Buildings"
    )
