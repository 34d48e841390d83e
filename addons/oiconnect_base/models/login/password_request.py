import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ..guarded import EVERY_FIELD

_logger = logging.getLogger(__name__)
#: a longer log-in is of no user
MAX_LOGIN = 254


class PasswordRequest(models.Model):
    """Request of a new password: a log-in, or a mail address, until it is handled.

    The page answers before anything is looked up, and so alike for all. A log-in that
    waits already is not written again: no mailbox is filled.
    """

    _name = "oiconnect.password.request"
    _description = "Request for a new password"
    _event_fields = EVERY_FIELD

    login = fields.Char(required=True)

    _unique_login = models.UniqueIndex("(login)")

    @api.model
    def _add(self, login):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO oiconnect_password_request (login, create_date)
                VALUES (%s, now() AT TIME ZONE 'UTC')
                ON CONFLICT (login) DO NOTHING
                """,
                login.strip()[:MAX_LOGIN],
            )
        )
        self.env.ref("oiconnect_base.cron_password_request").sudo()._trigger()

    @api.model
    def _cron_send(self):
        """Send a link to those who have an account."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count([]))
        while request := self.search([], limit=1, order="id"):
            login = request.login
            request.unlink()
            self._send(login)
            if not cron._commit_progress(1):
                break

    @api.model
    def _send(self, login):
        try:
            with self.env.cr.savepoint():
                self._send_link(login)
        except Exception:
            _logger.exception("no link for a new password was sent")

    @api.model
    def _send_link(self, login):
        """Send a link to those who have an account, and no provider for it."""
        people = self.env["res.users"]
        users = people.search(people._get_login_domain(login))
        users = users or people.search(people._get_email_domain(login))
        known = users.filtered(
            lambda user: user.email and not user.oauth_provider_id.enabled
        )
        if len(known) == 1:
            known.action_reset_password()
        else:
            _logger.info("no link for a new password: %s accounts", len(known))
