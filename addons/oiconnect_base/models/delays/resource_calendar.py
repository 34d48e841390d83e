from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools.translate import code_translations

from ...delays.working_time import WorkingTime


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "oiconnect.cached.mixin"]

    @api.model
    @api.private
    @tools.ormcache("calendar_id")
    def _working_time(self, calendar_id):
        """Return the plain :class:`WorkingTime` of a calendar; always, without one."""
        calendar = self.sudo().browse(calendar_id or ())
        if not calendar:
            return WorkingTime()
        return WorkingTime(
            calendar._weekly_hours(), calendar._closed_periods(), calendar.tz
        )

    @api.private
    def _weekly_hours(self):
        """Return the hours of work of two weeks, which alternate or are alike.

        :return: two dicts ``{weekday: [(hour from, hour to), …]}``, Monday being 0
        """
        weeks, turns = [{}, {}], self.two_weeks_calendar
        for line in self.attendance_ids.filtered(
            lambda a: not a.display_type and a.day_period != "lunch"
        ):
            hours = (line.hour_from, line.hour_to)
            for parity in (0, 1):
                if not turns or line.week_type in (False, str(parity)):
                    weeks[parity].setdefault(int(line.dayofweek), []).append(hours)
        return weeks

    def _closed_periods(self):
        """Return the periods in which no one works: public holidays and closures."""
        general = Domain("calendar_id", "=", False) & Domain(
            "company_id", "in", (False, self.company_id.id)
        )
        leaves = self.env["resource.calendar.leaves"].search(
            Domain("resource_id", "=", False)
            & Domain("time_type", "=", "leave")
            & (general | Domain("calendar_id", "=", self.id))
        )
        return [(leave.date_from, leave.date_to) for leave in leaves]


class ResourceCalendarAttendance(models.Model):
    """Its changes empty the cache of its calendar."""

    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "oiconnect.cached.mixin"]

    @api.model
    def _name_in_french(self):
        """Give French to the lines that Odoo names in English as it is installed."""
        known = code_translations.get_python_translations("resource", "fr_FR")
        lines = self.search([("name", "in", list(known))])
        for name, same in lines.grouped("name").items():
            same.name = known[name]


class ResourceCalendarLeaves(models.Model):
    """Its changes empty the cache of its calendar."""

    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "oiconnect.cached.mixin"]
