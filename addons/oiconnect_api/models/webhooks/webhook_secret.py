from odoo import fields, models
from odoo.orm.models import NO_ACCESS

from odoo.addons.oiconnect_interop import secret

from ...webhook import new_secret

SECRETS = ("secret_token", "former_secret_token")


class Webhook(models.Model):
    """Secrets of a webhook: who has one of them knows that an event is ours.

    Each is made here, shown once, and stored encrypted. A new one does not end the
    former one: events are signed by both until the receiver has changed.
    """

    _inherit = "oiconnect.webhook"
    _secret_fields = SECRETS

    secret_token = fields.Char(groups=NO_ACCESS, copy=False)
    former_secret_token = fields.Char(groups=NO_ACCESS, copy=False)
    secret_number = fields.Integer(
        "Number of the secret", readonly=True, copy=False, help="Its id ends with it"
    )
    has_secret = fields.Boolean("Secret made", compute="_compute_has_secret")
    has_former_secret = fields.Boolean(
        "Former secret still valid", compute="_compute_has_secret"
    )

    def _compute_has_secret(self):
        for webhook in self:
            sudo_webhook = webhook.sudo()
            webhook.has_secret = bool(sudo_webhook.secret_token)
            webhook.has_former_secret = bool(sudo_webhook.former_secret_token)

    def _keys(self):
        """Return ``[(id of the secret, secret)]``: what is valid, newest first.

        :raises UserError: no key of this server reads them
        """
        sudo_webhook = self.sudo()
        return [
            (f"{self.id}-{self.secret_number - age}", secret.decrypt(self.env, token))
            for age, token in enumerate(
                (sudo_webhook.secret_token, sudo_webhook.former_secret_token)
            )
            if token
        ]

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_new_secret(self):
        """Make a secret, and show it once; the one before it stays valid meanwhile."""
        self.ensure_one()
        self.check_access("write")
        made, sudo_webhook = new_secret(), self.sudo()
        sudo_webhook.write(
            {
                "former_secret_token": sudo_webhook.secret_token,
                "secret_token": secret.encrypt(self.env, made),
                "secret_number": sudo_webhook.secret_number + 1,
            }
        )
        self._note_in_chatter(self.env._("A new secret was made."))
        sudo_webhook._try_now()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Secret of the webhook"),
            "res_model": "oiconnect.webhook.secret",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_key_name": f"{self.id}-{sudo_webhook.secret_number}",
                "default_secret": made,
            },
        }

    def action_end_former_secret(self):
        """Sign by the newest secret only."""
        self.check_access("write")
        self.sudo().former_secret_token = False
        self._note_in_chatter(self.env._("The former secret is not valid any more."))

    def _note_in_chatter(self, text):
        for webhook in self:
            webhook._message_log(body=text, author_id=self.env.user.partner_id.id)
