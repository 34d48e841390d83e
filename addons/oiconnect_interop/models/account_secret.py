from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import secret
from .account import SECRETS

#: what makes a server the one that a secret was typed for
TARGET = (
    "kind",
    "host",
    "port",
    "login",
    "host_key",
    "certificate",
    "trust_authorities",
)


class AccountMixin(models.AbstractModel):
    """Secrets of an account: each goes to the server it was typed for, and no other."""

    _inherit = "oiconnect.account.mixin"

    #: columns that the key of this server encrypts (see secret_rotation)
    _secret_fields = tuple(f"{name}_token" for name in SECRETS)
    _event_fields = _secret_fields

    has_secret = fields.Boolean("Secret kept", compute="_compute_has_secret")
    loses_secret = fields.Boolean(compute="_compute_loses_secret")

    @api.depends(*_secret_fields)
    def _compute_has_secret(self):
        for account in self:
            account.has_secret = any(account.sudo()[f] for f in self._secret_fields)

    @api.depends(*TARGET, *SECRETS)
    def _compute_loses_secret(self):
        """Tell the form, before it is saved, that a secret is to be typed again."""
        for account in self:
            saved = account._origin.sudo()
            account.loses_secret = saved._target() != account._target() and any(
                saved[f"{name}_token"] and not account[name] for name in SECRETS
            )

    def write(self, vals):
        targets = {account: account._target() for account in self}
        result = super().write(vals)
        typed = [name for name in SECRETS if vals.get(name)]
        if typed:
            self._note_in_chatter(self.env._("A new secret was typed."))
        moved = self.filtered(lambda account: account._target() != targets[account])
        moved._clear_secrets(
            [name for name in SECRETS if name not in typed],
            self.env._(
                "The server or the log-in changed: the secret that was kept for them "
                "is cleared."
            ),
        )
        return result

    def action_clear_secrets(self):
        """Forget the password and the private key."""
        self.check_access("write")
        self._clear_secrets(SECRETS, self.env._("The secret was cleared."))

    # ------------------------------------------------------------------

    def _target(self):
        self.ensure_one()
        return [self[name] or False for name in TARGET]

    def _clear_secrets(self, names, note):
        columns = [f"{name}_token" for name in names]
        keepers = self.sudo().filtered(lambda account: any(account[c] for c in columns))
        if keepers:
            keepers.write(dict.fromkeys(columns, False))
            keepers._note_in_chatter(note)

    def _note_in_chatter(self, text):
        for account in self:
            account._message_log(body=text, author_id=self.env.user.partner_id.id)

    def _inverse_password(self):
        self._keep_secret("password")

    def _inverse_private_key(self):
        self._keep_secret("private_key")

    def _keep_secret(self, name):
        for account in self:
            if account[name]:
                token = secret.encrypt(self.env, account[name])
                account.sudo()[f"{name}_token"] = token
        # What was typed must not be read back, not even by its author.
        self.invalidate_recordset([name])

    def _secret(self, name):
        token = self.sudo()[f"{name}_token"]
        return secret.decrypt(self.env, token) if token else None

    def _secrets(self):
        """Return what opens the account.

        :raises UserError: nothing that this server can read
        """
        secrets = {name: self._secret(name) for name in SECRETS}
        if not any(secrets.values()):
            raise UserError(
                self.env._("type the password or the private key in the connection.")
            )
        return secrets
