import logging

from odoo import api, fields, models

from odoo.addons.oiconnect_base.isolated_savepoint import isolated_savepoint

from ...rhythm import Rhythm, next_moment

_logger = logging.getLogger(__name__)

# In the order in which they are made when they are due together
STEPS = [("delta", "Delta"), ("full", "Full"), ("histo", "History")]
RHYTHMS = [("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly")]
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
DEFAULTS = [
    {"step": "delta", "rhythm": "daily", "hour": 1},
    {"step": "full", "rhythm": "monthly", "hour": 2},
    {"step": "histo", "rhythm": "monthly", "hour": 3},
]
LATE_MINUTES = 120
# What the next moment is made of
_MOMENT = ("active", "rhythm", "weekday", "month_day", "hour", "minute")


class PublicationSchedule(models.Model):
    """Schedule of a plan: a recurrence in a time zone."""

    _name = "oiconnect.publication.schedule"
    _description = "Schedule of publications"
    _order = "plan_id, step, id"
    _rec_name = "step"
    _free_fields = (
        "plan_id",
        "step",
        "active",
        "rhythm",
        "weekday",
        "month_day",
        "hour",
        "minute",
        "late_minutes",
    )

    plan_id = fields.Many2one(
        "oiconnect.publication.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    step = fields.Selection(STEPS, "What", required=True, default="full")
    active = fields.Boolean(default=True)
    rhythm = fields.Selection(RHYTHMS, required=True, default="monthly")
    weekday = fields.Selection(WEEKDAYS, "Day of the week", required=True, default="0")
    month_day = fields.Integer(
        "Day of the month",
        required=True,
        default=1,
        help="A day that a month has not is its last: 31 is the end of each month",
    )
    hour = fields.Integer(required=True, default=0)
    minute = fields.Integer(required=True, default=0)
    clock = fields.Float("Time", compute="_compute_clock", inverse="_inverse_clock")
    late_minutes = fields.Integer(
        "Late after (minutes)",
        required=True,
        default=LATE_MINUTES,
        help="The person in charge is told when files are not there by then",
    )
    next_date = fields.Datetime("Next", compute="_compute_next_date", store=True)
    last_publication = fields.Datetime("Last", readonly=True)

    # What is due: next_date <= now
    _due_idx = models.Index("(next_date) WHERE next_date IS NOT NULL")
    _time_of_day = models.Constraint(
        "CHECK (hour BETWEEN 0 AND 23 AND minute BETWEEN 0 AND 59)",
        "A time is between 00:00 and 23:59.",
    )
    _day_of_month = models.Constraint(
        "CHECK (month_day BETWEEN 1 AND 31)", "A day of the month is between 1 and 31."
    )
    _late_positive = models.Constraint(
        "CHECK (late_minutes >= 1)", "Files are late after a minute at least."
    )

    @api.depends("hour", "minute")
    def _compute_clock(self):
        for schedule in self:
            schedule.clock = schedule.hour + schedule.minute / 60

    def _inverse_clock(self):
        for schedule in self:
            hour, minute = divmod(round(schedule.clock * 60), 60)
            schedule.write({"hour": hour, "minute": minute})

    @api.depends(*_MOMENT, "plan_id.tz", "plan_id.active")
    def _compute_next_date(self):
        now = fields.Datetime.now()
        for schedule in self:
            schedule.next_date = schedule._next_after(now)

    def _next_after(self, now):
        """Return the first moment of the schedule after ``now``, if it is used."""
        plan = self.plan_id
        if not (self.active and plan.active and plan.tz):
            return False
        rhythm = Rhythm(
            self.rhythm, self.hour, self.minute, int(self.weekday), self.month_day
        )
        return rhythm.is_possible() and next_moment(rhythm, plan.tz, now)

    @api.model_create_multi
    def create(self, vals_list):
        schedules = super().create(vals_list)
        schedules._wake_cron()
        return schedules

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint({*_MOMENT, "next_date"}):
            self._wake_cron()
        return result

    def _wake_cron(self):
        """Be there at the next moments; the interval of the cron is a safety net."""
        cron = self.env.ref("oiconnect_interop.cron_publish", raise_if_not_found=False)
        dates = set(filter(None, self.mapped("next_date")))
        if cron and dates:
            cron.sudo()._trigger(at=dates)

    # ------------------------------------------------------------------
    # Course
    # ------------------------------------------------------------------

    @api.model
    def _cron_publish(self):
        """Notify late files, resume interrupted runs, publish what is due."""
        now = fields.Datetime.now()
        publications = self.env["oiconnect.publication"]
        publications._notify_late(now)
        publications._resume()
        due = self.search([("next_date", "<=", now)])
        for schedules in due.grouped("plan_id").values():
            schedules._run_isolated(now)

    def _run_isolated(self, now):
        """Publish for one plan, in a savepoint."""
        with isolated_savepoint(self.env.cr) as attempt:
            self._run(now)
        if attempt.error:
            _logger.error(
                "The files of %s cannot be planned: they are tried again",
                self.plan_id.display_name,
                exc_info=attempt.error,
            )

    def _run(self, now):
        """Publish once, however often it was missed while the server was down."""
        due = max(self.mapped("next_date"))
        late = min(self.mapped("late_minutes"))
        self.plan_id._publish(self.mapped("step"), due, late)
        self.last_publication = due
        for schedule in self:
            schedule.next_date = schedule._next_after(now)
