from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

RETENTION_DAYS = 30


class ApiAddress(models.Model):
    """Address from which wrong keys came: it is locked for a time."""

    _name = "oiconnect.api.address"
    _description = "Address with wrong API keys"
    _inherit = "oiconnect.lock.mixin"
    _order = "last_refused_date desc, id desc"
    _rec_name = "address"
    _event_fields = ("address", "last_refused_date")

    address = fields.Char(required=True, readonly=True)
    last_refused_date = fields.Datetime("Last refused on", readonly=True)

    # A call is authenticated: address = x
    _address_uniq = models.UniqueIndex("(address)", "This address is listed.")

    @api.model
    @api.private
    def _note(self, address):
        """Count a wrong key from ``address``, by a commit of its own."""
        self._in_own_transaction("_count", address)

    def _count(self, address):
        now = fields.Datetime.now()
        self.env.cr.execute(
            """INSERT INTO oiconnect_api_address AS a (address, last_refused_date)
                    VALUES (%s, %s)
               ON CONFLICT (address) DO UPDATE SET last_refused_date = %s
                 RETURNING id""",
            (address, now, now),
            log_exceptions=False,
        )
        self.browse(self.env.cr.fetchone())._count_refusal()

    @api.autovacuum
    def _forget_old(self):
        limit = fields.Datetime.now() - timedelta(days=RETENTION_DAYS)
        self.search(Domain("last_refused_date", "<", limit), limit=10_000).unlink()
