from odoo import models


class Exchange(models.Model):
    """The delay of an answer runs from the arrival of the file that asks for it."""

    _inherit = "oiconnect.exchange"

    def _handle(self, handler, lines):
        arrived = handler.with_context(oiconnect_arrived=self.create_date)
        return super()._handle(arrived, lines)
