from odoo import api, models


class Exchange(models.Model):
    """A file that arrived and cannot be read."""

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
