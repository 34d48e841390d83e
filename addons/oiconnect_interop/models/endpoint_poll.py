import io

from odoo import models

from ..transport import TransportError


class Endpoint(models.Model):
    """Reading: each file that an operator drops becomes an exchange."""

    _inherit = "oiconnect.endpoint"

    def _store(self, box, claim, earlier=None):
        exchanges = self.env["oiconnect.exchange"]
        content = io.BytesIO()
        try:
            found = box.fetch(claim.here, content, exchanges._size_limit())
        except TransportError as error:
            if error.reason != "too_big":
                raise
            self._refuse_unread(box, claim, earlier, error)
            return
        taken = (self, claim.name, content.getvalue(), claim.token, found.stat)
        if earlier:
            earlier._take_in_again(*taken)
        else:
            exchanges._take_in(*taken)

    def _refuse_unread(self, box, claim, earlier, error):
        if earlier:
            earlier._hand_over()
        exchanges = self.env["oiconnect.exchange"]
        exchange = exchanges._take_unread(self, claim.name, claim.token)
        exchange.claim_stat = box.entry(claim.here).stat
        exchange._refuse(error.told(exchange.env))

    def _stored(self, tokens):
        return self.env["oiconnect.exchange"].search([("claim_token", "in", tokens)])

    def _stored_since(self, start):
        domain = [
            ("endpoint_id", "=", self.id),
            ("direction", "=", "in"),
            ("create_date", ">=", start),
        ]
        exchanges = self.env["oiconnect.exchange"]
        [found] = exchanges._read_group(domain, aggregates=["__count", "size:sum"])
        return found[0], found[1] or 0

    def _file_limit(self):
        return self.env["oiconnect.exchange"]._size_limit()
