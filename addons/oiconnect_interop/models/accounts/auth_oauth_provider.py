from odoo import fields, models


class AuthOauthProvider(models.Model):
    """The secret that an identity provider knows us by, encrypted as all others."""

    _name = "auth.oauth.provider"
    _inherit = ["auth.oauth.provider", "oiconnect.secret.mixin"]
    _secret_names = ("client_secret",)
    _secret_fields = ("client_secret_token",)
    _event_fields = _secret_fields
    _target_fields = ("token_endpoint", "client_id")

    client_secret = fields.Char(
        compute="_compute_secret", inverse="_inverse_client_secret", store=False
    )
    client_secret_token = fields.Char(copy=False, groups=fields.NO_ACCESS)

    def _has_moved(self, before):
        """Until the provider's settings are read, its secret has gone nowhere."""
        token_endpoint, _client_id = before
        return bool(token_endpoint) and super()._has_moved(before)

    def _inverse_client_secret(self):
        self._keep_secret("client_secret")

    def _client_secret(self):
        return self._secret("client_secret")
