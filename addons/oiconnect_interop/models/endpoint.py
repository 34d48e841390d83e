from datetime import timedelta

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS

from .. import secret
from ..transport import SftpBox, TransportError
from ..transport.sftp import fingerprint

SECRETS = ("password", "private_key")
BACK_OFF_FIRST = 30
BACK_OFF_LAST = 3600


class Endpoint(models.Model):
    """Account where an operator drops its files and finds ours."""

    _name = "oiconnect.endpoint"
    _description = "Connection"
    _inherit = ["oiconnect.network.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "operator_id, name"

    name = fields.Char(required=True)
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection([("sftp", "SFTP")], default="sftp", required=True)
    host = fields.Char("Server", required=True, tracking=True)
    port = fields.Integer(default=22, required=True, tracking=True)
    login = fields.Char("Log-in", required=True, tracking=True)
    host_key = fields.Char(
        "Server's key",
        tracking=True,
        help="Type and key as in a known_hosts file, e.g. “ssh-ed25519 AAAA…”",
    )
    host_fingerprint = fields.Char("Fingerprint", compute="_compute_host_fingerprint")

    # Write only: what is typed is encrypted, and nobody reads it again.
    password = fields.Char(compute="_compute_secret", inverse="_inverse_password")
    private_key = fields.Text(compute="_compute_secret", inverse="_inverse_private_key")
    password_token = fields.Char(groups=NO_ACCESS, copy=False)
    private_key_token = fields.Char(groups=NO_ACCESS, copy=False)
    has_secret = fields.Boolean(compute="_compute_has_secret")

    in_folder = fields.Char("Their files", default="in", required=True)
    archive_folder = fields.Char("Files taken", default="in/archive", required=True)
    error_folder = fields.Char("Files refused", default="in/error", required=True)
    out_folder = fields.Char("Our files", default="out", required=True)
    publication_folder = fields.Char(
        "Our publications", default="publication", required=True
    )
    poll_seconds = fields.Integer("Look every (seconds)", default=60, required=True)
    timeout_seconds = fields.Integer("Time-out (seconds)", default=20, required=True)
    responsible_id = fields.Many2one(
        "res.users", help="Who is told when a file cannot be taken or sent"
    )
    active = fields.Boolean(default=True)

    last_poll_date = fields.Datetime("Last look", readonly=True)
    last_error = fields.Char(readonly=True)
    failure_count = fields.Integer("Failures in a row", readonly=True)
    next_try_date = fields.Datetime("Next try", readonly=True)
    seen_files = fields.Json(
        readonly=True, help="Sizes at the last look: a file is taken once it is stable"
    )
    exchange_ids = fields.One2many("oiconnect.exchange", "endpoint_id", "Exchanges")
    exchange_count = fields.Integer(
        "Number of exchanges", compute="_compute_exchange_count"
    )

    # One account serves one operator of one network.
    _account_uniq = models.UniqueIndex(
        "(network_id, operator_id, kind) WHERE active",
        "This operator already has a connection of this kind.",
    )
    _port_range = models.Constraint(
        "CHECK (port BETWEEN 1 AND 65535)", "A port is between 1 and 65535."
    )
    _delays_positive = models.Constraint(
        "CHECK (poll_seconds >= 1 AND timeout_seconds >= 1)",
        "Delays are at least one second.",
    )

    @api.depends("host_key")
    def _compute_host_fingerprint(self):
        for endpoint in self:
            try:
                endpoint.host_fingerprint = endpoint.host_key and fingerprint(
                    endpoint.host_key
                )
            except (ValueError, IndexError):
                endpoint.host_fingerprint = self.env._("This is not a key")

    def _compute_exchange_count(self):
        counts = dict(
            self.env["oiconnect.exchange"]._read_group(
                [("endpoint_id", "in", self._origin.ids)],
                ["endpoint_id"],
                ["__count"],
            )
        )
        for endpoint in self:
            endpoint.exchange_count = counts.get(endpoint._origin, 0)

    def _compute_secret(self):
        for endpoint in self:
            endpoint.password = endpoint.private_key = False

    @api.depends("password", "private_key")
    def _compute_has_secret(self):
        for endpoint in self:
            kept = endpoint.sudo()
            endpoint.has_secret = bool(kept.password_token or kept.private_key_token)

    def _inverse_password(self):
        self._keep_secret("password")

    def _inverse_private_key(self):
        self._keep_secret("private_key")

    def _keep_secret(self, name):
        for endpoint in self:
            if endpoint[name]:
                token = secret.encrypt(self.env, endpoint[name])
                endpoint.sudo()[f"{name}_token"] = token
        # What was typed must not be read back, not even by its author.
        self.invalidate_recordset([name])

    def _secret(self, name):
        token = self.sudo()[f"{name}_token"]
        return secret.decrypt(self.env, token) if token else None

    # ------------------------------------------------------------------
    # Session
    # ------------------------------------------------------------------

    def _open(self):
        """Return a session with the account, to be used by ``with``."""
        self.ensure_one()
        return SftpBox(
            self.host,
            self.port,
            self.login,
            self.host_key,
            password=self._secret("password"),
            private_key=self._secret("private_key"),
            timeout=self.timeout_seconds,
        )

    def _lock(self, purpose):
        """Take this account for ``purpose`` until the transaction ends.

        :return: False when another worker has it
        """
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
            (f"oiconnect.endpoint.{purpose}", self.id),
        )
        return self.env.cr.fetchone()[0]

    def _staff_language(self):
        """Language of the person in charge, else the operator's."""
        return self.responsible_id.lang or self.operator_id.lang

    def _note_success(self):
        if self.failure_count or self.last_error:
            self.write(
                {"failure_count": 0, "last_error": False, "next_try_date": False}
            )

    def _note_failure(self, message):
        """Wait longer after each failure in a row, an hour at most."""
        count = self.failure_count + 1
        delay = min(BACK_OFF_FIRST * 2 ** min(count - 1, 10), BACK_OFF_LAST)
        self.write(
            {
                "failure_count": count,
                "last_error": message,
                "next_try_date": fields.Datetime.now() + timedelta(seconds=delay),
            }
        )
        if count == 1:
            self._warn(message)

    def _warn(self, message):
        self._give_task(self, message)

    def _give_task(self, record, message):
        """Leave the person in charge a task on ``record``, once while it is open."""
        summary = message[:250]
        if self.responsible_id and summary not in record.activity_ids.mapped("summary"):
            record.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=summary,
                user_id=self.responsible_id.id,
            )

    def action_test(self):
        """Try the connection and say what happens."""
        self.check_access("write")
        try:
            with self._open() as box:
                for folder in self._folders():
                    box.make_folder(folder)
        except TransportError as error:
            return self._notify("danger", error.told(self.env))
        self._note_success()
        return self._notify("success", self.env._("The connection works."))

    def _folders(self):
        return [
            self.in_folder,
            self.archive_folder,
            self.error_folder,
            self.out_folder,
            self.publication_folder,
        ]

    def _notify(self, kind, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": message, "sticky": kind == "danger"},
        }
