"""A scheduled report: mailed once, or its second copy says that it is one."""

from kill_place import Work
from kill_points import COMMIT, after, before
from odoo_process import environment
from smtp_receiver import SmtpReceiver

REPORT, MAIL, SERVER = "oiconnect.scheduled.report", "mail.mail", "ir.mail_server"


class ReportMail(Work):
    """A report that is due, and the queue of mails after it."""

    MOMENTS = {
        "what is due is looked for": before(REPORT, "_send"),
        "its mail is made": after(REPORT, "_make_mail"),
        "its mail is in the queue, and not committed": after(REPORT, "_send"),
        "its next time is known, and not committed": before(COMMIT, "commit", 2),
        "its mail is committed": after(COMMIT, "commit", 2),
        "the queue begins": before(MAIL, "process_email_queue"),
        "that it leaves is noted, and not committed": after(REPORT, "_note_leaving"),
        "that it leaves is committed": before(SERVER, "send_email"),
        "the server of mails has it, and we do not know": after(SERVER, "send_email"),
        "that it arrived is noted, and not committed": after(
            MAIL, "_postprocess_sent_message"
        ),
        "all is committed": after(REPORT, "_note_refused"),
    }
    UNKNOWN = (
        "the server of mails has it, and we do not know",
        "that it arrived is noted, and not committed",
    )

    def __init__(self, found, place):
        super().__init__(found, place)
        self.receiver = SmtpReceiver().start()
        self.address = f"rapport{next(place.numbers)}@oicn.example.com"
        with environment(found) as env:
            env[SERVER].create(
                {
                    "name": self.address,
                    "smtp_host": "127.0.0.1",
                    "smtp_port": self.receiver.port,
                    "smtp_encryption": "none",
                    "smtp_authentication": "login",
                    "sequence": -next(place.numbers),
                }
            )
            # Nothing but the report is mailed to the person.
            users = env["res.users"].with_context(no_reset_password=True)
            person = users.create(
                {"name": "Essai", "login": self.address, "email": self.address}
            )
            person.group_ids |= env.ref("oiconnect_base.group_access_read")
            report = env[REPORT].create({"name": "Essai", "user_id": person.id})
            report.next_date = "2026-01-01 06:00:00"
            self.report_id = report.id

    def run(self, found):
        with environment(found) as env:
            env[REPORT]._cron_send()
        with environment(found) as env:
            report = env[REPORT].browse(self.report_id)
            env[MAIL].process_email_queue(report.mail_id.ids)

    def assert_done(self):
        self.receiver.stop()
        bodies = self.receiver.bodies(self.address)
        with environment(self.found) as env:
            report = env[REPORT].browse(self.report_id)
            notice = report.with_context(lang=report.user_id.lang)._second_copy_text()
            assert not report.error, report.error
            assert report.next_date > report.sent_date
            assert not report.mail_id
            env[SERVER].search([("name", "=", self.address)]).active = False
        unmarked = [body for body in bodies if notice not in body]
        assert len(unmarked) <= 1
        assert len(bodies) == 1 + self.doubtful_count
