from odoo import api, fields, models

from ...delays.link_kinds import AWAITED, KINDS


class Delay(models.Model):
    _inherit = "oiconnect.delay"

    kind = fields.Selection(
        selection_add=KINDS, ondelete=dict.fromkeys(dict(KINDS), "cascade")
    )

    @api.model
    @api.private
    def _usual_parties(self):
        return super()._usual_parties() | AWAITED
