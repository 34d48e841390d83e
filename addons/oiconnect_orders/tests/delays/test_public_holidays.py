from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.tests.common import BaseCase, TransactionCase

from ...public_holidays import REGIONS, public_holidays, region_of

MOVABLE_2027 = {
    date(2027, 3, 29): "Lundi de Pâques",
    date(2027, 5, 6): "Ascension",
    date(2027, 5, 17): "Lundi de Pentecôte",
}


class TestDates(BaseCase):
    def test_movable_feasts_are_among_the_eleven_of_france(self):
        found = dict(public_holidays("metropolitan", 2027))
        self.assertEqual(len(found), 11)
        self.assertLessEqual(MOVABLE_2027.items(), found.items())

    def test_regions_have_those_of_their_own(self):
        for region, day, name in (
            ("alsace_moselle", date(2027, 3, 26), "Vendredi saint"),
            ("alsace_moselle", date(2027, 12, 26), "Saint Étienne"),
            ("guadeloupe", date(2027, 5, 27), "Abolition de l'esclavage"),
            ("martinique", date(2027, 5, 22), "Abolition de l'esclavage"),
            ("guiana", date(2027, 6, 10), "Abolition de l'esclavage"),
            ("reunion", date(2027, 12, 20), "Abolition de l'esclavage"),
            ("mayotte", date(2027, 4, 27), "Abolition de l'esclavage"),
        ):
            with self.subTest(region, name=name):
                self.assertEqual(dict(public_holidays(region, 2027)).get(day), name)
                self.assertNotIn(day, dict(public_holidays("metropolitan", 2027)))

    def test_a_postal_code_is_of_one_region(self):
        codes = ("57000", "67000", "97110", "97200", "97300", "97400", "97600", "01500")
        regions = [
            *("alsace_moselle", "alsace_moselle", "guadeloupe", "martinique"),
            *("guiana", "reunion", "mayotte", "metropolitan"),
        ]
        self.assertEqual([region_of(code) for code in codes], regions)
        self.assertEqual(region_of(False), "metropolitan")


@freeze_time("2027-03-10 09:00:00")
class TestPublicHolidays(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls._company("Réseau férié", "01500")

    @classmethod
    def _company(cls, name, code):
        company = cls.env["res.company"].create({"name": name, "zip": code})
        cls.env["oiconnect.network"].create(
            {
                "name": name,
                "code": f"TEST_{company.id}",
                "oi_code": "TEST",
                "pto_prefix": "ZZ",
                "company_id": company.id,
            }
        )
        return company

    def _make(self):
        self.env["res.company"]._cron_make_public_holidays()

    def _found(self, company=None):
        company = company or self.company
        return self.env["resource.calendar.leaves"].search(
            [("company_id", "=", company.id)], order="date_from"
        )

    def test_those_of_this_year_and_the_next_are_made(self):
        self._make()
        found = self._found()
        self.assertEqual(len(found), 22)
        self.assertFalse(found.resource_id)
        self.assertFalse(found.calendar_id)
        self.assertEqual(set(found.mapped("time_type")), {"leave"})
        easter = found.filtered(lambda leave: leave.name == "Lundi de Pâques")[0]
        self.assertEqual(easter.date_from, datetime(2027, 3, 28, 22))
        self.assertEqual(easter.date_to, datetime(2027, 3, 29, 21, 59, 59))
        self.assertEqual(self.company.holidays_made_until, 2028)

    def test_no_delay_of_work_passes_on_them(self):
        self._make()
        calendar = self.company.resource_calendar_id
        hours = self.env["resource.calendar"]._working_time(calendar.id)
        friday = datetime(2027, 3, 26, 10)
        self.assertEqual(hours.add_days(friday, 1).date(), date(2027, 3, 30))

    def test_they_are_made_once_and_stay_as_people_left_them(self):
        self._make()
        deleted, changed = self._found()[:2]
        deleted.unlink()
        changed.write({"name": "Pont", "date_to": changed.date_to + timedelta(days=1)})
        self._make()
        self.assertEqual(len(self._found()), 21)
        self.assertEqual(changed.name, "Pont")

    def test_those_of_the_year_after_come_with_the_next(self):
        self._make()
        self._found()[-1].unlink()
        with freeze_time("2028-01-02 09:00:00"):
            self._make()
            self._make()
        years = [leave.date_to.year for leave in self._found()]
        self.assertEqual(
            [years.count(year) for year in (2027, 2028, 2029)], [11, 10, 11]
        )

    def test_a_year_begins_where_the_company_is(self):
        reunion = self._company("Réseau austral", "97400")
        with freeze_time("2027-12-31 21:00:00"):
            self._make()
        self.assertEqual(reunion.holidays_made_until, 2029)
        self.assertEqual(self.company.holidays_made_until, 2028)
        self.assertEqual(self._found(reunion)[0].date_from, datetime(2027, 12, 31, 20))

    def test_a_day_that_is_closed_already_is_left_alone(self):
        own = self.env["resource.calendar.leaves"].create(
            {
                "name": "Pâques",
                "date_from": "2027-03-28 22:00:00",
                "date_to": "2027-03-29 22:00:00",
                "calendar_id": False,
            }
        )
        own.company_id = self.company
        self._make()
        self.assertEqual(len(self._found()), 22)
        self.assertIn(own, self._found())

    def test_the_region_follows_the_postal_code_until_it_is_chosen(self):
        self.assertEqual(self._company("Est", "67000").holiday_region, "alsace_moselle")
        self.company.holiday_region = "mayotte"
        self._make()
        names = self._found().mapped("name")
        self.assertEqual(names.count("Abolition de l'esclavage"), 2)
        self.assertEqual(
            self.company._fields["holiday_region"].get_values(self.env), list(REGIONS)
        )

    def test_a_company_without_network_has_none(self):
        other = self.env["res.company"].create({"name": "Autre"})
        self._make()
        self.assertFalse(self._found(other))
