from odoo import api, fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


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
