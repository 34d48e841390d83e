from datetime import timedelta

from odoo import api, fields, models

from .exchange import REFUSED

BATCH = 100
DEFAULT_REFUSED_DAYS = 90


class Exchange(models.Model):
    """Files refused as a whole are kept for a time; that they came stays listed."""

    _inherit = "oiconnect.exchange"

    content_erased_on = fields.Datetime(
        "Content erased on",
        readonly=True,
        copy=False,
        help="A file refused as a whole is erased after some time; its name, its size "
        "and its SHA-256 are kept",
    )

    # The nightly look for old files that were refused.
    _refused_idx = models.Index(
        "(create_date) WHERE state IN ('in_refused', 'in_anomaly')"
        " AND content_erased_on IS NULL"
    )

    @api.model
    def _cron_erase_refused(self):
        """Erase the content of files refused longer ago than they are kept."""
        while old := self._old_refused():
            old._erase_content()
            if not self.env["ir.cron"]._commit_progress(len(old)):
                return

    def _old_refused(self):
        days = self._refused_days()
        if not days:
            return self.browse()
        domain = [
            ("state", "in", REFUSED),
            ("content_erased_on", "=", False),
            ("create_date", "<", fields.Datetime.now() - timedelta(days=days)),
        ]
        return self.search(domain, limit=BATCH, order="create_date")

    def _erase_content(self):
        self.write({"content": False, "content_erased_on": fields.Datetime.now()})

    @api.model
    def _refused_days(self):
        """Return how long a refused file is kept; 0: for ever."""
        text = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("oiconnect_interop.refused_days", DEFAULT_REFUSED_DAYS)
        )
        return int(text)
