from urllib.parse import quote_plus, urlencode, urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ... import openid

_ENDPOINTS = ("issuer", "auth_endpoint", "token_endpoint", "jwks_uri")
_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
CODE_FLOW = "id_token_code"


class AuthOauthProvider(models.Model):
    """Identity provider of our people: OpenID Connect by the code flow alone."""

    _inherit = "auth.oauth.provider"
    _free_fields = ("auth_endpoint", "flow", "issuer", "second_factor")

    flow = fields.Selection(default=CODE_FLOW)
    auth_endpoint = fields.Char(required=False)
    issuer = fields.Char(
        help="The provider's address, as its tokens name it. The provider tells the "
        "other addresses: Read its settings."
    )
    second_factor = fields.Selection(
        [
            ("ours", "Asked here"),
            ("amr", "Asked here, unless the token tells one"),
            ("provider", "The provider's"),
        ],
        default="ours",
        required=True,
        help="For people whose groups require two factors. The claim amr tells how the "
        "provider knew the person.",
    )
    claim_group_ids = fields.One2many("oiconnect.claim.group", "provider_id")

    @api.constrains("enabled", "flow", *_ENDPOINTS, "client_id")
    def _check_openid(self):
        for provider in self.filtered("enabled"):
            if provider.flow != CODE_FLOW:
                raise ValidationError(
                    self.env._(
                        "%s cannot be allowed: people log in by OpenID Connect with "
                        "the authorization code flow only.",
                        provider.name,
                    )
                )
            provider._check_complete()

    def _check_complete(self):
        if not (self.client_id and all(self[name] for name in _ENDPOINTS)):
            raise ValidationError(
                self.env._(
                    "Fill in the client ID and the issuer of %s, then read its "
                    "settings.",
                    self.name,
                )
            )
        for name in _ENDPOINTS:
            self._check_address(self[name])

    def _check_address(self, address):
        parts = urlsplit(address)
        is_safe = parts.scheme == "https" or parts.hostname in _OWN_MACHINE
        if not is_safe or parts.scheme not in ("http", "https"):
            raise ValidationError(
                self.env._("%s must begin with https://", address or "?")
            )

    @api.model
    def _forbid_other_flows(self):
        """Close the log-in by other companies that Odoo opens as it is installed."""
        others = self.search([("enabled", "=", True), ("flow", "!=", CODE_FLOW)])
        others.enabled = False

    def action_read_settings(self):
        """Fill in the addresses that the provider tells (OpenID Connect Discovery)."""
        self.ensure_one()
        self.check_access("write")
        issuer = (self.issuer or "").strip()
        self._check_address(issuer)
        try:
            found = openid.call(
                "GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration"
            )
        except openid.Refused as error:
            raise UserError(
                self.env._("The provider does not answer: %s", error)
            ) from None
        if found.get("issuer") != issuer:
            raise UserError(
                self.env._(
                    "The provider calls itself %(name)s: enter that as issuer, if it "
                    "is the right one.",
                    name=found.get("issuer"),
                )
            )
        self.write(
            {
                "auth_endpoint": found.get("authorization_endpoint"),
                "token_endpoint": found.get("token_endpoint"),
                "jwks_uri": found.get("jwks_uri"),
                "validation_endpoint": found.get("userinfo_endpoint"),
            }
        )

    # ------------------------------------------------------------------

    def _log_in_address(self, state, begun, redirect_uri):
        """Return where the browser is sent to."""
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": self.scope or "openid",
            "state": state,
            "nonce": begun["nonce"],
            "code_challenge": openid.challenge(begun["verifier"]),
            "code_challenge_method": "S256",
        }
        mark = "&" if urlsplit(self.auth_endpoint).query else "?"
        return f"{self.auth_endpoint}{mark}{urlencode(query)}"

    def _claims(self, answer, begun, redirect_uri):
        """Return the claims of the person whom the provider has sent back.

        :param answer: what the browser brings: a code, or an error
        :raises openid.Refused: there is no token, or it is not to be trusted
        """
        if answer.get("error") or not answer.get("code"):
            raise openid.Refused(f"the provider says: {answer.get('error')}")
        if answer.get("iss", self.issuer) != self.issuer:
            raise openid.Refused("another provider has answered")
        tokens = self._tokens(answer["code"], begun["verifier"], redirect_uri)
        if not isinstance(tokens.get("id_token"), str):
            raise openid.Refused("the provider gave no identity token")
        return openid.verified_claims(
            tokens["id_token"],
            tokens.get("access_token"),
            self._get_keys(None),
            issuer=self.issuer,
            client_id=self.client_id,
            nonce=begun["nonce"],
        )

    def _tokens(self, code, verifier, redirect_uri):
        secret = self._client_secret()
        data = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
        }
        # RFC 6749, 2.3.1: both are encoded as in a form.
        auth = (quote_plus(self.client_id), quote_plus(secret)) if secret else None
        return openid.call("POST", self.token_endpoint, data=data, auth=auth)

    def _client_secret(self):
        return self.client_secret

    def _get_keys(self, kid):
        """Return the provider's keys: read at each log-in, as they change."""
        keys = openid.call("GET", self.jwks_uri).get("keys")
        known = [key for key in keys or [] if isinstance(key, dict)]
        return [key for key in known if kid is None or key.get("kid") == kid]

    def _groups_of(self, claims):
        """Return the groups that the claims give.

        A group that came to imply the rights of the settings gives nothing: these are
        named, or not given.
        """
        given = self.claim_group_ids.filtered(lambda line: line._is_in(claims)).group_id
        system = self.env.ref("base.group_system")
        if system in given:
            return given
        return given.filtered(lambda group: system not in group.all_implied_ids)

    def _had_two_factors(self, claims):
        """Tell whether no second factor is required here."""
        if self.second_factor == "amr":
            methods = claims.get("amr")
            found = methods if isinstance(methods, list) else [methods]
            return not openid.SECOND_FACTORS.isdisjoint(map(str, found))
        return self.second_factor == "provider"
