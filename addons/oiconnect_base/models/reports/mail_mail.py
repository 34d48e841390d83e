from odoo import models


class MailMail(models.Model):
    """Mails of reports: one that may arrive a second time says so itself."""

    _inherit = "mail.mail"

    def _send(self, auto_commit=False, **keywords):
        """Note that mails of reports leave before the server of mails has them.

        Who is killed after that does not know whether it took them.
        """
        reports = self.env["oiconnect.scheduled.report"].sudo()
        leaving = reports.search([("mail_id", "in", self.ids)])
        leaving._note_leaving()
        if leaving and auto_commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit
        result = super()._send(auto_commit=auto_commit, **keywords)
        leaving._note_refused()
        return result
