from odoo import models

from ..transport import TransportError


class Endpoint(models.Model):
    """Reading: each file that an operator drops becomes an exchange."""

    _inherit = "oiconnect.endpoint"

    def _store(self, box, path, token, name):
        exchanges = self.env["oiconnect.exchange"]
        try:
            content = box.read(path, exchanges._size_limit())
        except TransportError as error:
            if error.reason != "too_big":
                raise
            self._refuse_unread(name, token, error)
        else:
            exchanges._take_in(self, name, content, token)

    def _refuse_unread(self, name, token, error):
        exchange = self.env["oiconnect.exchange"]._take_in(self, name, b"", token)
        exchange._refuse(error.told(exchange.env))

    def _stored(self, tokens):
        return self.env["oiconnect.exchange"].search([("claim_token", "in", tokens)])
