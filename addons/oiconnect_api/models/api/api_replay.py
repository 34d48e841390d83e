import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...rest.problem import Problem

RETENTION_HOURS = 24
MAX_OLD = 50_000


class ApiReplay(models.Model):
    """Answer to a request with an Idempotency-Key, sent again to the same request.

    Written with what the request did, in one transaction: of two at once, the second
    waits for the first, then Odoo tries it again and it finds the answer.
    """

    _name = "oiconnect.api.replay"
    _description = "Answer of the API that may be asked for again"
    _log_access = False
    _event_fields = (
        "api_key_id",
        "name",
        "request_hash",
        "body",
        "location",
        "create_date",
    )

    api_key_id = fields.Many2one(
        "oiconnect.api.key",
        "API key",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    name = fields.Char("Idempotency key", required=True, readonly=True)
    request_hash = fields.Char("Request", required=True, readonly=True)
    body = fields.Text("Answer", readonly=True)
    location = fields.Char("Where the record is", readonly=True)
    create_date = fields.Datetime(
        "Made on", readonly=True, index=True, default=fields.Datetime.now
    )

    # A request comes again: api_key_id = x and name = y
    _name_uniq = models.UniqueIndex("(api_key_id, name)", "This request was made.")

    @api.model
    @api.private
    def _claim(self, api_key_id, name, request):
        """Return ``(row, is new)`` of the request; its answer is written by ``_keep``.

        :param request: bytes that tell this request from others
        :raises Problem: another request came with this key
        """
        request_hash = hashlib.sha256(request).hexdigest()
        self.env.cr.execute(
            """INSERT INTO oiconnect_api_replay
                      (api_key_id, name, request_hash, create_date)
               VALUES (%s, %s, %s, now() AT TIME ZONE 'UTC')
               ON CONFLICT (api_key_id, name) DO NOTHING RETURNING id""",
            (api_key_id, name, request_hash),
            log_exceptions=False,
        )
        if made := self.env.cr.fetchone():
            return self.browse(made[0]), True
        row = self.search([("api_key_id", "=", api_key_id), ("name", "=", name)])
        if row.request_hash != request_hash:
            raise Problem(422, "reused")
        return row, False

    @api.autovacuum
    def _forget_old(self):
        limit = fields.Datetime.now() - timedelta(hours=RETENTION_HOURS)
        self.search(Domain("create_date", "<", limit), limit=MAX_OLD).unlink()
