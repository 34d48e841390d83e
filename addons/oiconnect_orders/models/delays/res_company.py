from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.time_zone import local_day

from ...planning import moment
from ...public_holidays import REGIONS, public_holidays, region_of


class Company(models.Model):
    """Public holidays of a company that runs a network: made ahead, then its own.

    They are closures of Odoo's calendars. Each year is made once: what people change
    or delete of it stays as they left it.
    """

    _inherit = "res.company"
    _free_fields = ("holiday_region",)

    holiday_region = fields.Selection(
        [
            ("metropolitan", "Metropolitan France"),
            ("alsace_moselle", "Alsace and Moselle"),
            ("guadeloupe", "Guadeloupe"),
            ("martinique", "Martinique"),
            ("guiana", "French Guiana"),
            ("reunion", "Réunion"),
            ("mayotte", "Mayotte"),
        ],
        "Public holidays of",
        compute="_compute_holiday_region",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="For the years whose public holidays are not made yet",
    )
    holidays_made_until = fields.Integer(
        "Last year of public holidays", readonly=True, copy=False
    )

    @api.depends("zip")
    def _compute_holiday_region(self):
        for company in self:
            company.holiday_region = region_of(company.zip)

    @api.model
    def _cron_make_public_holidays(self):
        """Make those of this year and the next for all who run a network."""
        networks = self.env["oiconnect.network"].sudo()
        for (company,) in networks._read_group([], ["company_id"]):
            company._make_public_holidays()

    def _make_public_holidays(self):
        """Make those of each year until the next that were not made before."""
        self.ensure_one()
        this_year = local_day(fields.Datetime.now(), self._holiday_zone()).year
        first = max(this_year, self.holidays_made_until + 1)
        for year in range(first, this_year + 2):
            self._make_holidays_of(year)
            self.holidays_made_until = year

    def _holiday_zone(self):
        return REGIONS[self.holiday_region].zone

    def _make_holidays_of(self, year):
        """Make the public holidays of a year, less the days that are closed already."""
        leaves = self.env["resource.calendar.leaves"]
        closed = leaves.search(
            Domain("resource_id", "=", False)
            & Domain("calendar_id", "=", False)
            & Domain("company_id", "in", [False, self.id])
            & Domain("time_type", "=", "leave")
        )
        vals_list = [
            self._holiday_vals(day, name)
            for day, name in public_holidays(self.holiday_region, year)
        ]
        made = leaves.create(
            [
                vals
                for vals in vals_list
                if not any(
                    leave.date_from < vals["date_to"]
                    and leave.date_to > vals["date_from"]
                    for leave in closed
                )
            ]
        )
        # Odoo gives a closure without calendar to the company that one works for.
        made.company_id = self

    def _holiday_vals(self, day, name):
        zone = self._holiday_zone()
        return {
            "name": name,
            "date_from": moment(day, 0, zone),
            "date_to": moment(day, 24, zone) - timedelta(seconds=1),
            "resource_id": False,
            "calendar_id": False,
        }
