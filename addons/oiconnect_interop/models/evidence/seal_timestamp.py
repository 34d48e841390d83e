import asyncio
import base64
import logging

import requests
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import HTTPTimeStamper

from odoo import api, fields, models

from odoo.addons.oiconnect_base.log_redaction import error_kind
from odoo.addons.oiconnect_base.outgoing import way_out

_logger = logging.getLogger(__name__)
#: address of the service (RFC 3161); without it none is requested
SERVICE = "oiconnect_interop.timestamp_url"
SECONDS = 20
FAILURES = (
    *(requests.RequestException, TimestampRequestError, SigningError),
    *(OSError, ValueError),
)


class Seal(models.Model):
    """Timestamps: once a day, a service of others says when a seal was there."""

    _inherit = "oiconnect.seal"

    def _plan_timestamp(self):
        """Have the first seal of each day timestamped."""
        if self._service() and not self._is_timestamped_today():
            self.env.ref("oiconnect_interop.cron_timestamp")._trigger()

    @api.model
    def _service(self):
        return self.env["ir.config_parameter"].sudo().get_param(SERVICE)

    def _is_timestamped_today(self):
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        dated = [
            ("network_id", "=", self.network_id.id),
            ("timestamp_date", ">=", today),
        ]
        return bool(self.search_count(dated, limit=1))

    @api.model
    def _cron_timestamp(self):
        """Have the last seal of each network timestamped; the next run tries again."""
        url = self._service()
        if not url:
            return
        for network in self.env["oiconnect.network"].search([("active", "=", True)]):
            seal = self._last(network)
            if seal and not seal.timestamp_date and not seal._is_timestamped_today():
                seal._timestamp(url)

    def _timestamp(self, url):
        try:
            with way_out("timestamp", SECONDS):
                # What is signed is the digest itself, of SHA-256.
                stamper = HTTPTimeStamper(url, timeout=SECONDS)
                token = asyncio.run(
                    stamper.async_timestamp(bytes.fromhex(self.digest), "sha256")
                )
        except FAILURES as error:
            _logger.warning("timestamp of seal %s: %s", self.id, error_kind(error))
            return
        self.write(
            {
                "timestamp_reply": base64.b64encode(token.dump()),
                "timestamp_date": fields.Datetime.now(),
            }
        )
