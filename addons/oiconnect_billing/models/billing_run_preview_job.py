import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

PREVIEW_STATES = [
    ("waiting", "Waiting"),
    ("running", "In progress"),
    ("failed", "Failed"),
]
BUSY = ("waiting", "running")
# How often a preview is begun by itself
MAX_TRIES = 3


class _StoppedError(Exception):
    """The preview was stopped: no one waits for it any more."""


class BillingRun(models.Model):
    """The preview of a big network: made in the background, whole or not at all."""

    _inherit = "oiconnect.billing.run"

    preview_state = fields.Selection(
        PREVIEW_STATES, "State of the preview", readonly=True, copy=False
    )
    preview_progress = fields.Float("Preview done (%)", readonly=True, copy=False)
    preview_tries = fields.Integer("Times begun", readonly=True, copy=False)
    preview_error = fields.Char("Why it failed", readonly=True, copy=False)

    def action_stop_preview(self):
        """Stop the preview that goes on; what was shown before stays."""
        self.check_access("write")
        busy = self.sudo().filtered(lambda run: run.preview_state in BUSY)
        busy._end_preview(False)

    def _ask_preview(self):
        """Let the preview be made in the background; once, whoever asks again."""
        for run in self.filtered(lambda run: run.preview_state not in BUSY):
            run._end_preview("waiting")
        self.env.ref("oiconnect_billing.cron_preview").sudo()._trigger()

    def _end_preview(self, state, error=False):
        self.write(
            {
                "preview_state": state,
                "preview_error": error,
                "preview_progress": 0,
                "preview_tries": 0,
            }
        )

    @api.model
    def _cron_preview(self):
        """Make the previews that people wait for, each in a transaction of its own."""
        busy = [("preview_state", "in", BUSY)]
        while run := self.search(busy, limit=1, order="preview_tries, id"):
            run.with_company(run.company_id)._preview_in_background()
            if not self.env["ir.cron"]._commit_progress(1):
                self.env.ref("oiconnect_billing.cron_preview").sudo()._trigger()
                break

    def _preview_in_background(self):
        """Make the preview; one that is killed is begun again, not without an end."""
        if self.preview_tries >= MAX_TRIES:
            self._fail_preview(
                self.env._(
                    "Interruptions: %s. Ask for it again; if it fails again, tell your "
                    "administrator.",
                    MAX_TRIES,
                )
            )
            return
        self.write(
            {
                "preview_state": "running",
                "preview_tries": self.preview_tries + 1,
                "preview_progress": 0,
            }
        )
        self.env["ir.cron"]._commit_progress()
        try:
            self._check_ready()
            vals_list = self._preview_rows(self._report_preview)
            # Nothing of it is stored but its result.
            self.env.cr.rollback()
            if self.exists().preview_state == "running":
                self._keep_preview(vals_list)
                self.env.flush_all()
        except (OperationalError, _StoppedError):
            # Another transaction was first, or a person stops it: look again.
            self.env.cr.rollback()
        except Exception as error:
            self.env.cr.rollback()
            self._fail_preview(self._preview_failure(error))

    def _preview_failure(self, error):
        if isinstance(error, UserError):
            return str(error)
        # Its text may quote data.
        kind = type(error).__name__
        _logger.error("Preview of billing run %s: %s", self.id, kind)
        return self.env._("Unexpected error: %s", kind)

    def _fail_preview(self, text):
        self._end_preview("failed", text)
        self.message_post(body=self.env._("The preview failed: %s", text))

    def _report_preview(self, done, total):
        """Keep how far the preview is, whatever becomes of its own transaction.

        :raises _StoppedError: the preview is not wanted any more
        """
        with self.env.registry.cursor() as cr:
            # Who deletes the run waits for the preview, which must not wait for him.
            cr.execute("SET LOCAL lock_timeout TO '500ms'")
            try:
                cr.execute(
                    SQL(
                        "UPDATE oiconnect_billing_run SET preview_progress = %s"
                        " WHERE id = %s AND preview_state = 'running' RETURNING id",
                        100 * done / total,
                        self.id,
                    ),
                    log_exceptions=False,
                )
            except OperationalError:
                cr.rollback()
                return
            if not cr.fetchone():
                raise _StoppedError
