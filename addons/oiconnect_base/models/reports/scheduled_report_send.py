import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ...home import MOST
from ...isolated_savepoint import isolated_savepoint
from ...report_table import to_html, to_pictures
from ...time_zone import local_today

_logger = logging.getLogger(__name__)

TASK = "mail.mail_activity_data_warning"
QUEUE = "mail.ir_cron_mail_scheduler_action"
# Of the summary of a task
LONGEST = 250


class ScheduledReport(models.Model):
    """Made and sent; a failure is a task of who requested it."""

    _inherit = "oiconnect.scheduled.report"

    @api.model
    def _cron_send(self):
        """Send what is due, each in a transaction of its own; look at what was sent."""
        self._note_undelivered()
        due = [("next_date", "<=", fields.Datetime.now())]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(due))
        while report := self.search(due, limit=1, order="next_date, id"):
            if not report.try_lock_for_update():
                break
            report._send()
            report.next_date = report._next_after(fields.Datetime.now())
            if not cron._commit_progress(1):
                break

    def _send(self):
        """Put the mail of the report in the queue; keep what went wrong, if it did."""
        self.ensure_one()
        with isolated_savepoint(self.env.cr) as attempt:
            mail = self._make_mail()
            self.write(
                {
                    "mail_id": mail.id,
                    "sent_date": fields.Datetime.now(),
                    "leaving_date": False,
                }
            )
            self.env.flush_all()
        self._note(attempt.error)
        if not attempt.error:
            self.env.ref(QUEUE).sudo()._trigger()

    def _make_mail(self):
        """Return the mail, made with the rights and in the language of its person."""
        person = self.user_id
        self._check_may_be_sent(person)
        read = self.with_user(person).with_context(
            lang=person.lang,
            tz=person.tz,
            allowed_company_ids=(person.company_id | person.company_ids).ids,
        )
        tables = read._report_tables()
        if not tables:
            raise UserError(
                self.env._("%s has no right on any of these numbers.", person.name)
            )
        pictures = to_pictures(tables, f"{self.report}-{local_today()}")
        mail = self.env["mail.mail"].create(
            {
                "subject": f"{self.name} – {format_date(read.env, local_today())}",
                "body_html": read._mail_body(tables, pictures),
                "email_from": person.company_id.email_formatted
                or person.email_formatted,
                "email_to": person.email_formatted,
                "auto_delete": True,
            }
        )
        files = {picture.name: picture.content for picture in pictures.values()}
        if workbook := read._report_file(tables):
            files[f"{self.report}-{local_today()}.xlsx"] = workbook
        mail.attachment_ids = self._attach(mail, files)
        return mail

    def _attach(self, mail, files):
        """Return the files as attachments of the mail's message: they end with it."""
        message = mail.mail_message_id
        return self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "res_model": message._name,
                    "res_id": message.id,
                }
                for name, content in files.items()
            ]
        )

    def _check_may_be_sent(self, person):
        if not person.active:
            raise UserError(
                self.env._("%s is archived: archive the report too.", person.name)
            )
        if not person.email:
            raise UserError(
                self.env._("%s has no e-mail address: give it one.", person.name)
            )

    def _mail_body(self, tables, pictures):
        link = f"{self.get_base_url()}{self._report_path()}"
        return Markup(
            '<div style="max-width:680px;font-family:sans-serif">'
            '<h2>%s</h2><p>%s</p>%s<p><a href="%s">%s</a></p></div>'
        ) % (
            self._report_label(),
            self._report_days(),
            to_html(tables, self._written, pictures),
            link,
            self.env._("Open OIConnect"),
        )

    def _report_label(self):
        """Return what is sent, in the words of the form."""
        labels = self._fields["report"]._description_selection(self.env)
        return dict(labels)[self.report]

    def _written(self, value):
        """Return a cell as it is read: a share in percents, a count up to a limit."""
        if isinstance(value, str):
            return value
        if isinstance(value, float):
            text = formatLang(self.env, 100 * value, digits=1)
            return f"{text}\N{NO-BREAK SPACE}%"
        text = formatLang(self.env, min(value, self._most()), digits=0)
        return f"{text}\N{NO-BREAK SPACE}+" if value > self._most() else text

    def _most(self):
        """Return up to which number counts are exact: that of lists."""
        return MOST

    # ------------------------------------------------------------------
    # On its way
    # ------------------------------------------------------------------

    def _note_leaving(self):
        """Keep that the mails leave; one that did so before says it to its reader."""
        for report in self.filtered("leaving_date"):
            notice = report.with_context(lang=report.user_id.lang)._second_copy_text()
            mail = report.mail_id
            body = Markup(mail.body_html)
            if notice not in body:
                mail.body_html = Markup("<p><b>%s</b></p>") % notice + body
        self.leaving_date = fields.Datetime.now()

    def _second_copy_text(self):
        return self.env._(
            "You may have had this mail already: the server stopped while it was being "
            "sent."
        )

    def _note_refused(self):
        """Mails that the server of mails refused have not arrived."""
        self.invalidate_recordset(["mail_id"])
        refused = self.filtered(lambda report: report.mail_id.state == "exception")
        refused.leaving_date = False

    # ------------------------------------------------------------------
    # What went wrong
    # ------------------------------------------------------------------

    def _note(self, error):
        """Keep the failure and leave a task, once while it is open."""
        if not error:
            self.error = False
            return
        # Anything but a refusal that people read may quote data.
        known = isinstance(error, UserError)
        kind = type(error).__name__
        text = str(error) if known else self.env._("It could not be made (%s).", kind)
        _logger.warning("Report %s was not sent: %s", self.id, kind)
        self.error = text
        summary = self.env._(
            "%(report)s: not sent. %(why)s", report=self.name, why=text
        )[:LONGEST]
        if summary not in self.activity_ids.mapped("summary"):
            self.activity_schedule(TASK, summary=summary, user_id=self._recipient().id)

    def _recipient(self):
        """Return who is notified of a failure: who made the report, else its person."""
        maker = self.create_uid
        return maker if maker.active and not maker.share else self.user_id

    @api.model
    def _note_undelivered(self):
        """Look at the mails that the server of mails refused."""
        refused = self.search([("mail_id.state", "=", "exception")])
        for report in refused:
            reason = report.mail_id.failure_reason or ""
            report.mail_id = False
            report._note(
                UserError(self.env._("The server of mails refused it: %s", reason))
            )
