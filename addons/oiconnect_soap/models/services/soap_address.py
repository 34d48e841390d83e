import ipaddress
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.outgoing import plain_address
from odoo.addons.oiconnect_interop.models.accounts.lock_mixin import lock_limits

#: days for which an address that gave the right password is known
KNOWN_DAYS = 90
#: longest wait of a known address between two wrong passwords
SLOWEST_SECONDS = 60
#: bits of an address of IPv6 that one customer of a network has for himself
PREFIX = 64


def place_of(address: str) -> str:
    """Return an address, or the network of IPv6 that is one customer's."""
    try:
        found = plain_address(address)
    except ValueError:
        return ""
    if found.version == 6:
        return str(ipaddress.ip_network((found, PREFIX), strict=False))
    return str(found)


class SoapAddress(models.Model):
    """An address from which a log-in was tried: its wrong passwords, its lock.

    A caller that knows a log-in locks out its own address alone. From an address that
    gave the right password before, each wrong one is waited for longer, and nothing is
    locked.
    """

    _name = "oiconnect.soap.address"
    _description = "Address that calls a web service"
    _inherit = "oiconnect.lock.mixin"
    _order = "last_refused_date desc, id desc"
    _rec_name = "address"
    _event_fields = ("account_id", "address", "last_refused_date", "last_success_date")

    account_id = fields.Many2one(
        "oiconnect.soap.account", required=True, readonly=True, ondelete="cascade"
    )
    address = fields.Char(required=True, readonly=True)
    last_refused_date = fields.Datetime("Last refused on", readonly=True)
    last_success_date = fields.Datetime("Last let in on", readonly=True)

    # A call is authenticated: account_id = x, address = y
    _account_address_uniq = models.UniqueIndex(
        "(account_id, address)", "This address is listed."
    )

    @api.model
    @api.private
    def _of(self, account, address):
        """Return what is known of ``address`` for this account; no row if nothing."""
        known = Domain("account_id", "=", account.id) & Domain("address", "=", address)
        return self.sudo().search_fetch(
            known, ["locked_until", "refused_count", "last_success_date"]
        )

    def _was_let_in(self):
        """Tell whether the right password came from here not long ago."""
        limit = fields.Datetime.now() - timedelta(days=KNOWN_DAYS)
        return bool(self.last_success_date and self.last_success_date > limit)

    # ------------------------------------------------------------------
    # Counting, by commits of their own
    # ------------------------------------------------------------------

    def _count_wrong(self, account_id, address):
        """Count a wrong password; lock the address, or let a known one wait."""
        now = fields.Datetime.now()
        tries, minutes = lock_limits(self.env)
        self.env.cr.execute(
            SQL(
                """INSERT INTO oiconnect_soap_address AS a
                          (account_id, address, refused_count, last_refused_date,
                           locked_until)
                   SELECT id, %(address)s, 1, %(now)s,
                          CASE WHEN %(tries)s = 1 THEN %(until)s::timestamp END
                     FROM oiconnect_soap_account WHERE id = %(account)s
                   ON CONFLICT (account_id, address) DO UPDATE
                      SET refused_count = COALESCE(a.refused_count, 0) + 1,
                          last_refused_date = %(now)s,
                          locked_until = CASE
                              WHEN COALESCE(a.refused_count, 0) + 1 < %(tries)s
                              THEN a.locked_until
                              WHEN a.last_success_date > %(known)s
                              THEN %(now)s + make_interval(secs => LEAST(
                                  2 ^ LEAST(a.refused_count + 1 - %(tries)s, 10),
                                  %(slowest)s))
                              WHEN (a.refused_count + 1) %% %(tries)s = 0
                              THEN %(until)s
                              ELSE a.locked_until END
                    WHERE a.locked_until IS NULL OR a.locked_until <= %(now)s
                RETURNING last_success_date IS NULL OR last_success_date <= %(known)s,
                          refused_count %% %(tries)s = 0""",
                account=account_id,
                address=address,
                now=now,
                tries=tries,
                until=now + timedelta(minutes=minutes),
                known=now - timedelta(days=KNOWN_DAYS),
                slowest=SLOWEST_SECONDS,
            ),
            log_exceptions=False,
        )
        is_stranger, is_reported = self.env.cr.fetchone() or (False, False)
        account = self.env["oiconnect.soap.account"].browse(account_id)
        if is_stranger:
            account._count_refusal()
        if is_reported:
            account._tell_wrong_passwords(address)

    def _count_right(self, account_id, address):
        """Note that the right password came from here, which ends the count."""
        self.env.cr.execute(
            """INSERT INTO oiconnect_soap_address AS a
                      (account_id, address, refused_count, last_success_date)
               VALUES (%s, %s, 0, %s)
               ON CONFLICT (account_id, address) DO UPDATE
                  SET refused_count = 0, locked_until = NULL,
                      last_success_date = EXCLUDED.last_success_date""",
            (account_id, address, fields.Datetime.now()),
            log_exceptions=False,
        )

    @api.autovacuum
    def _forget_old(self):
        limit = fields.Datetime.now() - timedelta(days=KNOWN_DAYS)
        old = Domain("last_refused_date", "=", False) | Domain(
            "last_refused_date", "<", limit
        )
        unknown = Domain("last_success_date", "=", False) | Domain(
            "last_success_date", "<", limit
        )
        self.search(old & unknown, limit=10_000).unlink()
