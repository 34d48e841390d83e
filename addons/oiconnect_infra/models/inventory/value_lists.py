from odoo import api, fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class Code(models.AbstractModel):
    """Value of a list of the protocol: what files say, what people read."""

    _name = "oiconnect.code"
    _inherit = "oiconnect.neighbours"
    _description = "Value of a list"
    _order = "sequence, name"
    _free_fields = EVERY_FIELD

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, size=60, help="As written in the files")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "This code exists already.")


class PboType(models.Model):
    """Type of a branching point (TypePBO of the files)."""

    _name = "oiconnect.pbo.type"
    _inherit = "oiconnect.code"
    _description = "PBO type"
    _used_by_fields = ("pbo_ids", "building_ids")

    pbo_ids = fields.One2many("oiconnect.pbo", "type_id", "PBOs")
    building_ids = fields.One2many("oiconnect.building", "pbo_type_id", "Buildings")


class PboConnectionType(models.Model):
    """Path from the branching point to the PTO (TypeRaccoPBPTO of the files)."""

    _name = "oiconnect.pbo.connection.type"
    _inherit = "oiconnect.code"
    _description = "PBO to PTO path type"
    _used_by_fields = ("pbo_ids", "building_ids")

    pbo_ids = fields.One2many("oiconnect.pbo", "connection_type_id", "PBOs")
    building_ids = fields.One2many(
        "oiconnect.building", "connection_type_id", "Buildings"
    )


class FibreColour(models.Model):
    """Colour of a tube, a fibre or a connector, by its number."""

    _name = "oiconnect.fibre.colour"
    _description = "Fibre colour"
    _order = "number"
    _free_fields = EVERY_FIELD

    number = fields.Integer(required=True)
    code = fields.Char(required=True, size=30, help="As written in the files")
    name = fields.Char(required=True, translate=True)
    hex = fields.Char("Screen colour", required=True, size=7, default="#000000")

    _number_uniq = models.Constraint("UNIQUE (number)", "This number has a colour.")
    _code_uniq = models.Constraint("UNIQUE (code)", "This colour has a number.")
    _number_range = models.Constraint(
        "CHECK (number BETWEEN 1 AND 24)", "The number is between 1 and 24."
    )
    _hex_form = models.Constraint(
        "CHECK (hex ~ '^#[0-9a-fA-F]{6}$')",
        "The screen colour is # and 6 hexadecimal digits.",
    )

    @api.model
    @api.private
    def _code_by_number(self):
        """Return ``{number: code}``."""
        return {colour.number: colour.code for colour in self.sudo().search([])}
