import hashlib
import hmac
import secrets

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import fetch_columns, fetch_known

from ...soap import codes
from .soap_account import PASSWORD_LENGTH

# What calls read of who calls. All other columns, which the first read of a record
# would fetch, cost as much as half of a call.
READ_OF_ACCOUNT = (
    "active",
    "company_id",
    "is_served",
    "locked_until",
    "network_id",
    "operator_id",
    "password_hash",
    "refused_count",
    "responsible_id",
    "value_namespace",
)
READ_OF_OPERATOR = ("active", "interop_code", "partner_id", "siren", "ticket_version")
READ_OF_NETWORK = ("active", "company_id", "oi_code", "siren")
READ_OF_USER, READ_OF_PARTNER = ("company_id", "partner_id"), ("lang", "tz")

# Passwords found right by this process: a slow hash each time would let a worker serve
# three calls a second. {(database, account id): (hash, HMAC of the password)}
_KEY = secrets.token_bytes(32)
_known = {}
# A hash that no password has, for accounts that have none
_dummy = {}


def _digest(password):
    return hmac.digest(_KEY, password.encode(), hashlib.sha256)


class SoapAccount(models.Model):
    """Authentication of an operator that calls us, and its lock.

    Interop'Fibre SAV 3.0 §5: 12 wrong log-in or password, 16 access disabled. Who has
    not the right password always hears 12, after the same work: one slow hash and one
    transaction, whether the log-in is unknown, wrong or locked. While an account is
    locked no password is checked, not even the right one: another answer would tell
    which guess is right.
    """

    _inherit = "oiconnect.soap.account"

    @api.model
    @api.private
    def _authenticate(self, login, password):
        """Return ``(account, None)``, or ``(account, code)`` when it is refused.

        :return: the account is empty unless the password is the right one
        """
        nobody = self.browse()
        login, password = login or "", password or ""
        account = nobody.sudo()
        if login:
            account = account._with_login(login)
        self._prepare_dummy()
        if account and not account._is_locked() and account._is_known(password):
            return account, account._access_code()
        if not account._is_password(password):
            account._note_refusal()
            return nobody, codes.BAD_CREDENTIALS
        account._remember(password)
        account._note_access()
        return account, account._access_code()

    @api.model
    def _with_login(self, login):
        """Return the account in use that has this log-in, or none."""
        by_login = SQL("login = %s AND active", login)
        account = fetch_columns(self, ("login", *READ_OF_ACCOUNT), by_login)
        account._fetch_parties()
        return account

    def _fetch_parties(self):
        """Read what calls need of the operator, the network and who is in charge."""
        fetch_known(self.operator_id, READ_OF_OPERATOR)
        fetch_known(self.network_id, READ_OF_NETWORK)
        users = fetch_known(self.env.user | self.responsible_id, READ_OF_USER)
        fetch_known(users.partner_id | self.operator_id.partner_id, READ_OF_PARTNER)

    def _access_code(self):
        """Return the code of a refusal: 16 for an account that is not served, or whose
        operator or network is archived; None for one that may call.
        """
        is_open = self.is_served and self._is_of_partner()
        return None if is_open else codes.DISABLED

    # ------------------------------------------------------------------
    # Passwords
    # ------------------------------------------------------------------

    def _is_password(self, password):
        """Check the password by the slow hash, on any account or none."""
        is_checked = self and not self._is_locked() and self.password_hash
        password_hash = self.password_hash if is_checked else _dummy["hash"]
        is_short = len(password) <= PASSWORD_LENGTH
        is_right = (
            self.env["res.users"]
            ._crypt_context()
            .verify(password if is_short else "", password_hash)
        )
        return bool(is_checked and is_short and is_right)

    @api.model
    def _prepare_dummy(self):
        """Make the dummy hash at the first call of the process, whoever calls."""
        if not _dummy:
            context = self.env["res.users"]._crypt_context()
            _dummy["hash"] = context.hash(secrets.token_hex())

    def _is_known(self, password):
        """Tell whether this process found this password right before."""
        kept_hash, digest = _known.get((self.env.cr.dbname, self.id), (None, b""))
        is_same = hmac.compare_digest(digest, _digest(password))
        return bool(is_same and kept_hash and kept_hash == self.password_hash)

    def _remember(self, password):
        key = (self.env.cr.dbname, self.id)
        _known[key] = (self.password_hash, _digest(password))

    # ------------------------------------------------------------------
    # Lock
    # ------------------------------------------------------------------

    def _tell_locked(self, minutes):
        root = self.env["res.users"].browse(SUPERUSER_ID)
        account = self.with_user(root).sudo()
        account = account.with_context(lang=account._staff_language())
        account._warn(
            account.env._(
                "Wrong passwords: the operator is kept out (minutes: %s). Check with "
                "it which password it uses.",
                minutes,
            )
        )
