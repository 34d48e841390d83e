import hashlib
import hmac
import secrets
from datetime import timedelta

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import fetch_columns, fetch_known
from odoo.addons.oiconnect_interop.models.accounts.addresses import is_within

from ...soap import codes
from .soap_account import PASSWORD_LENGTH
from .soap_address import place_of

# What calls read of who calls. All other columns, which the first read of a record
# would fetch, cost as much as half of a call.
READ_OF_ACCOUNT = (
    "active",
    "allowed_addresses",
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
    """Authentication of an operator that calls us, and its locks.

    Interop'Fibre SAV 3.0 §5: 12 wrong log-in or password, 16 access disabled. Who has
    not the right password always hears 12, after the same work: one slow hash and one
    transaction, whether the log-in is unknown, wrong, locked or not for this address.
    Where it is locked no password is checked, not even the right one: another answer
    would tell which guess is right. An address is locked, not the log-in: many
    addresses close it to those from which the right password never came.
    """

    _inherit = "oiconnect.soap.account"

    @api.model
    @api.private
    def _authenticate(self, login, password, address=""):
        """Return ``(account, None)``, or ``(account, code)`` when it is refused.

        :param address: from which the call comes
        :return: the account is empty unless the password is the right one
        """
        no_account = self.browse()
        login, password, place = login or "", password or "", place_of(address)
        account = no_account.sudo()
        if login:
            account = account._with_login(login)
        self._prepare_dummy()
        known = account.address_ids._of(account, place)
        is_open = account._is_open_to(address, known)
        if is_open and account._is_known(password):
            account._note_right(known, place)
            return account, account._access_code()
        if not account._is_password(password, is_open):
            account._note_wrong(place if is_open else None)
            return no_account, codes.BAD_CREDENTIALS
        account._remember(password)
        account._note_right(known, place)
        return account, account._access_code()

    def _is_open_to(self, address, known):
        """Tell whether a password is looked at, which comes from this address.

        :param known: the row of the address, or none
        """
        if not self or not is_within(address, self.allowed_addresses):
            return False
        is_locked_out = self._is_locked() and not known._was_let_in()
        return not (known._is_locked() or is_locked_out)

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

    def _is_password(self, password, is_open):
        """Check the password by the slow hash, on any account or none."""
        is_checked = is_open and self.password_hash
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
        """Make the dummy hash at the first call of the process, by any caller."""
        if not _dummy:
            context = self.env["res.users"]._crypt_context()
            _dummy["hash"] = context.hash(secrets.token_hex())

    def _is_known(self, password):
        """Tell whether this process found this password right before."""
        known_hash, digest = _known.get((self.env.cr.dbname, self.id), (None, b""))
        is_same = hmac.compare_digest(digest, _digest(password))
        return bool(is_same and known_hash and known_hash == self.password_hash)

    def _remember(self, password):
        key = (self.env.cr.dbname, self.id)
        _known[key] = (self.password_hash, _digest(password))

    # ------------------------------------------------------------------
    # Locks
    # ------------------------------------------------------------------

    def _note_wrong(self, place):
        """Count a wrong password, by a commit of its own; no row takes the same path.

        What the call itself does is rolled back or not: the count is not.

        :param place: None where no password is looked at: nothing is counted
        """
        self._in_own_transaction("_count_wrong", place)

    def _count_wrong(self, place):
        counted = self if place is not None else self.browse()
        self.env["oiconnect.soap.address"]._count_wrong(counted.id or 0, place or "")

    def _note_right(self, known, place):
        """End the count of an address; note once a day that it is let in."""
        since = known.last_success_date
        is_fresh = since and since > fields.Datetime.now() - timedelta(days=1)
        if known.refused_count or not is_fresh:
            self._in_own_transaction("_count_right", place)

    def _count_right(self, place):
        self.env["oiconnect.soap.address"]._count_right(self.id, place)

    def _tell_wrong_passwords(self, place):
        """Tell the person in charge and the operator of wrong passwords."""
        account = self._as_system()
        account._warn(
            account.env._(
                "Wrong passwords from %s: this address is kept out for a while, or has "
                "to wait. Check with the operator which password it uses.",
                place,
            )
        )
        account._mail_operator(place)

    def _tell_locked(self, minutes):
        account = self._as_system()
        account._warn(
            account.env._(
                "Wrong passwords from many addresses: for a while (minutes: %s), only "
                "those that gave the right one before are let in.",
                minutes,
            )
        )

    def _as_system(self):
        root = self.env["res.users"].browse(SUPERUSER_ID)
        account = self.with_user(root).sudo()
        return account.with_context(lang=account._staff_language())

    def _mail_operator(self, place):
        """Let the contacts of the operator know who tries its log-in."""
        contacts = self.operator_id.contact_ids.filtered("for_tickets")
        addresses = list(filter(None, contacts.mapped("email")))
        if not addresses:
            return
        theirs = self.with_context(lang=self.operator_id.lang).env
        text = theirs._(
            "Wrong passwords for your log-in %(login)s come from %(address)s. If this "
            "address is yours, correct the password there. If it is not, nothing is to "
            "be done: it is kept out, and you are not.",
            login=self.login,
            address=place,
        )
        self.env["mail.mail"].create(
            {
                "subject": theirs._("OIConnect: wrong passwords for %s", self.login),
                "body_html": Markup("<p>%s</p>") % text,
                "email_to": ", ".join(addresses),
                "auto_delete": True,
            }
        )
