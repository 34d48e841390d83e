from odoo import fields, models


class PboType(models.Model):
    """Type of a branching point (TypePBO of the files)."""

    _name = "oiconnect.pbo.type"
    _description = "PBO type"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, size=60, help="As written in the files")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "This code exists already.")
