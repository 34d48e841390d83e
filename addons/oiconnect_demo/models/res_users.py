from odoo import models

# Contexts that come by RPC are JSON: no client can send this very object.
KNOWN_TO_ALL = object()
# Odoo's 600,000 take a quarter of a second for each password.
ROUNDS = 1000


class Users(models.Model):
    """Passwords of the demo stand in its documentation: no hash would keep them."""

    _inherit = "res.users"

    def _crypt_context(self):
        """Hash quickly what everybody knows; a user's first log-in hashes it anew."""
        context = super()._crypt_context()
        if self.env.context.get("oiconnect_passwords") is KNOWN_TO_ALL:
            context = context.copy()
            context.update(pbkdf2_sha512__rounds=ROUNDS)
        return context
