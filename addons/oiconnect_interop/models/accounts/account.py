from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS

from odoo.addons.oiconnect_base.outgoing import way_out

from ...transport import PORTS, Account, TransportError, fingerprint, open_file_transfer
from ...transport.http_client import CallError, check_peer

#: longest session with a server: it is cut then, however slowly it goes on
SESSION_SECONDS = 3600
SECRETS = ("password", "private_key")
KINDS = [("sftp", "SFTP"), ("ftps", "FTPS"), ("ftp", "FTP")]
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
    """An account on a server of files: where it is, how one gets in, how it does.

    Each secret goes to the server it was typed for, and no other.
    """

    _name = "oiconnect.account.mixin"
    _description = "Account on a server of files"
    _inherit = [
        "oiconnect.network.mixin",
        "oiconnect.secret.mixin",
        "oiconnect.retry.mixin",
    ]
    _free_fields = (
        *TARGET,
        "network_id",
        "name",
        "poll_seconds",
        "still_seconds",
        "timeout_seconds",
        "active",
    )
    _secret_names = SECRETS
    _target_fields = TARGET
    _secret_fields = tuple(f"{name}_token" for name in SECRETS)
    _event_fields = _secret_fields

    name = fields.Char(required=True)
    kind = fields.Selection(
        KINDS,
        default="sftp",
        required=True,
        tracking=True,
        help="FTPS is FTP protected by TLS; plain FTP protects nothing",
    )
    host = fields.Char("Server", required=True, tracking=True)
    port = fields.Integer(
        compute="_compute_port",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    login = fields.Char("Log-in", required=True, tracking=True)
    host_key = fields.Char(
        "Server's key",
        tracking=True,
        help="Type and key as in a known_hosts file, e.g. “ssh-ed25519 AAAA…”",
    )
    host_fingerprint = fields.Char("Fingerprint", compute="_compute_host_fingerprint")
    certificate = fields.Char(
        "Certificate's fingerprint",
        tracking=True,
        help="SHA-256 of the server's certificate, e.g. “AB:CD:…”",
    )
    trust_authorities = fields.Boolean(
        "Trust the authorities",
        tracking=True,
        help="Without a fingerprint: accept a certificate that a known authority gave "
        "to this server",
    )

    # Write only: what is typed is encrypted, and never read back.
    password = fields.Char(compute="_compute_secret", inverse="_inverse_password")
    private_key = fields.Text(compute="_compute_secret", inverse="_inverse_private_key")
    password_token = fields.Char(groups=NO_ACCESS, copy=False)
    private_key_token = fields.Char(groups=NO_ACCESS, copy=False)

    poll_seconds = fields.Integer("Look every (seconds)", default=60, required=True)
    still_seconds = fields.Integer(
        "Still for (seconds)",
        default=30,
        required=True,
        help="A file is taken once its size and its date have not changed for so long: "
        "longer than any pause of an upload",
    )
    timeout_seconds = fields.Integer("Time-out (seconds)", default=20, required=True)
    responsible_id = fields.Many2one(
        help="Who is told when a file cannot be taken or sent"
    )
    active = fields.Boolean(default=True)

    has_secret = fields.Boolean("Secret kept", compute="_compute_has_secret")
    loses_secret = fields.Boolean(compute="_compute_loses_secret")

    _port_range = models.Constraint(
        "CHECK (port BETWEEN 1 AND 65535)", "A port is between 1 and 65535."
    )
    _delays_positive = models.Constraint(
        "CHECK (poll_seconds >= 1 AND timeout_seconds >= 1)",
        "Delays are at least one second.",
    )
    _still_not_negative = models.Constraint(
        "CHECK (still_seconds >= 0)", "A file stands still for no negative time."
    )

    @api.depends("kind")
    def _compute_port(self):
        """Follow the kind, unless the server has a port of its own."""
        for account in self:
            if account.kind and account.port in (0, *PORTS.values()):
                account.port = PORTS[account.kind]

    @api.depends("host_key")
    def _compute_host_fingerprint(self):
        for account in self:
            key = account.host_key
            try:
                account.host_fingerprint = key and fingerprint(key)
            except (ValueError, IndexError):
                account.host_fingerprint = self.env._("This is not a key")

    # ------------------------------------------------------------------
    # Session
    # ------------------------------------------------------------------

    @contextmanager
    def _open(self):
        """Open a session with the account, to be used by ``with``."""
        self.ensure_one()
        purpose = f"files by {self.kind}"
        with (
            way_out(purpose, SESSION_SECONDS, _check_peer),
            self._session() as transfer,
        ):
            yield transfer

    def _session(self):
        """Return a session with the account that is not open yet."""
        try:
            secrets = self._secrets()
        except UserError as error:
            raise TransportError("no_secret", detail=str(error)) from error
        account = Account(
            self.host,
            self.port,
            self.login,
            **secrets,
            host_key=self.host_key or "",
            certificate=self.certificate or "",
            trust_authorities=self.trust_authorities,
            timeout=self.timeout_seconds,
        )
        return open_file_transfer(self.kind, account)

    def action_test(self):
        """Try the connection and say what happens."""
        self.check_access("write")
        try:
            with self._open() as transfer:
                for folder in self._folders():
                    transfer.make_folder(folder)
        except TransportError as error:
            return self._notify("danger", error.translated(self.env))
        self.sudo()._note_success()
        return self._notify("success", self.env._("The connection works."))

    def _folders(self):
        """Return the folders that the account must have."""
        raise NotImplementedError

    # ------------------------------------------------------------------
    # Secrets
    # ------------------------------------------------------------------

    @api.depends(*_secret_fields)
    def _compute_has_secret(self):
        for account in self:
            account.has_secret = account._has_secret()

    @api.depends(*TARGET, *SECRETS)
    def _compute_loses_secret(self):
        """Tell the form, before it is saved, that a secret is to be typed again."""
        for account in self:
            account.loses_secret = account._loses_secret()

    def _inverse_password(self):
        self._keep_secret("password")

    def _inverse_private_key(self):
        self._keep_secret("private_key")

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


def _check_peer(host):
    """Refuse addresses that no partner has."""
    try:
        check_peer(host)
    except CallError as error:
        raise PermissionError(str(error)) from error
