from odoo import fields, models


class PboConnectionType(models.Model):
    """Path from the branching point to the socket (TypeRaccoPBPTO of the files)."""

    _name = "oiconnect.pbo.connection.type"
    _description = "PBO to PTO path type"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, size=60, help="As written in the files")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "This code exists already.")
