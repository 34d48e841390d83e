from odoo import fields, models


class CableFibresRange(models.TransientModel):
    """Fibres of a cable that end at one PBO, by their ranks."""

    _name = "oiconnect.cable.fibres.range"
    _description = "Fibres of a PBO"
    _order = "first, id"

    wizard_id = fields.Many2one(
        "oiconnect.cable.fibres", required=True, ondelete="cascade"
    )
    first = fields.Integer("From fibre", required=True)
    last = fields.Integer("To fibre", required=True)
    pbo_id = fields.Many2one("oiconnect.pbo", "PBO", required=True)

    def _ranks(self):
        return range(self.first, self.last + 1)
