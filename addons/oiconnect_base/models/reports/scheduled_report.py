from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ...report_picture import Bar
from ...report_table import Table, to_xlsx
from ...time_zone import local_today, to_local, to_utc
from ..guarded import EVERY_FIELD

_lt = LazyTranslate(__name__)

FREQUENCIES = [
    ("daily", "Every day"),
    ("weekly", "Every Monday"),
    ("monthly", "On the first of each month"),
]


class ScheduledReport(models.Model):
    """Numbers sent to a person by mail, as often as it wants.

    An addon adds what can be sent: a value of ``report`` by ``selection_add``, and the
    method ``_tables_<value>``, which returns its tables (``report_table.py``), those
    with bars with a picture. It is called as the person: no user is sent what
    their rights do not show.
    """

    _name = "oiconnect.scheduled.report"
    _description = "Scheduled report"
    _created_text = _lt("Scheduled report created")
    _inherit = ["oiconnect.chatter", "mail.activity.mixin"]
    _order = "name, id"
    _free_fields = ("name", "report", "frequency", "hour", "active")
    _creation_fields = ("user_id",)
    _event_fields = EVERY_FIELD

    name = fields.Char(required=True, default=lambda self: self.env._("My numbers"))
    user_id = fields.Many2one(
        "res.users",
        "Sent to",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="It is sent what its own rights show",
    )
    report = fields.Selection(
        [("home", "Numbers of the home page")],
        "What is sent",
        required=True,
        default="home",
    )
    frequency = fields.Selection(FREQUENCIES, required=True, default="daily")
    hour = fields.Integer("From (hour)", required=True, default=7)
    next_date = fields.Datetime(
        "Next on", compute="_compute_next_date", store=True, readonly=True
    )
    sent_date = fields.Datetime("Last sent on", readonly=True, copy=False)
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, copy=False, index="btree_not_null"
    )
    leaving_date = fields.Datetime(
        "Mail handed over on",
        readonly=True,
        copy=False,
        help="The server of mails was given it, and nobody knows yet if it took it",
    )
    error = fields.Char("Last failure", readonly=True, copy=False)
    active = fields.Boolean(default=True)

    # What is due: next_date <= now
    _due_idx = models.Index("(next_date) WHERE active")
    _hour_of_day = models.Constraint(
        "CHECK (hour BETWEEN 0 AND 23)", "The hour is between 0 and 23."
    )

    @api.depends("frequency", "hour", "sent_date", "active")
    def _compute_next_date(self):
        for report in self:
            report.next_date = report._next_after(fields.Datetime.now())

    def _next_after(self, moment):
        """Return the first time of the report after ``moment``, by clocks in France."""
        day = to_local(moment).date()
        if self._time_on(day) <= moment:
            day += timedelta(days=1)
        if self.frequency == "weekly":
            day += relativedelta(weekday=0)
        if self.frequency == "monthly" and day.day > 1:
            day += relativedelta(months=1, day=1)
        return self._time_on(day)

    def _time_on(self, day):
        return to_utc(datetime.combine(day, time(self.hour or 0)))

    # ------------------------------------------------------------------
    # What is sent
    # ------------------------------------------------------------------

    def _report_tables(self):
        """Return what is sent, read with the rights of the environment."""
        return getattr(self, f"_tables_{self.report}")()

    def _report_file(self, tables):
        """Return the bytes of the workbook that is sent; None for no file."""
        return to_xlsx(tables)

    def _report_days(self):
        """Return which days the numbers are of, in words."""
        return self.env._("On %s.", format_date(self.env, local_today()))

    def _report_path(self):
        """Return the path of the screen that has these numbers, live."""
        return "/odoo/oiconnect-home"

    @api.model
    def _tables_home(self):
        """Return the numbers of the home page, a table for each of its blocks."""
        columns = (self.env._("What is counted"), self.env._("Number"))
        return [
            Table(
                block["title"],
                columns,
                tuple((one["label"], one["count"]) for one in block["numbers"]),
                block["empty"],
                () if block["empty"] else self._home_bars(block),
                upright=True,
            )
            for block in self.env["oiconnect.home"].page()["blocks"]
        ]

    @api.model
    def _home_bars(self, block):
        """Return the bars that the page draws in a block, if it draws some."""
        return tuple(
            Bar(one["more"]["bar"], one["count"], one["text"])
            for one in block["numbers"]
            if "bar" in one["more"]
        )

    def action_send_now(self):
        """Send it once now, if none is on its way; its own time stays."""
        self.check_access("write")
        for report in self.sudo():
            if report.mail_id.state != "outgoing":
                report._send()
        failed = self.sudo().filtered("error")
        if failed:
            raise UserError(failed[0].error)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Sent: it arrives in a minute."),
            },
        }
