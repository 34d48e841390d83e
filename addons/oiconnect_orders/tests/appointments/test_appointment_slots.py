from datetime import datetime, timedelta

from odoo.tests import tagged

from ..appointment_common import NOW, AppointmentCase, make_calendar, make_team


@tagged("post_install", "-at_install")
class TestAppointmentSlots(AppointmentCase):
    """An operator sees the load of the teams: what it may still book."""

    def _clocks(self, **values):
        return [self._clock(offer.start) for offer in self._slots(**values)]

    def test_the_slots_are_those_of_the_working_hours(self):
        found = self._clocks()
        self.assertEqual(
            found[:5], ["24 10:00", "24 13:00", "24 15:00", "25 08:00", "25 10:00"]
        )
        # From tomorrow, for the notice, to Friday; and Monday at eight
        self.assertEqual(len(found), 3 + 3 * 4)

    def test_nothing_is_offered_beyond_the_horizon(self):
        self.team.horizon_days = 2
        self.assertEqual(self._clocks()[-1], "25 15:00")

    def test_a_team_serves_its_communes_or_all_of_them(self):
        self.team.commune_ids = self.elsewhere
        self.assertFalse(self._slots())
        self.assertTrue(self._slots(commune=self.elsewhere))
        make_team(self.env, self.network, name="Partout")
        self.assertTrue(self._slots())

    def test_a_team_does_some_kinds_of_work(self):
        self.assertFalse(self._slots(kind="repair"))
        self.team.write({"for_repair": True, "for_production": False})
        self.assertFalse(self._slots())
        self.assertTrue(self._slots(kind="repair"))

    def test_a_team_that_is_archived_or_of_another_network_has_no_slots(self):
        self.team.active = False
        self.assertFalse(self._slots())
        other = self.network.copy({"oi_code": "OIT2", "code": "AUTRE"})
        make_team(self.env, other)
        self.assertFalse(self._slots())

    def test_a_holiday_of_all_closes_the_day(self):
        self._close(datetime(2026, 11, 24, 23), datetime(2026, 11, 25, 22, 59))
        days = {clock[:2] for clock in self._clocks()}
        self.assertEqual(days, {"24", "26", "27"})

    def test_a_holiday_of_one_team_leaves_the_other_open(self):
        other = make_team(self.env, self.network, name="Autre")
        day = datetime(2026, 11, 24, 23), datetime(2026, 11, 25, 22, 59)
        self._close(*day, team=self.team)
        teams = {o.team for o in self._slots() if self._clock(o.start)[:2] == "25"}
        self.assertEqual(teams, {other})

    def test_a_holiday_of_other_hours_closes_nothing(self):
        before = self._clocks()
        day = datetime(2026, 11, 24, 23), datetime(2026, 11, 25, 22, 59)
        self._close(*day, calendar=make_calendar(self.env))
        self.assertEqual(self._clocks(), before)

    def test_a_holiday_of_the_afternoon_leaves_the_morning(self):
        self._close(datetime(2026, 11, 25, 12), datetime(2026, 11, 25, 17))
        found = [clock for clock in self._clocks() if clock[:2] == "25"]
        self.assertEqual(found, ["25 08:00", "25 10:00"])

    def test_the_lunch_break_is_not_worked(self):
        self.team.calendar_id.attendance_ids = [
            (
                0,
                0,
                {
                    "name": "Pause",
                    "dayofweek": "1",
                    "hour_from": 12,
                    "hour_to": 13,
                    "day_period": "lunch",
                },
            )
        ]
        self.team.slot_minutes = 60
        self.assertNotIn("24 12:00", self._clocks())

    def test_weeks_may_alternate(self):
        self.team.calendar_id.two_weeks_calendar = True
        self.team.calendar_id.attendance_ids.week_type = "0"
        weeks = {offer.start.isocalendar().week for offer in self._slots(days=28)}
        self.assertEqual(len(weeks), 2)
        self.assertEqual(len({week % 2 for week in weeks}), 1)

    def test_the_change_of_the_clock_moves_no_slot_on_the_clock(self):
        self.team.horizon_days = 200
        for monday in (datetime(2027, 3, 22), datetime(2027, 3, 29)):
            clocks = self._clocks(first=monday, days=1)
            self.assertEqual(
                [clock[3:] for clock in clocks], ["08:00", "10:00", "13:00", "15:00"]
            )
        summer, winter = (
            self._slots(first=monday, days=1)[0].start
            for monday in (datetime(2027, 3, 29), datetime(2027, 3, 22))
        )
        self.assertEqual((summer.hour, winter.hour), (6, 7))

    def test_a_night_team_works_through_the_change_of_the_clock(self):
        night = make_calendar(self.env, hours=((0, 6),), days=(6,))
        self.team.write({"calendar_id": night.id, "slot_minutes": 60})
        self.team.horizon_days = 366
        counts = [
            len(self._slots(first=sunday - timedelta(hours=3), days=1))
            for sunday in (datetime(2027, 3, 21), datetime(2027, 3, 28))
        ]
        self.assertEqual(counts, [6, 5])
        autumn = self._slots(first=datetime(2027, 10, 30, 21), days=1)
        self.assertEqual(len(autumn), 7)
        # Two slots begin at two o'clock: they are two, and each is booked once.
        twice = [o for o in autumn if self._clock(o.start) == "31 02:00"]
        self.assertEqual(len({offer.reference for offer in twice}), 2)
        first, second = (self._book(offer.reference) for offer in twice)
        self.assertEqual(second.start - first.start, timedelta(hours=1))
        self.assertEqual(len(self._slots(first=datetime(2027, 10, 30, 21), days=1)), 5)

    def test_what_is_booked_is_offered_no_more(self):
        offer = self._slots()[0]
        self._book(offer.reference)
        self.assertNotIn(offer.reference, [o.reference for o in self._slots()])

    def test_a_team_of_three_is_offered_three_times(self):
        self.team.capacity = 3
        offer = self._slots()[0]
        for free in (3, 2, 1):
            self.assertEqual(self._slots()[0].free, free)
            self._book(offer.reference)
        self.assertNotEqual(self._slots()[0].reference, offer.reference)
        self.assertEqual(self._codes(self._try_book(offer.reference)), ["FRDV02"])

    def test_what_was_booked_before_the_hours_changed_still_takes_its_time(self):
        self._book(self._slots()[0].reference)
        self.team.calendar_id = make_calendar(self.env, hours=((9, 12),))
        self.team.slot_minutes = 90
        found = self._clocks()
        self.assertNotIn("24 10:30", found)
        self.assertIn("25 10:30", found)

    def test_the_load_is_seen_in_few_queries_however_many_teams(self):
        for rank in range(4):
            make_team(
                self.env,
                self.network,
                name=f"Équipe {rank}",
                calendar=self.team.calendar_id,
            )
        self._book()
        self.env.flush_all()
        self._slots(days=30)
        with self.assertQueryCount(4):
            self.assertGreater(len(self._slots(days=30)), 300)

    def test_a_team_without_hours_has_no_slot(self):
        self.team.calendar_id = False
        self.assertFalse(self._slots())

    def test_a_team_lives_by_the_clock_of_the_protocol(self):
        self.env.user.tz = "Indian/Reunion"
        self.assertEqual(make_team(self.env, self.network).tz, "Europe/Paris")
        values = self.env["oiconnect.appointment.team"].default_get(["tz"])
        self.assertEqual(values, {"tz": "Europe/Paris"})
        self.assertEqual(self.team.resource_id.company_id, self.network.company_id)

    def test_the_holidays_of_a_team_are_one_click_away(self):
        day = NOW, NOW + timedelta(days=1)
        own = self._close(*day, team=self.team)
        self._close(*day)
        self._close(*day, team=make_team(self.env, self.network))
        action = self.team.action_view_closures()
        found = self.env["resource.calendar.leaves"].search(action["domain"])
        self.assertEqual(found, own)
