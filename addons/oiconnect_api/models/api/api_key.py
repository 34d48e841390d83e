import hashlib
import hmac
import secrets
from functools import lru_cache

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.orm.models import NO_ACCESS
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_interop import secret
from odoo.addons.oiconnect_interop.models.accounts.addresses import check_networks

from ...rest.resources import resources as declared_resources

_lt = LazyTranslate(__name__)
#: calls in a minute, by class
RATES = {"slow": 60, "normal": 600, "fast": 6000}
LEVELS = [("read", "Read"), ("write", "Read and write")]


@lru_cache(maxsize=4096)
def pepper(token):
    """Return the pepper of ``token`` in clear; None when no key of the server reads it.

    Cached by the process: to decrypt it costs as much as the rest of the check.
    """
    return secret.decrypt_bytes(token)


def digest(pepper_bytes, text):
    """Return the stored digest of a secret, made with its pepper."""
    return hmac.digest(pepper_bytes, text.encode(), hashlib.sha256).hex()


class ApiKey(models.Model):
    """Key of the REST API: of an operator, or of a user of ours.

    Its value is ``<key id>.<secret>``. Of the secret, HMAC-SHA-256 by a pepper of the
    key's own is stored, and the pepper as every secret is: encrypted by the key of this
    server, which may be rotated. A copy of the database alone opens nothing.
    """

    _name = "oiconnect.api.key"
    _description = "API key"
    _created_text = _lt("API key created")
    _inherit = ["oiconnect.chatter", "oiconnect.lock.mixin"]
    _order = "id desc"
    _rec_names_search = ["name", "public_id"]
    _free_fields = (
        "name",
        "expiry_date",
        "allowed_addresses",
        "rate_class",
        "network_ids",
    )
    _secret_fields = ("pepper_token",)
    _event_fields = (
        *_secret_fields,
        "secret_digest",
        "public_id",
        "operator_id",
        "user_id",
        "company_id",
        "revoked_date",
        "held_date",
        "last_used_date",
        "last_address",
    )

    name = fields.Char(required=True)
    public_id = fields.Char(
        "Key id", readonly=True, copy=False, help="First part of its value"
    )
    secret_digest = fields.Char(groups=NO_ACCESS, copy=False)
    pepper_token = fields.Char(groups=NO_ACCESS, copy=False)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    operator_id = fields.Many2one(
        "oiconnect.operator",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
        help="Sees its own orders and tickets, and what every operator is told",
    )
    user_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
        help="A key without operator has the rights of this user",
    )
    network_ids = fields.Many2many(
        "oiconnect.network",
        "oiconnect_api_key_network_rel",
        "api_key_id",
        "network_id",
        "Networks",
        domain="[('company_id', '=', company_id)]",
    )
    scope_ids = fields.One2many("oiconnect.api.scope", "api_key_id", "Scopes")
    allowed_addresses = fields.Text(
        help="Addresses or networks (192.0.2.0/24) from which it serves, one per line; "
        "empty for all"
    )
    rate_class = fields.Selection(
        [
            ("slow", "60 calls per minute"),
            ("normal", "600 calls per minute"),
            ("fast", "6000 calls per minute"),
        ],
        "Rate",
        default="normal",
        required=True,
    )
    expiry_date = fields.Datetime("Expires on", copy=False)
    revoked_date = fields.Datetime("Revoked on", readonly=True, copy=False)
    held_date = fields.Datetime(
        "On hold since",
        readonly=True,
        copy=False,
        help="A backup was restored: the key may have been revoked after it was made",
    )
    last_used_date = fields.Datetime("Last used on", readonly=True, copy=False)
    last_address = fields.Char("Last address", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("active", "In service"),
            ("held", "On hold"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
            ("unreadable", "Of another server"),
        ],
        compute="_compute_state",
    )

    # A call is authenticated: public_id = x
    _public_id_uniq = models.UniqueIndex("(public_id)", "This key id exists.")
    _owner = models.Constraint(
        "CHECK ((operator_id IS NULL) <> (user_id IS NULL))",
        "A key is that of an operator or that of a user.",
    )

    def init(self):
        """Make a revocation final by whatever road, and the table of the rate."""
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION oiconnect_api_key_final()
            RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'API key % is revoked for ever', OLD.id
                    USING ERRCODE = 'insufficient_privilege';
            END $$;
            DROP TRIGGER IF EXISTS final ON oiconnect_api_key;
            CREATE TRIGGER final BEFORE UPDATE ON oiconnect_api_key
                FOR EACH ROW WHEN (
                    OLD.revoked_date IS NOT NULL
                    AND (NEW.revoked_date IS DISTINCT FROM OLD.revoked_date
                         OR NEW.public_id IS DISTINCT FROM OLD.public_id
                         OR NEW.secret_digest <> OLD.secret_digest)
                ) EXECUTE FUNCTION oiconnect_api_key_final();
            -- Even for a session that puts ordinary triggers aside
            ALTER TABLE oiconnect_api_key ENABLE ALWAYS TRIGGER final;
            -- One row for each key, written at each call: read by its key only
            CREATE UNLOGGED TABLE IF NOT EXISTS oiconnect_api_rate (
                api_key_id integer PRIMARY KEY
                    REFERENCES oiconnect_api_key ON DELETE CASCADE,
                minute bigint NOT NULL,
                count integer NOT NULL
            ) WITH (fillfactor = 50);
            """
        )
        self.env["oiconnect.seal.part"]._keep_leaves()

    @api.depends("revoked_date", "held_date", "expiry_date", "pepper_token")
    def _compute_state(self):
        now = fields.Datetime.now()
        for key in self.sudo():
            if key.revoked_date:
                key.state = "revoked"
            elif not key.pepper_token or not pepper(key.pepper_token):
                key.state = "unreadable"
            elif key.held_date:
                key.state = "held"
            else:
                is_over = key.expiry_date and key.expiry_date <= now
                key.state = "expired" if is_over else "active"

    @api.constrains("allowed_addresses")
    def _check_allowed_addresses(self):
        for key in self:
            check_networks(self.env, key.allowed_addresses)

    @api.constrains("network_ids", "company_id")
    def _check_network_ids(self):
        for key in self:
            if not key.network_ids or key.network_ids.company_id != key.company_id:
                raise ValidationError(
                    self.env._("Choose the networks of the company that the key opens.")
                )

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _make(self, vals, resources=None, level="read", value=None):
        """Return ``(key, value)``; the value cannot be read afterwards.

        :param resources: paths of the resources that it opens, all by default
        :param level: what it may do with them
        :param value: that of a demo, which everybody knows
        """
        value = value or f"{secrets.token_hex(8)}.{secrets.token_urlsafe(32)}"
        public_id, _dot, text = value.partition(".")
        own_pepper = secrets.token_bytes(32)
        paths = [one.path for _model, one in declared_resources(self.env)]
        key = self.sudo().create(
            {
                **vals,
                "public_id": public_id,
                "pepper_token": secret.encrypt_bytes(self.env, own_pepper),
                "secret_digest": digest(own_pepper, text),
                "scope_ids": [
                    fields.Command.create({"resource": path, "level": level})
                    for path in paths
                    if resources is None or path in resources
                ],
            }
        )
        return key, value

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_revoke(self):
        """End the key for ever."""
        self.check_access("write")
        living = self.filtered(lambda key: not key.revoked_date)
        living.sudo().write({"revoked_date": fields.Datetime.now()})
        living._message_log_batch(
            {key.id: self.env._("The key was revoked.") for key in living}
        )

    def action_release(self):
        """Let keys of a restored backup serve again: a person has looked at them."""
        self.check_access("write")
        if self.filtered("revoked_date"):
            raise UserError(self.env._("A revoked key is never put back in service."))
        self.sudo().write({"held_date": False})
