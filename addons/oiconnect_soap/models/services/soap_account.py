from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.orm.models import NO_ACCESS
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.deleted_records import display_name_of_deleted
from odoo.addons.oiconnect_interop.models.accounts.addresses import check_networks

_lt = LazyTranslate(__name__)
# How we call an operator: what makes its server the one that our password was typed for
TARGET = ("url", "remote_login")
#: passlib hashes no longer text, and no user types one
PASSWORD_LENGTH = 256
#: answers of an operator's server after which nothing is sent until a person has acted
STOPPED_CODES = [
    ("12", "Wrong log-in or password"),
    ("15", "Access not authorised"),
    ("16", "Access disabled"),
]


class SoapAccount(models.Model):
    """Connection by which an operator and we call each other's web services.

    It calls us with ``login`` and a password of which we keep the hash; we call it at
    ``url`` with ``remote_login`` and a password of ours there.
    """

    _name = "oiconnect.soap.account"
    _description = "Web service connection"
    _created_text = _lt("Web service connection created")
    _inherit = [
        "oiconnect.network.mixin",
        "oiconnect.secret.mixin",
        "oiconnect.retry.mixin",
        "oiconnect.lock.mixin",
    ]
    _order = "operator_id, id"
    _rec_name = "operator_id"
    _rec_names_search = ["operator_id", "login", "url"]
    _free_fields = (
        "network_id",
        "operator_id",
        "login",
        "allowed_addresses",
        "is_served",
        "url",
        "remote_login",
        "timeout_seconds",
        "is_notified",
        "value_namespace",
        "active",
    )
    _secret_names = ("remote_password",)
    _target_fields = TARGET
    _secret_fields = ("remote_password_token",)
    _event_fields = (*_secret_fields, "password_hash")
    # Addresses are locked first: it takes many of them to close a log-in to strangers.
    _lock_factor = 10

    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    active = fields.Boolean(default=True)
    responsible_id = fields.Many2one(
        default=lambda self: self.env.user,
        help="Who is told when the operator cannot get in, or cannot be called",
    )

    # The operator calls us
    login = fields.Char("Log-in here", size=64)
    # Write only: only the hash of what is typed is stored.
    password = fields.Char(
        "Password here", compute="_compute_password", inverse="_inverse_password"
    )
    password_hash = fields.Char(groups=NO_ACCESS, copy=False)
    has_password = fields.Boolean("Password set", compute="_compute_has_password")
    is_served = fields.Boolean(
        "May call us",
        default=True,
        help="Without it, the operator hears that its access is disabled (code 16)",
    )
    allowed_addresses = fields.Text(
        help="Addresses and networks (203.0.113.0/24) from which it is let in, one a "
        "line; empty: from everywhere",
    )
    address_ids = fields.One2many(
        "oiconnect.soap.address", "account_id", "Addresses", readonly=True
    )
    refused_count = fields.Integer("Wrong passwords of unknown addresses")

    # We call the operator
    url = fields.Char("Address there", help="https://…, of the operator's service")
    remote_login = fields.Char("Log-in there", size=64)
    remote_password = fields.Char(
        "Password there", compute="_compute_secret", inverse="_inverse_remote_password"
    )
    remote_password_token = fields.Char(groups=NO_ACCESS, copy=False)
    has_secret = fields.Boolean("Secret kept", compute="_compute_has_secret")
    loses_secret = fields.Boolean(compute="_compute_loses_secret")
    timeout_seconds = fields.Integer("Time-out (seconds)", default=20, required=True)
    is_notified = fields.Boolean(
        "Is notified",
        help="What becomes of its tickets is told to the operator at once",
    )
    stopped_code = fields.Selection(
        STOPPED_CODES,
        "Stopped by",
        readonly=True,
        copy=False,
        help="The operator's server refused us: nothing is sent until the connection "
        "is fixed and tested",
    )
    value_namespace = fields.Char(
        "Namespace of the block",
        help="Of the block FTTHMUTTroubleTicket in what we send, for a partner of an "
        "older version; empty for that of SAV 3.0",
    )

    # One account serves one operator of one network: a call of ours has one address.
    _account_uniq = models.UniqueIndex(
        "(network_id, operator_id) WHERE active",
        "This operator already has a web service connection: change it, or archive it "
        "first.",
    )
    # A call is authenticated: login = x, active
    _login_uniq = models.UniqueIndex(
        "(login) WHERE active AND login IS NOT NULL",
        "Another connection has this log-in.",
    )
    _timeout_range = models.Constraint(
        "CHECK (timeout_seconds BETWEEN 1 AND 120)",
        "A time-out is between 1 and 120 seconds.",
    )

    @api.constrains("url")
    def _check_url(self):
        for account in self.filtered("url"):
            try:
                parts = urlsplit(account.url)
                is_good = parts.scheme in ("http", "https") and parts.hostname
                is_good = is_good and not parts.username and parts.port != 0
            except ValueError:
                is_good = False
            if not is_good:
                # Not repeated: it may hold a password, and errors are logged.
                raise ValidationError(
                    self.env._(
                        "An address begins with https:// and has no log-in: check it."
                    )
                )

    @api.constrains("allowed_addresses")
    def _check_allowed_addresses(self):
        for account in self:
            check_networks(self.env, account.allowed_addresses)

    @api.constrains("is_notified", "url")
    def _check_is_notified(self):
        for account in self:
            if account.is_notified and not account.url:
                raise ValidationError(
                    self.env._("Enter the address at which the operator is notified.")
                )

    @api.depends("operator_id", "network_id")
    @display_name_of_deleted
    def _compute_display_name(self):
        for account in self:
            names = (account.operator_id.display_name, account.network_id.display_name)
            account.display_name = " – ".join(filter(None, names))

    @api.depends("password_hash")
    def _compute_has_password(self):
        for account in self:
            account.has_password = bool(account.sudo().password_hash)

    @api.depends(*_secret_fields)
    def _compute_has_secret(self):
        for account in self:
            account.has_secret = account._has_secret()

    @api.depends(*TARGET, *_secret_names)
    def _compute_loses_secret(self):
        """Tell the form, before it is saved, that a secret is to be typed again."""
        for account in self:
            account.loses_secret = account._loses_secret()

    def _compute_password(self):
        self.password = False

    def _inverse_password(self):
        context = self.env["res.users"]._crypt_context()
        for account in self.filtered("password"):
            if len(account.password) > PASSWORD_LENGTH:
                raise ValidationError(
                    self.env._("A password has %s characters at most.", PASSWORD_LENGTH)
                )
            account.sudo().write(
                {
                    "password_hash": context.hash(account.password),
                    "refused_count": 0,
                    "locked_until": False,
                }
            )
        # What was typed must not be read back, not even by its author.
        self.invalidate_recordset(["password"])

    def _inverse_remote_password(self):
        self._keep_secret("remote_password")

    def write(self, vals):
        result = super().write(vals)
        if vals.get("password"):
            self._note_in_chatter(
                self.env._("A new password was set for the operator.")
            )
        if vals.keys() & {*TARGET, *self._secret_names}:
            self._resume_calls()
        return result

    def _resume_calls(self):
        """A person has acted: what stopped our calls to the operator counts no more."""
        stopped = self.sudo().filtered(
            lambda one: one.stopped_code or one.next_try_date
        )
        if stopped:
            stopped.write(
                {
                    "stopped_code": False,
                    "failure_count": 0,
                    "last_error": False,
                    "next_try_date": False,
                }
            )

    def _is_of_partner(self):
        """Tell whether operator and network are in use: an account serves both."""
        return self.active and self.operator_id.active and self.network_id.active

    def _staff_language(self):
        """Language of the person in charge, else the operator's."""
        return self.responsible_id.lang or self.operator_id.lang

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_view_calls(self):
        """Open the calls of the connection, both ways."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_soap.soap_call_action"
        )
        return action | {"domain": [("account_id", "=", self.id)], "context": {}}
