from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS

from ... import secret
from ...transport import PORTS, Account, TransportError, fingerprint, open_file_transfer

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
BACK_OFF_FIRST = 30
BACK_OFF_LAST = 3600
TASK = "mail.mail_activity_data_warning"
MOST_TASKS = 20


class AccountMixin(models.AbstractModel):
    """An account on a server of files: where it is, how one gets in, how it does.

    Each secret goes to the server it was typed for, and no other.
    """

    _name = "oiconnect.account.mixin"
    _description = "Account on a server of files"
    _inherit = ["oiconnect.network.mixin", "oiconnect.chatter", "mail.activity.mixin"]
    _free_fields = (
        *TARGET,
        "network_id",
        "name",
        "poll_seconds",
        "still_seconds",
        "timeout_seconds",
        "responsible_id",
        "active",
    )
    #: columns that the key of this server encrypts (see secret_rotation)
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

    # Write only: what is typed is encrypted, and nobody reads it again.
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
        "res.users", help="Who is told when a file cannot be taken or sent"
    )
    active = fields.Boolean(default=True)

    has_secret = fields.Boolean("Secret kept", compute="_compute_has_secret")
    loses_secret = fields.Boolean(compute="_compute_loses_secret")

    last_error = fields.Char(readonly=True)
    failure_count = fields.Integer("Failures in a row", readonly=True)
    next_try_date = fields.Datetime("Next try", readonly=True)

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

    def _compute_secret(self):
        for account in self:
            account.password = account.private_key = False

    # ------------------------------------------------------------------
    # Session
    # ------------------------------------------------------------------

    def _open(self):
        """Return a session with the account, to be used by ``with``."""
        self.ensure_one()
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

    def _notify(self, kind, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": message, "sticky": kind == "danger"},
        }

    # ------------------------------------------------------------------
    # Secrets
    # ------------------------------------------------------------------

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

    # ------------------------------------------------------------------
    # State
    # ------------------------------------------------------------------

    @contextmanager
    def _own_transaction(self):
        """Give the account in a transaction that is committed on success.

        It sees what is true now, and is over before a server is waited for.
        """
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr)).sudo()

    def _lock(self, purpose):
        """Take this account for ``purpose`` until the transaction ends.

        :return: False when another worker has it
        """
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
            (f"{self._name}.{purpose}", self.id),
        )
        return self.env.cr.fetchone()[0]

    def _staff_language(self):
        """Language of the person in charge."""
        return self.responsible_id.lang or self.company_id.partner_id.lang

    def _note_success(self):
        if self.failure_count or self.last_error:
            self.write(
                {"failure_count": 0, "last_error": False, "next_try_date": False}
            )

    def _note_failure(self, message):
        """Wait longer after each failure in a row."""
        count = self.failure_count + 1
        self.write(
            {
                "failure_count": count,
                "last_error": message,
                "next_try_date": self._next_try(count),
            }
        )
        if count == 1:
            self._warn(message)

    def _next_try(self, count):
        """Return when to try again after ``count`` failures: within an hour."""
        delay = min(BACK_OFF_FIRST * 2 ** min(count - 1, 10), BACK_OFF_LAST)
        return fields.Datetime.now() + timedelta(seconds=delay)

    def _may_try(self):
        return not self.next_try_date or self.next_try_date <= fields.Datetime.now()

    def _warn(self, message):
        # Whoever drops thousands of files that cannot be taken leaves a few tasks.
        if len(self.activity_ids) < MOST_TASKS:
            self._give_task(self, message)

    def _give_task(self, record, message, user=None):
        """Leave a task on ``record``, once while it is open.

        :param user: who is told when nobody is in charge of the account
        """
        summary = message[:250]
        person = self.responsible_id or user
        if person and summary not in record.activity_ids.mapped("summary"):
            record.activity_schedule(TASK, summary=summary, user_id=person.id)
