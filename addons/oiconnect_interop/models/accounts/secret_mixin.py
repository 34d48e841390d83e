from odoo import api, models

from ... import secret


class SecretMixin(models.AbstractModel):
    """Secrets that people type and that are never read back, each for one target.

    A model names its secrets in ``_secret_names``. Each is a computed field, written by
    ``_inverse_<name>``, and a column ``<name>_token`` that this server encrypts. What
    ``_target_fields`` say is where the secrets go: they are cleared when it changes.
    """

    _name = "oiconnect.secret.mixin"
    _description = "Secrets of a partner"
    _inherit = "oiconnect.chatter"

    _secret_names = ()
    #: columns that the key of this server encrypts (see secret_rotation)
    _secret_fields = ()
    _target_fields = ()

    def write(self, vals):
        targets = {record: record._target() for record in self}
        result = super().write(vals)
        typed = [name for name in self._secret_names if vals.get(name)]
        if typed:
            self._note_in_chatter(self.env._("A new secret was typed."))
        moved = self.filtered(lambda record: record._has_moved(targets[record]))
        moved._clear_secrets(
            [name for name in self._secret_names if name not in typed],
            self.env._(
                "The server or the log-in changed: the secret that was kept for them "
                "is cleared."
            ),
        )
        return result

    def action_clear_secrets(self):
        """Forget all secrets."""
        self.check_access("write")
        self._clear_secrets(self._secret_names, self.env._("The secret was cleared."))

    # ------------------------------------------------------------------

    def _target(self):
        self.ensure_one()
        return [self[name] or False for name in self._target_fields]

    def _has_moved(self, before):
        """Tell whether the secrets would go elsewhere than where they were typed for.

        :param before: what ``_target`` was when they were
        """
        return self._target() != before

    def _has_secret(self):
        return any(self.sudo()[name] for name in self._secret_fields)

    def _loses_secret(self):
        """Tell, before the record is saved, that a secret is to be typed again."""
        saved = self._origin.sudo()
        return saved._target() != self._target() and any(
            saved[f"{name}_token"] and not self[name] for name in self._secret_names
        )

    @api.model
    def _columns_of(self, names):
        return [f"{name}_token" for name in names]

    def _clear_secrets(self, names, note):
        columns = self._columns_of(names)
        keepers = self.sudo().filtered(lambda record: any(record[c] for c in columns))
        if keepers:
            keepers.write(dict.fromkeys(columns, False))
            keepers._note_in_chatter(note)

    def _note_in_chatter(self, text):
        for record in self:
            record._message_log(body=text, author_id=self.env.user.partner_id.id)

    def _compute_secret(self):
        for record in self:
            for name in self._secret_names:
                record[name] = False

    def _keep_secret(self, name):
        for record in self:
            if record[name]:
                token = secret.encrypt(self.env, record[name])
                record.sudo()[f"{name}_token"] = token
        # What was typed must not be read back, not even by its author.
        self.invalidate_recordset([name])

    def _secret(self, name):
        """Return the secret in clear, None where there is none.

        :raises UserError: no key of this server reads it
        """
        token = self.sudo()[f"{name}_token"]
        return secret.decrypt(self.env, token) if token else None
