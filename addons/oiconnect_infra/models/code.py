from odoo import fields, models

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
