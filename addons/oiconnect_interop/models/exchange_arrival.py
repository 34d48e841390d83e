from odoo import api, models


class Exchange(models.Model):
    """The arrival of a file: one that cannot be read, and when its answers are due."""

    _inherit = "oiconnect.exchange"

    @api.model
    def _take_unread(self, endpoint, name, token):
        """Return the exchange of a file that is too large to be read."""
        self = self.with_context(lang=endpoint.operator_id.lang)
        vals, file_name = self._arrival_vals(endpoint, name)
        known = self._known_file(vals)
        exchange = self.create(
            vals | {"claim_token": token, "duplicate_of_id": known.id}
        )
        if not known:
            exchange._note_rank(file_name)
        return exchange

    def _handle(self, handler, lines):
        """The delay of an answer runs from the arrival of the file that asks for it."""
        arrived = handler.with_context(oiconnect_arrived=self.create_date)
        return super()._handle(arrived, lines)
